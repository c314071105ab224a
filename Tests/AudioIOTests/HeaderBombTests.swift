import AudioIO
import TestSupport
import Testing

@Suite("headers that ask for more than a recording needs")
struct HeaderBombTests {
  @Test(
    "Vorbis codebooks of millions of entries are refused, and cost no process",
    arguments: [(1, 18), (1, 20), (1, 21), (1, 22), (1, 23), (256, 14), (256, 19), (2, 17)])
  func codebooks(books: Int, logEntries: Int) throws {
    let pool = DecoderPool()
    #expect(throws: AudioError.malformed(container: "OGG/VORBIS")) {
      try AudioDecoder(decoders: pool).decode(vorbisBomb(books: books, logEntries: logEntries))
    }
    let matroska = matroskaFile("A_VORBIS", header: vorbisHeaders(books, logEntries).laced)
    #expect(throws: AudioError.malformed(container: "MATROSKA")) {
      try AudioDecoder(decoders: pool).decode(matroska)
    }
    #expect(pool.counts.lost == 0)
  }

  @Test("the same with codebooks of an encoder's size is a recording without sound")
  func harmless() {
    #expect(throws: AudioError.self) {
      try AudioDecoder().decode(vorbisBomb(books: 2, logEntries: 4))
    }
  }

  @Test(
    "Opus streams that no channel needs are refused",
    arguments: [(1, 2, 0), (1, 255, 0), (2, 3, 0), (1, 1, 2), (3, 200, 55)])
  func streams(channels: Int, streams: Int, coupled: Int) {
    let head =
      Array("OpusHead".utf8)
      + [1, UInt8(channels), 0, 0, 0x80, 0xBB, 0, 0, 0, 0, 255, UInt8(streams), UInt8(coupled)]
      + [UInt8](repeating: 0, count: channels)
    var bytes = oggPage([head], number: 0, flags: 2)
    bytes += oggPage([Array("OpusTags".utf8) + [UInt8](repeating: 0, count: 8)], number: 1)
    bytes += oggPage([[UInt8](repeating: 1, count: 20)], number: 2, flags: 4)
    OggChecksums.mend(&bytes)
    #expect(throws: AudioError.malformed(container: "OGG/OPUS")) {
      try AudioDecoder().decode(bytes)
    }
    #expect(throws: AudioError.malformed(container: "MATROSKA")) {
      try AudioDecoder().decode(matroskaFile("A_OPUS", header: head))
    }
  }
}

/// A file of one track with this header, and a block.
private func matroskaFile(_ codec: String, header: [UInt8]) -> [UInt8] {
  EBML.beginning + EBML.tracks(EBML.track(codec: codec, extra: EBML.element(0x63A2, header)))
    + EBML.cluster + EBML.simpleBlock(EBML.block([UInt8](repeating: 1, count: 20)))
}

/// The three headers of a Vorbis stream.
private struct VorbisHeaders {
  var identification: [UInt8]
  var comments: [UInt8]
  var setup: [UInt8]

  /// In one piece, as Matroska keeps them. The first two are short.
  var laced: [UInt8] {
    [2, UInt8(identification.count), UInt8(comments.count)] + identification + comments + setup
  }
}

/// Vorbis headers whose codebooks are ordered, so that a few bytes describe any number of entries.
private func vorbisHeaders(_ books: Int, _ logEntries: Int) -> VorbisHeaders {
  var setup = BitWriter()
  setup.write(books - 1, 8)
  let entries = 1 << logEntries
  for _ in 0..<books {
    setup.write(0x56_4342, 24)
    setup.write(1, 16)
    setup.write(entries & 0xFF_FFFF, 24)
    setup.write(1, 1)
    setup.write(min(logEntries, 32) - 1, 5)
    setup.write(entries, Int.bitWidth - entries.leadingZeroBitCount)
    setup.write(0, 4)
  }
  setup.write(0, 64)
  let identification: [UInt8] =
    Array("\u{1}vorbis".utf8) + [0, 0, 0, 0, 1, 0x80, 0x3E, 0, 0]
    + [UInt8](repeating: 0, count: 12) + [0xB8, 1]
  let comments = Array("\u{3}vorbis".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 1]
  return VorbisHeaders(
    identification: identification, comments: comments,
    setup: Array("\u{5}vorbis".utf8) + setup.bytes)
}

/// They and a packet, in Ogg.
private func vorbisBomb(books: Int, logEntries: Int) -> [UInt8] {
  let headers = vorbisHeaders(books, logEntries)
  var bytes = oggPage([headers.identification], number: 0, flags: 2)
  bytes += oggPage([headers.comments, headers.setup], number: 1)
  bytes += oggPage([[0, 0, 0, 0]], number: 2, flags: 4)
  OggChecksums.mend(&bytes)
  return bytes
}

/// Lowest bits first.
private struct BitWriter {
  private(set) var bytes: [UInt8] = []
  private var position = 0

  mutating func write(_ value: Int, _ count: Int) {
    for bit in 0..<count {
      if position % 8 == 0 { bytes.append(0) }
      let isSet = bit < Int.bitWidth - 1 && value >> bit & 1 == 1
      if isSet { bytes[bytes.count - 1] |= 1 << (position % 8) }
      position += 1
    }
  }
}

/// A page without its checksum.
private func oggPage(_ packets: [[UInt8]], number: UInt8, flags: UInt8 = 0) -> [UInt8] {
  let segments = packets.flatMap { packet in
    [UInt8](repeating: 255, count: packet.count / 255) + [UInt8(packet.count % 255)]
  }
  precondition(segments.count < 256, "too much for one page")
  return Array("OggS".utf8) + [0, flags] + [UInt8](repeating: 0, count: 8) + [
    1, 0, 0, 0, number, 0, 0, 0,
  ]
    + [0, 0, 0, 0, UInt8(segments.count)] + segments + packets.joined()
}
