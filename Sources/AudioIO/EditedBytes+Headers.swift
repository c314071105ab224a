extension EditedBytes {
  /// Steps over ID3 tags and finds the container.
  package mutating func prepare() throws(AudioError) -> AudioContainer {
    guard count > 0 else { throw .empty }
    skipTags()
    return try container()
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

  /// Makes a header that libsndfile reads of one that it would refuse.
  ///
  /// Writers that cannot seek back leave the size of the samples open, each container in its own way. libsndfile stops at the
  /// end of the bytes by itself where a size is merely too large.
  /// - Throws: `changed` where another WAV follows, which is read for plain samples alone.
  package mutating func mend(_ container: AudioContainer) throws(AudioError) {
    switch container {
    case .wav: try keepSound()
    case .rf64: closeRF64()
    case .caf: closeCAF()
    default: break
    }
  }

  /// Leaves nothing of a WAV file but format and samples: libsndfile gives up on many a chunk that has nothing to do with them.
  private mutating func keepSound() throws(AudioError) {
    guard let layout = wavLayout(), let header = header(of: layout) else { return }
    try checkEncoding(layout)
    // Of an upload under way it cannot be told yet what follows.
    if base.count != .max {
      isCut = layout.isSizeMeant && layout.samples.upperBound > count
      guard wavLayout(after: layout.samples.upperBound, layout.isBigEndian) == nil else {
        throw .changed(container: "WAV")
      }
    }
    start += layout.samples.lowerBound - header.count
    edits = [(offset: 0, bytes: header)]
    guard layout.samples.upperBound != .max else { return }
    end = header.count + layout.samples.count
  }

  /// - Throws: `unsupportedEncoding` for what libsndfile takes for a damaged header.
  private mutating func checkEncoding(_ layout: WAVLayout) throws(AudioError) {
    let code = integer(
      at: layout.format.lowerBound, length: 2, bigEndian: layout.isBigEndian)
    guard let code, let name = Self.foreignEncodings[code] else { return }
    throw .unsupportedEncoding("WAV/\(name)")
  }

  /// By the numbers of RFC 2361 and those that ffmpeg writes.
  private static var foreignEncodings: [UInt64: String] {
    [
      0x14: "G723_ADPCM", 0x22: "TRUESPEECH", 0x40: "G721_ADPCM", 0x42: "G723_1", 0x45: "G726",
      0x50: "MP2", 0x57: "AMR_NB", 0x58: "AMR_WB", 0x64: "G726", 0x65: "G722", 0x83: "G729",
      0xFF: "AAC",
      0x111: "G723_1", 0x160: "WMAV1", 0x161: "WMAV2", 0x162: "WMAPRO", 0x163: "WMALOSSLESS",
      0x28F: "G722", 0x1610: "AAC", 0x2000: "AC3", 0xA100: "G723_1", 0xA109: "SPEEX",
    ]
  }

  /// A header of the fewest chunks, as long as the one it replaces at most.
  private mutating func header(of layout: WAVLayout) -> [UInt8]? {
    let known = min(layout.samples.upperBound, count) - layout.samples.lowerBound
    let size = UInt32(clamping: known)
    guard let format = content(layout.format), let fact = content(layout.fact) else { return nil }
    let chunks =
      Array("WAVE".utf8) + chunk("fmt ", format, layout)
      + (fact.isEmpty ? [] : chunk("fact", fact, layout))
      + Array("data".utf8) + size.bytes(layout.isBigEndian)
    let total = UInt32(clamping: chunks.count + known)
    return Array((layout.isBigEndian ? "RIFX" : "RIFF").utf8) + total.bytes(layout.isBigEndian)
      + chunks
  }

  private func chunk(_ name: String, _ content: [UInt8], _ layout: WAVLayout) -> [UInt8] {
    Array(name.utf8) + UInt32(content.count).bytes(layout.isBigEndian) + content
  }

  /// An even number of bytes, so that there is room for them whatever stood there; nil for more than any format has.
  private mutating func content(_ range: Range<Int>?) -> [UInt8]? {
    guard let range else { return [] }
    guard range.count <= 4096 else { return nil }
    return bytes(at: range.lowerBound, count: range.count & ~1)
  }

  /// Whether the last box of an MP4 file claims more bytes than there are: then the file was cut short.
  mutating func endsWithinBox() -> Bool {
    var place = 0
    for _ in 0..<Self.boxLimit where place < count {
      guard var size = integer(at: place, length: 4, bigEndian: true) else { return true }
      if size == 1 { size = integer(at: place + 8, length: 8, bigEndian: true) ?? .max }
      // 0 means: to the end of the file.
      guard size >= 8 else { return false }
      guard size <= UInt64(count - place) else { return true }
      place += Int(size)
    }
    return false
  }

  /// Boxes that are looked at: an hour of fragments of a second.
  private static var boxLimit: Int { 10_000 }

  /// The 64-bit data size stands in the `ds64` chunk, which comes first; 0 is open.
  private mutating func closeRF64() {
    let layout = ChunkLayout(first: 12, sizeLength: 4, isBigEndian: false, isPadded: true)
    guard let sizes = chunk("ds64", in: layout), let data = chunk("data", in: layout) else {
      return
    }
    guard integer(at: sizes.offset + 8, length: 8, bigEndian: false) == 0 else { return }
    replaceSize(at: sizes.offset + 8, bigEndian: false, with: count - data.offset)
  }

  /// A data size of -1 is open.
  private mutating func closeCAF() {
    let layout = ChunkLayout(first: 8, sizeLength: 8, isBigEndian: true, isPadded: false)
    guard let data = chunk("data", in: layout), data.size == .max else { return }
    replaceSize(at: data.offset - 8, bigEndian: true, with: count - data.offset)
  }

  /// - Parameter size: Of 64 bits in the file.
  private mutating func replaceSize(at offset: Int, bigEndian: Bool, with size: Int) {
    guard size >= 0 else { return }
    edits.append((offset: offset, bytes: UInt64(size).bytes(bigEndian)))
  }
}

extension FixedWidthInteger {
  fileprivate func bytes(_ isBigEndian: Bool) -> [UInt8] {
    let digits = (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> ($0 * 8)) }
    return isBigEndian ? digits.reversed() : digits
  }
}
