extension EditedBytes {
  /// Steps over ID3 tags, finds the container and fills in the sizes that a streaming writer left open.
  package mutating func prepare() throws(AudioError) -> AudioContainer {
    guard count > 0 else { throw .empty }
    skipTags()
    let container = try container()
    closeData(of: container)
    return container
  }

  /// What does not begin as any format does may be MP3 further on.
  private mutating func container() throws(AudioError) -> AudioContainer {
    do throws(AudioError) {
      return try AudioContainer(header: bytes(at: 0, count: AudioContainer.headerLength))
    } catch {
      guard error == .unrecognized, let frame = firstFrame() else { throw error }
      start += frame
      return .mp3
    }
  }

  /// ID3v2 tags stand in front of MP3, sometimes of FLAC; several may follow each other.
  private mutating func skipTags() {
    while true {
      guard integer(at: 0, length: 3, bigEndian: true) == 0x494433,  // "ID3"
        let flags = integer(at: 5, length: 1, bigEndian: true),
        let size = integer(at: 6, length: 4, bigEndian: true), size & 0x8080_8080 == 0
      else { return }
      let footer = flags & 0x10 == 0 ? 0 : 10
      // Each byte of the size has seven bits.
      start += 10 + footer + (0..<4).reduce(0) { $0 | Int(size >> (8 * $1) & 0x7F) << (7 * $1) }
    }
  }

  /// Writers that cannot seek back leave the size of the samples open, each container in its own way.
  /// libsndfile stops at the end of the bytes by itself where a size is merely too large.
  private mutating func closeData(of container: AudioContainer) {
    switch container {
    case .wav: closeRIFF()
    case .rf64: closeRF64()
    case .caf: closeCAF()
    default: break
    }
  }

  /// A data size of 0 is open, unless the RIFF size says that the file is complete, and so empty.
  private mutating func closeRIFF() {
    let big = tag(at: 0) == "RIFX"
    let layout = ChunkLayout(first: 12, sizeLength: 4, isBigEndian: big, isPadded: true)
    let total = integer(at: 4, length: 4, bigEndian: big)
    guard let data = chunk("data", in: layout), data.size == 0, total != UInt64(count - 8) else {
      return
    }
    replaceInteger(at: data.offset - 4, length: 4, bigEndian: big, with: count - data.offset)
  }

  /// The 64-bit data size stands in the `ds64` chunk, which comes first; 0 is open.
  private mutating func closeRF64() {
    let layout = ChunkLayout(first: 12, sizeLength: 4, isBigEndian: false, isPadded: true)
    guard let sizes = chunk("ds64", in: layout), let data = chunk("data", in: layout) else {
      return
    }
    guard integer(at: sizes.offset + 8, length: 8, bigEndian: false) == 0 else { return }
    replaceInteger(
      at: sizes.offset + 8, length: 8, bigEndian: false, with: count - data.offset)
  }

  /// A data size of -1 is open.
  private mutating func closeCAF() {
    let layout = ChunkLayout(first: 8, sizeLength: 8, isBigEndian: true, isPadded: false)
    guard let data = chunk("data", in: layout), data.size == .max else { return }
    replaceInteger(at: data.offset - 8, length: 8, bigEndian: true, with: count - data.offset)
  }

  private mutating func replaceInteger(
    at offset: Int, length: Int, bigEndian: Bool, with value: Int
  ) {
    guard value >= 0 else { return }
    let value = length == 4 ? min(value, Int(UInt32.max)) : value
    let digits = (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    edits.append((offset: offset, bytes: bigEndian ? digits.reversed() : digits))
  }
}
