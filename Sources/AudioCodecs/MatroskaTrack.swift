/// What a Matroska file says of one of its tracks (RFC 9559, 5.1.4.1).
struct MatroskaTrack {
  /// What its blocks name it by.
  var number = 0
  var isAudio = false
  /// "A_OPUS", for instance.
  var codec = ""
  /// What the codec's decoder needs before the first frame.
  var codecPrivate: [UInt8] = []
  /// Nanoseconds to leave out at the beginning.
  var codecDelay = 0
  /// Hz.
  var sampleRate = 8000.0
  var channels = 1
  /// Bits of a sample; 0 where the file does not say.
  var bitDepth = 0
  /// Whether frames are packed or enciphered once more.
  var isEncoded = false

  /// Headers of codecs have a few kilobytes.
  private static let privateLimit = 1 << 20

  /// Takes what an element says, if it says something of a track.
  mutating func read(_ id: UInt32, _ size: Int, _ reader: inout EBMLReader) {
    switch id {
    case 0xD7: number = reader.unsigned(size) ?? 0
    case 0x83: isAudio = reader.unsigned(size) == 2
    case 0x86 where size <= 64:
      codec = String(decoding: (reader.bytes(size) ?? []).prefix { $0 != 0 }, as: UTF8.self)
    case 0x63A2 where size <= Self.privateLimit: codecPrivate = reader.bytes(size) ?? []
    case 0x56AA: codecDelay = reader.unsigned(size) ?? 0
    case 0xB5: sampleRate = reader.float(size) ?? 0
    case 0x9F: channels = reader.unsigned(size) ?? 0
    case 0x6264: bitDepth = reader.unsigned(size) ?? 0
    case 0x6D80: isEncoded = true
    default: break
    }
  }
}
