import AudioIO
import Testing

@Suite("WAV files that players read")
struct WAVRepairTests {
  static let encodings = ["wav_16", "wav_16_stereo", "wav_float", "wav_ulaw", "wav_ima", "rifx_16"]

  private func samples(_ bytes: [UInt8]) throws -> [Float] {
    try AudioDecoder().decode(bytes).waveform.samples
  }

  @Test("a PEAK chunk of any size changes nothing", arguments: encodings, [0, 1, 8, 13, 16, 24])
  func peak(_ name: String, size: Int) throws {
    var wav = try WAVParts(fixture(name))
    wav.insert("PEAK", [UInt8](repeating: 1, count: size), before: "data")
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("nor does one that is longer than it says", arguments: encodings)
  func longPeak(_ name: String) throws {
    var wav = try WAVParts(fixture(name))
    wav.insert("PEAK", [UInt8](repeating: 0, count: 24), claimed: 16, before: "data")
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("an odd LIST may lack the byte that makes it even", arguments: encodings, [true, false])
  func list(_ name: String, isPadded: Bool) throws {
    var wav = try WAVParts(fixture(name))
    wav.insert("LIST", Array("INFOabc".utf8), isPadded: isPadded, before: "data")
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("of two formats the first counts", arguments: encodings)
  func twoFormats(_ name: String) throws {
    var wav = try WAVParts(fixture(name))
    var other = try #require(wav.content("fmt "))
    other[wav.isBigEndian ? 3 : 2] = 7
    wav.insert("fmt ", other, before: "data")
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("of two blocks of samples the first counts", arguments: encodings)
  func twoData(_ name: String) throws {
    var wav = try WAVParts(fixture(name))
    wav.append("data", try #require(wav.content("data")))
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("a chunk that is unknown is skipped", arguments: encodings)
  func unknown(_ name: String) throws {
    var wav = try WAVParts(fixture(name))
    wav.insert("abcd", Array("something".utf8), before: "data")
    wav.insert("\u{1}\u{2}\u{3}\u{4}", Array("something".utf8), before: "data")
    #expect(try samples(wav.bytes) == samples(fixture(name)))
  }

  @Test("the samples need a format before them")
  func order() throws {
    var wav = try WAVParts(fixture("wav_16"))
    wav.chunks.reverse()
    #expect(throws: AudioError.malformed(container: "WAV")) { try samples(wav.bytes) }
  }
}

@Suite("WAV files that follow one another")
struct ConcatenatedWAVTests {
  static let plain = ["wav_u8", "wav_16", "wav_16_stereo", "wav_24", "wavex_float", "rifx_16"]

  @Test("are one recording where their formats agree", arguments: plain)
  func agree(_ name: String) throws {
    let bytes = try fixture(name)
    let one = try AudioDecoder().decode(bytes).waveform.samples
    let three = try AudioDecoder().decode(bytes + bytes + bytes)
    #expect(three.waveform.samples == one + one + one)
    #expect(three.description.frames == 6000)
    #expect(!three.description.isTruncated)
  }

  @Test("may have chunks between them", arguments: plain)
  func chunks(_ name: String) throws {
    var wav = try WAVParts(fixture(name))
    wav.append("LIST", Array("INFOabc".utf8))
    let (bytes, one) = (wav.bytes, try AudioDecoder().decode(wav.bytes).waveform.samples)
    #expect(try AudioDecoder().decode(bytes + bytes).waveform.samples == one + one)
  }

  @Test("may come while they are read, a header on each piece", arguments: plain)
  func arriving(_ name: String) throws {
    let bytes = try fixture(name)
    var pieces = [[UInt8]](repeating: bytes, count: 300)[...]
    var stream = try AudioStream(ArrivingBytes { pieces.popFirst() })
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    #expect(samples.count == 300 * 2000)
    #expect(try Array(samples.suffix(2000)) == AudioDecoder().decode(bytes).waveform.samples)
  }

  @Test("are refused where the formats differ, and where samples are not plain")
  func differ() throws {
    for (first, second) in [
      ("wav_16", "wav_16_stereo"), ("wav_16", "wav_24"), ("wav_u8", "wav_ima"),
      // Blocks of a codec are not joined.
      ("wav_ima", "wav_ima"),
    ] {
      let bytes = try fixture(first) + fixture(second)
      #expect(throws: AudioError.changed(container: "WAV")) { try AudioDecoder().decode(bytes) }
    }
  }

  @Test("need not all have samples, but reading ends where many have none")
  func empty() throws {
    let bytes = try fixture("wav_16")
    var none = Array(bytes[..<44]) + [0, 0]
    none.write(38, at: 4)
    none.write(1, at: 40)
    func frames(after count: Int) throws -> Int {
      let empty = [[UInt8]](repeating: none, count: count).flatMap(\.self)
      return try AudioDecoder().decode(bytes + empty + bytes).description.frames
    }
    #expect(try frames(after: 20) == 4000)
    #expect(try frames(after: 100_000) == 2000)
  }
}

@Suite("WAV files cut short")
struct TruncationTests {
  @Test(
    "say so, and give what is there",
    arguments: ["wav_u8", "wav_16", "wav_16_stereo", "wav_24", "wav_float", "rifx_16"])
  func cut(_ name: String) throws {
    let bytes = try fixture(name)
    let whole = try AudioDecoder().decode(bytes)
    #expect(!whole.description.isTruncated)
    let half = try AudioDecoder().decode(Array(bytes.prefix(bytes.count / 2)))
    #expect(half.description.isTruncated)
    #expect(half.waveform.samples == Array(whole.waveform.samples.prefix(half.description.frames)))
  }

  @Test("so does one that libsndfile decodes")
  func decoded() throws {
    let bytes = try fixture("wav_ima")
    #expect(try !AudioDecoder().decode(bytes).description.isTruncated)
    let half = try AudioDecoder().decode(Array(bytes.prefix(bytes.count / 2)))
    #expect(half.description.isTruncated)
  }

  @Test("one byte that is missing is enough", arguments: [1, 4])
  func lastFrame(_ count: Int) throws {
    let bytes = try fixture("wav_16_stereo").dropLast(count)
    let audio = try AudioDecoder().decode(Array(bytes))
    #expect(audio.description.frames == 1999)
    #expect(audio.description.isTruncated)
  }

  @Test(
    "sizes that a streaming writer leaves open are no cut",
    arguments: [
      0, 0x7FFF_0000, 0x7FFF_F000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FF00, 0xFFFF_FFFF,
    ] as [UInt32])
  func open(_ size: UInt32) throws {
    var bytes = try fixture("wav_16")
    bytes.write(size, at: 40)
    bytes.write(size, at: 4)
    let audio = try AudioDecoder().decode(bytes)
    #expect(audio.description.frames == 2000)
    #expect(!audio.description.isTruncated)
  }

  @Test("the last of several may be cut")
  func concatenated() throws {
    let bytes = try fixture("wav_16")
    let audio = try AudioDecoder().decode(bytes + bytes.prefix(1044))
    #expect(audio.description.frames == 2500)
    #expect(audio.description.isTruncated)
  }
}

/// A WAV file taken to pieces.
private struct WAVParts {
  var isBigEndian: Bool
  var chunks: [[UInt8]] = []

  init(_ bytes: [UInt8]) {
    isBigEndian = bytes[3] == UInt8(ascii: "X")
    var place = 12
    while place + 8 <= bytes.count {
      let digits = bytes[place + 4..<place + 8]
      let size = (isBigEndian ? Array(digits) : digits.reversed()).reduce(0) { $0 << 8 | Int($1) }
      let end = min(bytes.count, place + 8 + size + size % 2)
      chunks.append(Array(bytes[place..<end]))
      place = end
    }
  }

  var bytes: [UInt8] {
    let body = Array("WAVE".utf8) + chunks.flatMap(\.self)
    return Array((isBigEndian ? "RIFX" : "RIFF").utf8) + integer(body.count) + body
  }

  func content(_ name: String) -> [UInt8]? {
    chunks.first { $0.starts(with: name.utf8) }.map { Array($0.dropFirst(8)) }
  }

  mutating func append(_ name: String, _ content: [UInt8]) {
    chunks.append(chunk(name, content, claimed: content.count, isPadded: true))
  }

  mutating func insert(
    _ name: String, _ content: [UInt8], claimed: Int? = nil, isPadded: Bool = true,
    before other: String
  ) {
    let place = chunks.firstIndex { $0.starts(with: other.utf8) } ?? 0
    chunks.insert(
      chunk(name, content, claimed: claimed ?? content.count, isPadded: isPadded), at: place)
  }

  private func chunk(
    _ name: String, _ content: [UInt8], claimed: Int, isPadded: Bool
  ) -> [UInt8] {
    Array(name.utf8) + integer(claimed) + content
      + (isPadded && content.count % 2 == 1 ? [0] : [])
  }

  private func integer(_ value: Int) -> [UInt8] {
    let digits = (0..<4).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    return isBigEndian ? digits.reversed() : digits
  }
}
