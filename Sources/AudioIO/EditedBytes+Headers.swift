extension EditedBytes {
  /// Steps over ID3 tags, finds the container and mends what a streaming writer left open.
  mutating func prepare() throws(AudioError) -> AudioContainer {
    guard count > 0 else { throw .empty }
    skipTags()
    let container = try AudioContainer(header: bytes(at: 0, count: AudioContainer.headerLength))
    if container == .wav { closeData() }
    return container
  }

  /// ID3v2 tags stand in front of MP3, sometimes of FLAC; several may follow each other.
  private mutating func skipTags() {
    while true {
      let header = bytes(at: 0, count: 10)
      guard header.count == 10, header.starts(with: Array("ID3".utf8)) else { return }
      let sizes = header[6...]
      guard sizes.allSatisfy({ $0 < 0x80 }) else { return }
      let footer = header[5] & 0x10 == 0 ? 0 : 10
      start += 10 + footer + sizes.reduce(0) { $0 << 7 | Int($1) }
    }
  }

  /// Writes a true data size where a writer that could not seek back left 0.
  ///
  /// A size beyond the end needs nothing: libsndfile stops at the end. A size of 0 in a RIFF of the right
  /// size is an empty recording and stays one.
  private mutating func closeData() {
    let big = bytes(at: 0, count: 4).starts(with: Array("RIFX".utf8))
    let riff = integer(at: 4, bigEndian: big)
    guard riff.map({ $0 + 8 }) != count, let data = dataChunk(bigEndian: big) else { return }
    guard integer(at: data + 4, bigEndian: big) == 0 else { return }
    let size = UInt32(clamping: count - data - 8)
    let encoded = (0..<4).map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) }
    edits.append((offset: data + 4, bytes: big ? encoded.reversed() : encoded))
  }

  /// Where the `data` chunk begins, if one is found among the first chunks.
  private mutating func dataChunk(bigEndian: Bool) -> Int? {
    var offset = 12
    for _ in 0..<64 {
      let identifier = bytes(at: offset, count: 4)
      if identifier == Array("data".utf8) { return offset }
      guard let size = integer(at: offset + 4, bigEndian: bigEndian) else { return nil }
      offset += 8 + size + size % 2
    }
    return nil
  }

  private mutating func integer(at offset: Int, bigEndian: Bool) -> Int? {
    let digits = bytes(at: offset, count: 4)
    guard digits.count == 4 else { return nil }
    return (bigEndian ? digits : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
  }
}
