/// The bytes of a zip file whose entries are stored as they are (APPNOTE.TXT, version 2.0).
func zipFile(_ entries: [(name: String, content: [UInt8])]) -> [UInt8] {
  var file: [UInt8] = []
  var directory: [UInt8] = []
  for (name, content) in entries {
    let size = UInt32(content.count)
    // Version, flags (names are UTF-8), method, time, date, checksum, sizes, lengths of name and extra field.
    let common =
      word16(20) + word16(0x800) + word16(0) + word16(0) + word16(0x21)
      + word32(crc32(content)) + word32(size) + word32(size)
      + word16(UInt16(name.utf8.count)) + word16(0)
    directory += word32(0x0201_4b50) + word16(20) + common + word16(0) + word16(0) + word16(0)
    directory += word32(0) + word32(UInt32(file.count)) + Array(name.utf8)
    file += word32(0x0403_4b50) + common + Array(name.utf8) + content
  }
  let count = word16(UInt16(entries.count))
  let end = word32(0x0605_4b50) + word16(0) + word16(0) + count + count
  return file + directory + end + word32(UInt32(directory.count)) + word32(UInt32(file.count))
    + word16(0)
}

private func word16(_ value: UInt16) -> [UInt8] {
  [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
}

private func word32(_ value: UInt32) -> [UInt8] {
  [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
}

private func crc32(_ bytes: [UInt8]) -> UInt32 {
  ~bytes.reduce(~0) { crc, byte in
    (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0xEDB8_8320 : 0) }
  }
}
