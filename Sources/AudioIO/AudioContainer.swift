/// The table of formats: the containers that are decoded, told apart by their first bytes alone. A new one is a case here,
/// and a fixture.
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
  case webm = "WEBM"
  case matroska = "MATROSKA"
  case mp3 = "MP3"

  /// A row of the table: what a container is called, and how its files are told.
  private struct Row {
    /// For people.
    let name: String
    /// Of files, in lower case.
    let extensions: [String]
    /// Whether a file begins so, with an encoding that is decoded where the first bytes name one.
    let isBegun: (Header) -> Bool
  }

  private var row: Row {
    switch self {
    case .wav:
      Row(name: "WAV", extensions: ["wav", "wave"]) {
        $0.holds("RIFF", "WAVE") || $0.holds("RIFX", "WAVE")
      }
    case .rf64: Row(name: "RF64", extensions: ["rf64"]) { $0.holds("RF64", "WAVE") }
    case .w64: Row(name: "W64", extensions: ["w64"]) { $0.bytes.starts(with: Self.w64Signature) }
    case .aiff:
      Row(name: "AIFF", extensions: ["aiff", "aif", "aifc"]) {
        $0.holds("FORM", "AIFF") || $0.holds("FORM", "AIFC")
      }
    case .au:
      Row(name: "AU", extensions: ["au", "snd"]) {
        $0.holds(".snd", at: 0) || $0.holds("dns.", at: 0)
      }
    case .caf:
      // The description comes first in a CAF file and names the encoding. ALAC is refused here already: libsndfile's
      // decoder prints about what it dislikes.
      Row(name: "CAF", extensions: ["caf"]) {
        $0.holds("caff", at: 0)
          && ($0.holds("lpcm", at: 28) || $0.holds("alaw", at: 28) || $0.holds("ulaw", at: 28))
      }
    case .flac: Row(name: "FLAC", extensions: ["flac"]) { $0.holds("fLaC", at: 0) }
    // The first page holds nothing but the first packet, which names the codec.
    case .vorbis:
      Row(name: "Ogg Vorbis", extensions: ["ogg", "oga"]) { $0.holdsOgg("\u{1}vor", "bis\u{0}") }
    case .opus:
      Row(name: "Ogg Opus", extensions: ["opus", "ogg", "oga"]) { $0.holdsOgg("Opus", "Head") }
    case .webm: Row(name: "WebM", extensions: ["webm", "weba"]) { $0.holdsEBML("webm") }
    case .matroska:
      Row(name: "Matroska", extensions: ["mka", "mkv"]) { $0.holdsEBML("matroska") }
    case .mp3: Row(name: "MP3", extensions: ["mp3"], isBegun: \.isLayerThree)
    }
  }

  /// "Ogg Vorbis": for people.
  package var name: String { row.name }

  /// All of them, for people: "WAV, FLAC or MP3".
  package static var list: String {
    let names = allCases.map(\.name)
    return "\(names.dropLast().joined(separator: ", ")) or \(names[names.count - 1])"
  }

  /// Those of its files, in lower case.
  package var extensions: [String] { row.extensions }

  /// Bytes that `init(header:)` looks at.
  package static let headerLength = 64

  /// - Parameter header: the first `headerLength` bytes, or all there are.
  /// - Throws: `malformed`, `unsupportedContainer` or `unsupportedEncoding` for what is known but not decoded,
  ///   else `unrecognized`.
  package init(header: [UInt8]) throws(AudioError) {
    let header = Header(bytes: header)
    guard let container = Self.allCases.first(where: { $0.row.isBegun(header) }) else {
      throw Self.refusal(of: header)
    }
    self = container
  }

  private static func refusal(of header: Header) -> AudioError {
    switch header.tag(at: 0) {
    case "caff"? where header.tag(at: 28) == nil: .malformed(container: "CAF")
    case "caff"?: .unsupportedEncoding(header.cafEncoding)
    case "OggS"? where header.tag(at: 32) == nil: .malformed(container: "OGG")
    case "OggS"?: .unsupportedEncoding(header.holdsOgg("Spee", "x   ") ? "OGG/SPEEX" : "OGG")
    default: known(header).map(AudioError.unsupportedContainer) ?? .unrecognized
    }
  }

  /// Containers that clients do send and that deserve to be named when refused.
  private static func known(_ header: Header) -> String? {
    header.holds("\u{1A}\u{45}\u{DF}\u{A3}", at: 0)
      ? "EBML" : ExternalContainer(header)?.rawValue
  }

  /// "riff" and the rest of its GUID: Sony Wave64.
  private static let w64Signature: [UInt8] = [
    0x72, 0x69, 0x66, 0x66, 0x2E, 0x91, 0xCF, 0x11,
    0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00,
  ]
}

/// The first bytes of a file.
struct Header {
  let bytes: [UInt8]

  /// Four bytes as a number, the first being the highest; nil past the end.
  private func code(at offset: Int) -> UInt32? {
    guard bytes.count >= offset + 4 else { return nil }
    return bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// nil past the end.
  func tag(at offset: Int) -> Tag? { code(at: offset).map(Tag.init) }

  func holds(_ tag: Tag, at offset: Int) -> Bool { self.tag(at: offset) == tag }

  /// A container of chunks, and what kind it is.
  func holds(_ container: Tag, _ kind: Tag) -> Bool {
    holds(container, at: 0) && holds(kind, at: 8)
  }

  func holdsOgg(_ first: Tag, _ second: Tag) -> Bool {
    holds("OggS", at: 0) && holds(first, at: 28) && holds(second, at: 32)
  }

  /// An EBML file (RFC 8794) of this document type: an element of the header, which has a dozen and begins with any.
  func holdsEBML(_ type: String) -> Bool {
    let element = [0x42, 0x82, 0x80 | UInt8(type.utf8.count)] + Array(type.utf8)
    return holds("\u{1A}\u{45}\u{DF}\u{A3}", at: 0) && bytes.firstRange(of: element) != nil
  }

  var isLayerThree: Bool { code(at: 0).flatMap(LayerThreeHeader.init) != nil }

  /// What a CAF file holds that is not decoded here.
  var cafEncoding: String {
    switch tag(at: 28) {
    case "alac"?: "CAF/ALAC"
    case "ima4"?: "CAF/IMA4"
    case "opus"?: "CAF/OPUS"
    case "aac "?: "CAF/AAC"
    default: "CAF"
    }
  }

  var isADTS: Bool { bytes.count >= 2 && bytes[0] == 0xFF && bytes[1] & 0xF6 == 0xF0 }

  /// A frame of AC-3 or E-AC-3 (ETSI TS 102 366): its first word, and a version that exists.
  var isAC3: Bool {
    bytes.count >= 6 && bytes[0] == 0x0B && bytes[1] == 0x77 && 6...16 ~= bytes[5] >> 3
  }

  /// A file of QuickTime's boxes (ISO/IEC 14496-12). Old ones have no type in front.
  var isMP4: Bool {
    let old: [Tag] = ["moov", "mdat", "wide", "free", "skip", "pnot"]
    guard let tag = tag(at: 4) else { return false }
    return tag == "ftyp" || bytes[0] == 0 && old.contains(tag)
  }
}
