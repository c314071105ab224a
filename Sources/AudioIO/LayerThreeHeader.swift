/// The first four bytes of an MP3 frame (ISO 11172-3, 2.4.1.3; ISO 13818-3, 2.4.2.3; MPEG 2.5 as everybody writes it).
struct LayerThreeHeader {
  private let code: UInt32

  /// - Parameter code: The bytes as a number, the first being the highest.
  /// - Returns: nil without the sync word, for another layer, and for a reserved version, bit rate or sample rate.
  init?(code: UInt32) {
    self.code = code
    guard code & 0xFFE6_0000 == 0xFFE2_0000, version != 1, bitRate != 0, bitRate != 15, rate != 3
    else { return nil }
  }

  /// 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5.
  private var version: Int { Int(code >> 19 & 3) }
  private var bitRate: Int { Int(code >> 12 & 15) }
  private var rate: Int { Int(code >> 10 & 3) }
  private var padding: Int { Int(code >> 9 & 1) }

  /// Bytes from this header to the next.
  var frameLength: Int {
    let hertz = [44_100, 48_000, 32_000][rate] >> (version == 3 ? 0 : version == 2 ? 1 : 2)
    return version == 3
      ? 144_000 * Self.bitRates[bitRate] / hertz + padding
      : 72_000 * Self.halfBitRates[bitRate] / hertz + padding
  }

  /// Whether version, layer and sample rate are the same, as they are throughout a recording.
  func agrees(with other: Self) -> Bool { (code ^ other.code) & 0xFFFE_0C00 == 0 }

  /// kbit/s of MPEG 1.
  private static let bitRates = [
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
  ]
  /// kbit/s of MPEG 2 and 2.5.
  private static let halfBitRates = [
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160,
  ]
}

extension ByteSource {
  /// Where MP3 frames begin that something else stands before: zeros, the rest of a tag, the rest of a frame.
  ///
  /// Three headers have to stand where the frames' lengths say. In 64 KB of noise, three of them do once in five billion
  /// times.
  /// - Returns: nil where they do not begin in the first 64 KB.
  mutating func firstFrame() -> Int? {
    let step = 4096
    for start in stride(from: 0, to: 64 * 1024, by: step) {
      let block = bytes(at: start, count: step)
      for place in block.indices where block[place] == 0xFF {
        if holdsFrames(at: start + place) { return start + place }
      }
      guard block.count == step else { return nil }
    }
    return nil
  }

  private mutating func holdsFrames(at start: Int) -> Bool {
    guard let first = layerThreeHeader(at: start) else { return false }
    var (header, place) = (first, start)
    for _ in 0..<2 {
      place += header.frameLength
      guard let next = layerThreeHeader(at: place), next.agrees(with: first) else { return false }
      header = next
    }
    return true
  }

  private mutating func layerThreeHeader(at offset: Int) -> LayerThreeHeader? {
    integer(at: offset, length: 4, bigEndian: true).flatMap {
      LayerThreeHeader(code: UInt32($0))
    }
  }
}
