/// What ffmpeg says of a recording, on standard error.
struct ExternalReport {
  /// A stream of the input or output. What strangers wrote into a recording is indented further.
  private static let stream = "  Stream #0:"
  private static let audio = ": Audio: "

  private let lines: [Substring]

  init(_ bytes: ArraySlice<UInt8>) {
    lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  private var streams: [Substring] { lines.filter { $0.hasPrefix(Self.stream) } }

  var hasStreams: Bool { !streams.isEmpty }

  /// ffmpeg's name for the codec of the first audio stream.
  var codec: String? {
    for line in streams {
      guard let start = line.firstRange(of: Self.audio)?.upperBound else { continue }
      return String(line[start...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    }
    return nil
  }

  /// Whether this ffmpeg has no decoder for that codec.
  var isUnknown: Bool { codec == "none" || lines.contains { $0.hasPrefix("Decoder (codec ") } }
}
