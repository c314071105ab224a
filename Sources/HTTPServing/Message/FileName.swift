/// Cleans the name that a client gives a part's file, so that it can be told back: no control characters, no characters
/// that turn the direction of the text, 255 bytes at most.
///
/// Browsers write a quote as `%22` (HTML's form-data encoding). Line ends, which they write likewise, are none of a name.
func cleanedFileName(_ name: String) -> String {
  let decoded = name.replacing("%22", with: "\"").replacing("%0D", with: "\r")
    .replacing("%0A", with: "\n")
  let scalars = decoded.unicodeScalars.map { isPlain($0) ? $0 : "\u{FFFD}" }
  return String(String.UnicodeScalarView(scalars)).cut(toBytes: 255)
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: false
  // Those that join the parts of a letter or of an emoji stay.
  case .format: ["\u{200C}", "\u{200D}"].contains(scalar)
  default: true
  }
}

/// What RFC 8187 writes as `UTF-8''na%C3%AFve.wav`; nil for anything else.
///
/// RFC 7578 wants no `filename*` in a form, but Python's older HTTP libraries send nothing else for names beyond ASCII.
func extendedValue(_ text: String) -> String? {
  let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
  guard parts.count == 3, parts[0].lowercased() == "utf-8" else { return nil }
  return percentDecoded(parts[2], plusIsSpace: false)
}
