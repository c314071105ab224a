import AudioIO

/// The frames of the first audio track in a Matroska or WebM file (RFC 9559), forward only.
///
/// Elements are read as one flat list: no element means two things, so that of those around it none needs to be known, and
/// it does not matter whether their sizes are.
struct MatroskaPackets {
  struct Packet {
    var bytes: [UInt8]
    /// Nanoseconds to leave out: of the end, or, where negative, of the beginning.
    var discarded = 0
  }

  /// Of uncompressed sound on 64 channels a block has a megabyte.
  private static let blockLimit = 1 << 22

  let track: MatroskaTrack
  private var reader: EBMLReader
  /// Of the last block, the last one first.
  private var waiting: [Packet] = []

  /// Reads on to the first cluster.
  /// - Throws: `malformed` where no track is found, `noAudio` where none is sound.
  init(_ source: some ByteSource) throws(CodecError) {
    reader = EBMLReader(source)
    let tracks = Self.tracks(&reader)
    guard !tracks.isEmpty else { throw .malformed }
    guard let track = tracks.first(where: \.isAudio) else { throw .noAudio }
    self.track = track
  }

  /// The next frame; nil at the end. Blocks whose frames do not fit into them are left out.
  mutating func next() -> Packet? {
    while waiting.isEmpty { guard readElement() else { return nil } }
    return waiting.removeLast()
  }

  private enum ID {
    static let segment: UInt32 = 0x1853_8067
    static let tracks: UInt32 = 0x1654_AE6B
    static let entry: UInt32 = 0xAE
    static let audio: UInt32 = 0xE1
    static let cluster: UInt32 = 0x1F43_B675
    static let simpleBlock: UInt32 = 0xA3
    static let group: UInt32 = 0xA0
    static let block: UInt32 = 0xA1
    static let discardPadding: UInt32 = 0x75A2
  }

  /// Tracks that a file may have: more are not looked at.
  private static let trackLimit = 32

  private static func tracks(_ reader: inout EBMLReader) -> [MatroskaTrack] {
    var tracks: [MatroskaTrack] = []
    while let element = reader.element(), element.id != ID.cluster {
      switch element.id {
      case ID.segment, ID.tracks, ID.audio: continue
      case ID.entry:
        guard tracks.count < trackLimit else { return tracks }
        tracks.append(MatroskaTrack())
      default:
        // Only what holds other elements can be of unknown size: they are looked at.
        guard let size = element.size else { continue }
        let end = reader.position + size
        if !tracks.isEmpty { tracks[tracks.count - 1].read(element.id, size, &reader) }
        reader.skip(to: end)
      }
    }
    return tracks
  }

  /// - Returns: false at the end.
  private mutating func readElement() -> Bool {
    guard let element = reader.element() else { return false }
    guard let size = element.size, element.id != ID.segment, element.id != ID.cluster else {
      return true
    }
    let end = reader.position + size
    switch element.id {
    case ID.simpleBlock, ID.block: readBlock(until: end)
    case ID.group: readGroup(until: end)
    default: break
    }
    reader.skip(to: end)
    return true
  }

  /// What is to be left out of a block follows it, within its group.
  private mutating func readGroup(until end: Int) {
    while reader.position < end, let element = reader.element(), let size = element.size {
      let next = reader.position + size
      switch element.id {
      case ID.block: readBlock(until: next)
      case ID.discardPadding:
        let padding = reader.signed(size) ?? 0
        if !waiting.isEmpty { waiting[padding < 0 ? waiting.count - 1 : 0].discarded = padding }
      default: break
      }
      reader.skip(to: next)
    }
    // Where the file ends before the group does, it is not known how much of the block is sound.
    reader.skip(to: end)
    if reader.position < end { waiting = [] }
  }

  /// Track, time (which is not needed), flags, and the frames.
  private mutating func readBlock(until end: Int) {
    waiting = []
    reader.end = end
    defer { reader.end = .max }
    guard end - reader.position <= Self.blockLimit, let number = reader.number(longest: 8),
      number.value == track.number, reader.bytes(2) != nil, let flags = reader.byte(),
      let lengths = reader.frameLengths(Lacing(flags: flags))
    else { return }
    for length in lengths {
      guard let bytes = reader.bytes(length) else { break }
      waiting.append(Packet(bytes: bytes))
    }
    waiting.reverse()
  }
}
