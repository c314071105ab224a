import AudioIO
import Testing

@Suite("WebM and Matroska")
struct MatroskaTests {
  /// 16-bit samples, and as they are stored.
  private static let samples = (0..<1000).map { Int16(truncatingIfNeeded: $0 * 31 - 16_000) }
  private static let stored = bytes(samples)

  private static func bytes(_ samples: some Sequence<Int16>) -> [UInt8] {
    samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
  }

  private func decode(_ bytes: [UInt8]) throws -> [Int16] {
    try AudioDecoder().decode(bytes).waveform.samples.map { Int16($0 * 0x1p15) }
  }

  /// A file of one track of plain samples, with these elements in its cluster.
  private func file(_ content: [UInt8]) -> [UInt8] {
    EBML.beginning + EBML.tracks(EBML.track()) + EBML.cluster + content
  }

  @Test(
    "samples that are not compressed are those of a WAV file",
    arguments: [
      ("matroska_16", "wav_16"), ("matroska_float", "wav_float"), ("matroska_double", "wav_double"),
      ("matroska_24_big", "wav_24"), ("matroska_16_stereo", "wav_16_stereo"),
      ("matroska_flac", "wav_16"), ("matroska_merged_flac", "wav_16"),
      ("streamed_matroska", "wav_16"),
    ])
  func lossless(_ name: String, _ original: String) throws {
    let found = try AudioDecoder().decode(fixture(name)).waveform.samples
    let wanted = try AudioDecoder().decode(fixture(original)).waveform.samples
    #expect(found.count == wanted.count)
    #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test("Opus in WebM is Opus in Ogg")
  func merged() throws {
    let ogg = try AudioDecoder().decode(fixture("opus_ffmpeg_48k_stereo")).waveform
    #expect(try AudioDecoder().decode(fixture("matroska_merged_opus")).waveform == ogg)
  }

  // Three frames: of 400, 1000 and 600 bytes. An EBML size of two bytes is a difference from 8191.
  @Test(
    "every lacing gives its frames",
    arguments: [
      (0x02, [2, 255, 145, 255, 255, 255, 235]),
      (0x06, [2] + EBML.number(400, length: 2) + EBML.number(8191 + 600, length: 2)),
      (0x06, [2] + EBML.number(400, length: 8) + EBML.number((1 << 55) - 1 + 600, length: 8)),
    ] as [(UInt8, [UInt8])])
  func lacing(flags: UInt8, lengths: [UInt8]) throws {
    let block = EBML.block(flags: flags, lengths + Self.stored)
    #expect(try decode(file(EBML.simpleBlock(block))) == Self.samples)
  }

  @Test("frames of one length share the block")
  func fixedLacing() throws {
    let block = EBML.block(flags: 0x04, [3] + Self.stored)
    #expect(try decode(file(EBML.simpleBlock(block))) == Self.samples)
  }

  @Test("a size of all ones is open, whatever its length", arguments: 1...8)
  func openSizes(length: Int) throws {
    let header = EBML.element(0x1A45_DFA3, EBML.element(0x4282, Array("webm".utf8)))
    let bytes =
      header + EBML.open(0x1853_8067, sizeLength: length) + EBML.tracks(EBML.track())
      + EBML.open(0x1F43_B675, sizeLength: length)
      + EBML.simpleBlock(EBML.block(Array(Self.stored.prefix(1000))))
      + EBML.open(0x1F43_B675, sizeLength: length)
      + EBML.simpleBlock(EBML.block(Array(Self.stored.dropFirst(1000))))
    #expect(try decode(bytes) == Self.samples)
    #expect(try AudioDecoder().decode(bytes).description.format == "WEBM/PCM_16")
  }

  @Test("a 127 of one byte is open, a 127 of two bytes is 127")
  func marker() throws {
    let void = EBML.id(0xEC) + EBML.number(127, length: 2) + [UInt8](repeating: 0xFF, count: 127)
    let content = void + EBML.simpleBlock(EBML.block(Self.stored))
    #expect(try decode(file(content)) == Self.samples)
  }

  @Test("what is no sound of the first audio track is stepped over")
  func others() throws {
    let skipped =
      EBML.element(0xEC, [1, 2, 3]) + EBML.element(0xBF, [0, 0, 0, 0])
      + EBML.element(0x1C53_BB6B, [0xA3, 0x81, 0]) + EBML.element(0x1254_C367, Self.stored)
    let other = EBML.simpleBlock(EBML.block(track: [0x82], Self.stored))
    let ours = EBML.simpleBlock(EBML.block(track: EBML.number(3, length: 8), Self.stored))
    let bytes =
      EBML.beginning + skipped
      + EBML.tracks(
        EBML.track(number: [2], type: 1, codec: "V_VP8"), EBML.track(number: [0, 3]),
        EBML.track(number: [4], codec: "A_AAC"))
      + EBML.cluster + other + skipped + ours + other
    #expect(try decode(bytes) == Self.samples)
  }

  @Test(
    "what a group says is to be left out is left out, at the end or the beginning",
    arguments: [
      (0, 0..<1000), (125_000_000, 0..<0), (12_500_000, 0..<900), (-12_500_000, 100..<1000),
    ])
  func discarded(nanoseconds: Int, left: Range<Int>) throws {
    let group = EBML.element(
      0xA0,
      EBML.element(0xA1, EBML.block(Self.stored)) + EBML.element(0x9B, 125)
        + EBML.element(0x75A2, nanoseconds))
    let bytes = file(group + EBML.simpleBlock(EBML.block(Self.stored)))
    #expect(try decode(bytes) == Array(Self.samples[left]) + Self.samples)
  }

  @Test("what the codec adds at the beginning is left out")
  func codecDelay() throws {
    let track = EBML.track(extra: EBML.element(0x56AA, 25_000_000))
    let bytes =
      EBML.beginning + EBML.tracks(track) + EBML.cluster
      + EBML.simpleBlock(EBML.block(Array(Self.stored.prefix(100))))
      + EBML.simpleBlock(EBML.block(Array(Self.stored.dropFirst(100))))
    #expect(try decode(bytes) == Array(Self.samples.dropFirst(200)))
  }

  @Test("a block that is too large for one read comes in parts")
  func largeBlock() throws {
    let many = (0..<20_000).map { Int16(truncatingIfNeeded: $0 * 7) }
    let bytes = file(EBML.simpleBlock(EBML.block(Self.bytes(many))))
    #expect(try decode(bytes) == many)
  }

  @Test(
    "what is not decoded is refused by name",
    arguments: [
      ("A_AAC/MPEG4/LC", AudioError.unsupportedEncoding("MATROSKA/A_AAC")),
      ("A_MPEG/L3", .unsupportedEncoding("MATROSKA/A_MPEG/L3")),
      ("A_SECRET", .unsupportedEncoding("MATROSKA/another codec")),
      ("A_OPUS", .malformed(container: "MATROSKA")),
      ("A_VORBIS", .malformed(container: "MATROSKA")),
      ("A_FLAC", .malformed(container: "MATROSKA")),
    ])
  func refused(codec: String, error: AudioError) {
    let bytes =
      EBML.beginning + EBML.tracks(EBML.track(codec: codec)) + EBML.cluster
      + EBML.simpleBlock(EBML.block(Self.stored))
    #expect(throws: error) { try AudioDecoder().decode(bytes) }
  }

  @Test(
    "without a track of sound there are no samples; frames that are packed once more are refused")
  func withoutSound() {
    let picture = EBML.tracks(EBML.track(type: 1, codec: "V_VP8"))
    #expect(throws: AudioError.noSamples) {
      try AudioDecoder().decode(EBML.beginning + picture + EBML.cluster)
    }
    #expect(throws: AudioError.malformed(container: "MATROSKA")) {
      try AudioDecoder().decode(EBML.beginning + EBML.cluster)
    }
    let packed = EBML.tracks(EBML.track(extra: EBML.element(0x6D80, [0])))
    #expect(throws: AudioError.unsupportedEncoding("MATROSKA/A_PCM")) {
      try AudioDecoder().decode(EBML.beginning + packed + EBML.cluster)
    }
  }

  @Test("another document in EBML is named and refused")
  func otherDocument() {
    let bytes = EBML.element(0x1A45_DFA3, EBML.element(0x4282, Array("sheet".utf8)))
    #expect(throws: AudioError.unsupportedContainer("EBML")) { try AudioDecoder().decode(bytes) }
  }
}
