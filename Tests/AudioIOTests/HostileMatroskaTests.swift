import AudioCodecs
import AudioIO
import Testing

/// A file that lies, and the frames that it holds all the same.
private struct Lie: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var bytes: [UInt8]
  var frames = 0

  init(_ description: String, _ content: [UInt8], tracks: [UInt8]? = nil, frames: Int = 0) {
    testDescription = description
    bytes =
      EBML.beginning + (tracks ?? EBML.tracks(EBML.track())) + EBML.cluster + content
    self.frames = frames
  }

  /// A block of a hundred samples, which stands behind what lies: it is found where that can be stepped over.
  private static let good = EBML.simpleBlock(EBML.block([UInt8](repeating: 1, count: 200)))
  private static let huge = EBML.number((1 << 56) - 2, length: 8)
  private static let many = 1_000_000

  private static func laced(_ flags: UInt8, _ content: [UInt8]) -> [UInt8] {
    EBML.simpleBlock(EBML.block(flags: flags, content)) + good
  }

  static let all = [
    Lie("a block of 2^56 bytes", [0xA3] + huge + EBML.block([1, 2, 3, 4])),
    Lie("a group of 2^56 bytes", good + [0xA0] + huge + good, frames: 100),
    Lie("an element of 2^56 bytes", good + [0xEC] + huge + good, frames: 100),
    Lie("a cluster of 2^56 bytes", good + EBML.id(0x1F43_B675) + huge + good, frames: 200),
    Lie("a group in a group of 2^56 bytes", repeated([0xA0] + huge, 1000) + good),
    Lie(
      "100,000 segments within each other", repeated(EBML.open(0x1853_8067), 100_000) + good,
      frames: 100),
    Lie(
      "a million unknown elements of open size", repeated([0xEC, 0xFF], many) + good, frames: 100),
    Lie(
      "a million empty clusters", repeated(EBML.id(0x1F43_B675) + [0x80], many) + good, frames: 100),
    Lie("a million empty groups", repeated([0xA0, 0x80], many) + good, frames: 100),
    Lie("a million blocks of no bytes", repeated([0xA3, 0x80], many) + good, frames: 100),
    Lie(
      "blocks of no frame", repeated(EBML.simpleBlock(EBML.block([])), 100_000) + good, frames: 100),
    Lie("256 frames of no bytes", laced(0x02, [255] + repeated([0], 255)), frames: 100),
    Lie("Xiph lengths beyond the block", laced(0x02, [1, 255, 255, 3, 1, 1]), frames: 100),
    Lie("Xiph lengths without an end", laced(0x02, [255] + repeated([255], 1000)), frames: 100),
    Lie("EBML lengths of 2^56", laced(0x06, [255] + repeated(huge, 255)), frames: 100),
    Lie("EBML lengths below 0", laced(0x06, [2, 0x85, 0x80, 1, 1, 1, 1]), frames: 100),
    Lie("frames of one length, more than bytes", laced(0x04, [255, 1]), frames: 100),
    Lie("a block that ends in its lacing", laced(0x06, []), frames: 100),
    Lie("a track number of 8 bytes", EBML.simpleBlock(huge + [0, 0, 0, 1, 1]) + good, frames: 100),
    Lie("a track number of no length", EBML.simpleBlock([0, 0, 0, 0, 1, 1]) + good, frames: 100),
    Lie("a number of 9 bytes", [0, 1, 2, 3] + good),
    Lie("padding of 2^63 ns", group(.max) + good, frames: 100),
    Lie("padding of -2^63 ns", group(.min) + good, frames: 100),
    Lie(
      "a delay of 2^63 ns", good, tracks: EBML.tracks(EBML.track(extra: EBML.element(0x56AA, .max)))
    ),
    Lie(
      "a codec's header of 2^56 bytes", good,
      tracks: EBML.id(0xAE) + [0xFF] + EBML.id(0x63A2) + huge),
    Lie("a rate that is no number", good, tracks: rate([0x7F, 0xC0, 0, 0])),
    Lie("a rate beyond all", good, tracks: rate([0x7F, 0x7F, 0xFF, 0xFF])),
    Lie("a rate of 3 bytes", good, tracks: rate([1, 2, 3])),
    Lie("a rate below 0", good, tracks: rate([0xC5, 0xFA, 0, 0])),
    Lie("2^63 channels", good, tracks: EBML.tracks(EBML.track(channels: .max))),
    Lie("no channels", good, tracks: EBML.tracks(EBML.track(channels: 0))),
    Lie("10,000 tracks", good, tracks: repeated([0xAE, 0xFF], 10_000)),
  ]

  private static func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    Array(repeatElement(bytes, count: count).joined())
  }

  private static func rate(_ rate: [UInt8]) -> [UInt8] { EBML.tracks(EBML.track(rate: rate)) }

  private static func group(_ padding: Int) -> [UInt8] {
    EBML.element(0xA0, EBML.element(0xA1, EBML.block([1, 2])) + EBML.element(0x75A2, padding))
  }
}

@Suite("Matroska files that lie")
struct HostileMatroskaTests {
  @Test(
    "they give the sound that can be reached or a typed error, and cost no process",
    arguments: Lie.all)
  fileprivate func lies(_ lie: Lie) throws {
    let pool = DecoderPool()
    let decoder = AudioDecoder(decoders: pool)
    let frames = (try? decoder.decode(lie.bytes))?.description.frames ?? 0
    #expect(frames == lie.frames)
    #expect(pool.counts.lost == 0)
    var stream: AudioStream? = try? AudioStream(ArrivingBytes(lie.bytes), decoders: pool)
    var samples: [Float] = []
    while try stream?.read(into: &samples) ?? 0 > 0 {}
    #expect(samples.count == lie.frames)
    stream = nil
    #expect(pool.counts.lost == 0)
  }

  @Test("a header of many tracks with a megabyte each costs no process")
  func manyHeaders() {
    let header = EBML.element(0x63A2, [UInt8](repeating: 0, count: 1 << 20))
    let tracks = (0..<40).flatMap {
      EBML.track(number: [UInt8($0)], codec: "A_OPUS", extra: header)
    }
    let pool = DecoderPool()
    #expect(throws: AudioError.malformed(container: "MATROSKA")) {
      try AudioDecoder(decoders: pool).decode(
        EBML.beginning + EBML.element(0x1654_AE6B, tracks) + EBML.cluster)
    }
    #expect(pool.counts.lost == 0)
  }

  /// Found by the fuzzer: Vorbis at two gigahertz, and 146 years of it to be left out.
  @Test("times that overflow every count of frames are no more than there is")
  func overflow() throws {
    CodecRecording.decodeHere(try fixture("hostile_matroska_rate"))
  }
}
