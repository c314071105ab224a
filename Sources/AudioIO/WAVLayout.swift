/// Where the parts of a WAV file stand that its sound is told from. Whatever else stands between them is skipped.
struct WAVLayout {
  /// Whether it is RIFX.
  var isBigEndian: Bool
  /// The content of the first `fmt ` chunk.
  var format: Range<Int>
  /// The content of the `fact` chunk, which some encodings have before the samples.
  var fact: Range<Int>?
  /// The samples that the first `data` chunk claims; up to `Int.max` where its writer has left the size open.
  var samples: Range<Int>
  /// Whether the size is not one that a writer puts there which does not know it: 0, or about the largest of 31 or 32 bits.
  var isSizeMeant: Bool
}

/// A part of a WAV file.
private struct WAVChunk {
  var tag: Tag
  /// Its content, as far as it claims.
  var content: Range<Int>
}

extension ByteSource {
  /// The parts of the WAV file that begins at `start`.
  /// - Returns: nil where none does, and where no format comes before the samples.
  mutating func wavLayout(at start: Int = 0) -> WAVLayout? {
    let form = tag(at: start)
    guard form == "RIFF" || form == "RIFX", tag(at: start + 8) == "WAVE" else { return nil }
    let isBigEndian = form == "RIFX"
    var (format, fact): (Range<Int>?, Range<Int>?)
    var place = start + 12
    for _ in 0..<Self.chunkLimit {
      guard let chunk = wavChunk(at: place, isBigEndian) else { return nil }
      switch chunk.tag {
      case "data":
        guard let format else { return nil }
        return layout(start, isBigEndian, format, fact, chunk.content)
      case "fmt ": format = format ?? chunk.content
      case "fact": fact = fact ?? chunk.content
      default: break
      }
      place = wavChunk(after: chunk.content)
    }
    return nil
  }

  /// The WAV file that follows samples which end at `end`; chunks may stand between them.
  /// - Parameter end: `Int.max` where the samples go on to the end of the bytes, so that nothing follows.
  mutating func wavLayout(after end: Int, _ isBigEndian: Bool) -> WAVLayout? {
    guard end != .max else { return nil }
    var place = wavChunk(after: end..<end)
    for _ in 0..<Self.chunkLimit {
      guard let chunk = wavChunk(at: place, isBigEndian) else { return nil }
      if chunk.tag == "RIFF" || chunk.tag == "RIFX" { return wavLayout(at: place) }
      place = wavChunk(after: chunk.content)
    }
    return nil
  }

  /// Samples follow a handful of chunks; more is not a recording worth walking through.
  private static var chunkLimit: Int { 64 }

  private mutating func layout(
    _ start: Int, _ isBigEndian: Bool, _ format: Range<Int>, _ fact: Range<Int>?,
    _ data: Range<Int>
  ) -> WAVLayout {
    let total = integer(at: start + 4, length: 4, bigEndian: isBigEndian)
    // A size of 0 is open, unless the size of the whole says that the file is complete, and so empty.
    let isOpen =
      data.isEmpty ? total != UInt64(max(0, count - start - 8)) : data.count >= 0xFFFF_FF00
    return WAVLayout(
      isBigEndian: isBigEndian, format: format, fact: fact,
      samples: isOpen ? data.lowerBound..<Int.max : data,
      isSizeMeant: !isOpen && data.count < 0x7FFF_0000)
  }

  private mutating func wavChunk(at place: Int, _ isBigEndian: Bool) -> WAVChunk? {
    guard let tag = tag(at: place),
      let size = integer(at: place + 4, length: 4, bigEndian: isBigEndian)
    else { return nil }
    return WAVChunk(tag: tag, content: place + 8..<place + 8 + Int(size))
  }

  /// Where the next chunk begins: behind the byte that makes an odd size even; where a writer has forgotten that byte, before
  /// it; and where a size is too small, at the next name of a chunk.
  private mutating func wavChunk(after content: Range<Int>) -> Int {
    let (end, even) = (content.upperBound, content.upperBound + content.count % 2)
    guard let tag = tag(at: even) else { return even }
    if tag.isInWAV { return even }
    if isWAVTag(at: end) { return end }
    if tag.isPrintable { return even }
    return (end...end + 64).first { isWAVTag(at: $0) } ?? even
  }

  private mutating func isWAVTag(at offset: Int) -> Bool {
    tag(at: offset)?.isInWAV ?? false
  }
}

extension Tag {
  /// Names of chunks that stand in WAV files.
  private static let inWAV: [Tag] = [
    "fmt ", "data", "fact", "LIST", "PEAK", "bext", "cue ", "smpl", "inst", "JUNK", "junk", "PAD ",
    "FLLR", "id3 ", "ID3 ", "iXML", "_PMX", "cart", "RIFF", "RIFX",
  ]

  fileprivate var isInWAV: Bool { Self.inWAV.contains(self) }
}
