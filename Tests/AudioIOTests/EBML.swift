/// Elements of EBML, for files that no program writes.
enum EBML {
  /// An element: its number, a size of as few bytes as hold it, and the content.
  static func element(_ id: UInt32, _ content: [UInt8]) -> [UInt8] {
    self.id(id) + size(content.count) + content
  }

  /// An element whose size is left open, in so many bytes.
  static func open(_ id: UInt32, sizeLength: Int = 8) -> [UInt8] {
    self.id(id) + number((1 << (7 * sizeLength)) - 1, length: sizeLength)
  }

  /// An element of a number.
  static func element(_ id: UInt32, _ value: Int) -> [UInt8] {
    element(id, (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) })
  }

  static func id(_ id: UInt32) -> [UInt8] {
    (0..<4).reversed().map { UInt8(truncatingIfNeeded: id >> ($0 * 8)) }.drop { $0 == 0 } + []
  }

  static func size(_ value: Int) -> [UInt8] {
    number(value, length: (1...8).first { value < 1 << (7 * $0) - 1 }!)
  }

  static func number(_ value: Int, length: Int) -> [UInt8] {
    let bits = 1 << (7 * length) | value
    return (0..<length).reversed().map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
  }

  /// The header, and a segment of open size.
  static let beginning: [UInt8] =
    element(0x1A45_DFA3, element(0x4282, Array("matroska".utf8))) + open(0x1853_8067)

  /// A track of 16-bit samples at 8 kHz.
  static func track(
    number: [UInt8] = [1], type: Int = 2, codec: String = "A_PCM/INT/LIT", channels: Int = 1,
    rate: [UInt8] = [0x45, 0xFA, 0, 0], extra: [UInt8] = []
  ) -> [UInt8] {
    element(
      0xAE,
      element(0xD7, number) + element(0x83, type) + element(0x86, Array(codec.utf8)) + extra
        + element(0xE1, element(0xB5, rate) + element(0x9F, channels) + element(0x6264, 16)))
  }

  static func tracks(_ tracks: [UInt8]...) -> [UInt8] {
    element(0x1654_AE6B, tracks.flatMap(\.self))
  }

  static let cluster = open(0x1F43_B675)

  /// The content of a block of track 1, which begins at time 0.
  static func block(track: [UInt8] = [0x81], flags: UInt8 = 0, _ content: [UInt8]) -> [UInt8] {
    track + [0, 0, flags] + content
  }

  static func simpleBlock(_ content: [UInt8]) -> [UInt8] { element(0xA3, content) }
}
