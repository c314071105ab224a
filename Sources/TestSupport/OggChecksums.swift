/// Right checksums over wrong pages: without them a decoder never gets to see the damage.
public enum OggChecksums {
  public static func mend(_ bytes: inout [UInt8]) {
    var start = 0
    while let end = pageEnd(bytes, from: start) {
      put(0, into: &bytes, at: start + 22)
      put(checksum(bytes[start..<end]), into: &bytes, at: start + 22)
      start = end
    }
  }

  private static func pageEnd(_ bytes: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= start + 27, bytes[start..<start + 4].elementsEqual("OggS".utf8) else {
      return nil
    }
    let body = start + 27 + Int(bytes[start + 26])
    guard body <= bytes.count else { return nil }
    let end = body + bytes[start + 27..<body].reduce(0) { $0 + Int($1) }
    return end <= bytes.count ? end : nil
  }

  /// CRC-32 with polynomial 0x04C11DB7, nothing reflected (RFC 3533).
  private static func checksum(_ page: ArraySlice<UInt8>) -> UInt32 {
    page.reduce(UInt32(0)) { register, byte in
      (0..<8).reduce(register ^ UInt32(byte) << 24) { value, _ in
        value << 1 ^ (value & 0x8000_0000 == 0 ? 0 : 0x04C1_1DB7)
      }
    }
  }

  private static func put(_ value: UInt32, into bytes: inout [UInt8], at offset: Int) {
    for index in 0..<4 { bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
  }
}
