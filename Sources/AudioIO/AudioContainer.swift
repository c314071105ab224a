/// The containers that are decoded, told apart by their first bytes alone.
///
/// libsndfile knows two dozen more and guesses among them; what is not named here never reaches its parsers.
package enum AudioContainer: String, CaseIterable, Sendable {
  case wav = "WAV"
  case rf64 = "RF64"
  case w64 = "W64"
  case aiff = "AIFF"
  case au = "AU"
  case caf = "CAF"
  case flac = "FLAC"
  case vorbis = "OGG/VORBIS"
  case opus = "OGG/OPUS"
  case mp3 = "MP3"

  /// Bytes that `init(header:)` looks at.
  static let headerLength = 36

  /// - Parameter header: the first `headerLength` bytes, or all there are.
  /// - Throws: `unsupportedContainer` or `unsupportedEncoding` for what is known but not decoded,
  ///   else `unrecognized`.
  init(header: [UInt8]) throws(AudioError) {
    guard let container = try Self.decoded(header) else {
      throw Self.known(header).map(AudioError.unsupportedContainer) ?? .unrecognized
    }
    self = container
  }

  private static func decoded(_ header: [UInt8]) throws(AudioError) -> AudioContainer? {
    switch (tag(header, at: 0), tag(header, at: 8)) {
    case ("RIFF", "WAVE"), ("RIFX", "WAVE"): .wav
    case ("RF64", "WAVE"): .rf64
    case ("riff", _) where Array(header.prefix(16)) == w64Signature: .w64
    case ("FORM", "AIFF"), ("FORM", "AIFC"): .aiff
    case (".snd", _), ("dns.", _): .au
    case ("caff", _): try caf(header)
    case ("fLaC", _): .flac
    case ("OggS", _): try ogg(header)
    default: isLayerThree(header) ? .mp3 : nil
    }
  }

  /// The description comes first in a CAF file and names the encoding. ALAC is refused here already:
  /// libsndfile's decoder prints about what it dislikes.
  private static func caf(_ header: [UInt8]) throws(AudioError) -> AudioContainer {
    switch tag(header, at: 28) {
    case "lpcm", "alaw", "ulaw": .caf
    case "": throw .malformed(container: "CAF")
    case "alac": throw .unsupportedEncoding("CAF/ALAC")
    default: throw .unsupportedEncoding("CAF")
    }
  }

  /// The first page holds nothing but the first packet, which names the codec.
  private static func ogg(_ header: [UInt8]) throws(AudioError) -> AudioContainer {
    switch (tag(header, at: 28), tag(header, at: 32)) {
    case ("\u{1}vor", "bis\u{0}"): .vorbis
    case ("Opus", "Head"): .opus
    case (_, ""): throw .malformed(container: "OGG")
    default: throw .unsupportedEncoding("OGG")
    }
  }

  /// Containers that clients do send and that deserve to be named when refused.
  private static func known(_ header: [UInt8]) -> String? {
    switch (tag(header, at: 0), tag(header, at: 4)) {
    case (_, "ftyp"): "MP4"
    case ("\u{1A}\u{45}\u{DF}\u{A3}", _): "WebM"
    case ("#!AM", _): "AMR"
    case ("\u{30}\u{26}\u{B2}\u{75}", _): "WMA"
    case _ where isADTS(header): "AAC"
    default: nil
    }
  }

  /// Four bytes as Latin-1 text; empty past the end.
  private static func tag(_ header: [UInt8], at offset: Int) -> String {
    guard header.count >= offset + 4 else { return "" }
    return String(
      String.UnicodeScalarView(header[offset..<offset + 4].map { Unicode.Scalar($0) }))
  }

  /// Sync word, layer III, and no reserved version, bit rate or sample rate (ISO 11172-3, 2.4.1.3).
  private static func isLayerThree(_ header: [UInt8]) -> Bool {
    guard header.count >= 4, header[0] == 0xFF, header[1] & 0xE6 == 0xE2 else { return false }
    let version = header[1] >> 3 & 3
    let bitRate = header[2] >> 4
    let sampleRate = header[2] >> 2 & 3
    return version != 1 && bitRate != 0 && bitRate != 15 && sampleRate != 3
  }

  private static func isADTS(_ header: [UInt8]) -> Bool {
    header.count >= 2 && header[0] == 0xFF && header[1] & 0xF6 == 0xF0
  }

  /// "riff" and the rest of its GUID: Sony Wave64.
  private static let w64Signature: [UInt8] = [
    0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11,
    0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00,
  ]
}
