/// A path as a message shows it, on one line: names of strangers' files may hold line ends, and sequences that tell a terminal
/// to do something.
public func shown(_ path: String) -> String {
  guard path.unicodeScalars.contains(where: isUnseen) else { return path }
  return path.unicodeScalars.map { isUnseen($0) ? $0.escaped(asASCII: true) : String($0) }.joined()
}

/// Control signs, and those that turn the direction of what stands around them.
private func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .format, .lineSeparator, .paragraphSeparator: true
  default: false
  }
}
