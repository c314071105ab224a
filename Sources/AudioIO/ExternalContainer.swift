/// Containers that the external decoder is asked to read, told apart by their first bytes. Those that our libraries read too
/// are here for the codecs that these do not know.
package enum ExternalContainer: String, CaseIterable, Sendable {
  case amr = "AMR"
  case wma = "WMA"
  case wavpack = "WAVPACK"
  case mp4 = "MP4"
  case aac = "AAC"
  case ac3 = "AC3"
  case wav = "WAV"
  case caf = "CAF"
  case ogg = "OGG"
  case webm = "WEBM"
  case matroska = "MATROSKA"

  /// A row of the table.
  private struct Row {
    /// ffmpeg's: it is asked for by name, so that no other one looks at the bytes.
    let demuxer: String
    /// In `AudioFormat`'s numbers.
    let number: Int32
    /// Whether no library of ours has read more than the first bytes.
    var isForeign = true
    /// Whether a file begins so.
    let isBegun: (Header) -> Bool
  }

  private var row: Row {
    switch self {
    case .amr: Row(demuxer: "amr", number: 0x74_0000) { $0.holds("#!AM", at: 0) }
    case .wma:
      Row(demuxer: "asf", number: 0x75_0000) { $0.holds("\u{30}\u{26}\u{B2}\u{75}", at: 0) }
    case .wavpack: Row(demuxer: "wv", number: 0x77_0000) { $0.holds("wvpk", at: 0) }
    case .mp4: Row(demuxer: "mov", number: 0x72_0000, isBegun: \.isMP4)
    case .aac: Row(demuxer: "aac", number: 0x73_0000, isBegun: \.isADTS)
    case .ac3: Row(demuxer: "ac3", number: 0x76_0000, isBegun: \.isAC3)
    case .wav:
      Row(demuxer: "wav", number: 0x01_0000, isForeign: false) { $0.holds("RIFF", "WAVE") }
    case .caf: Row(demuxer: "caf", number: 0x18_0000, isForeign: false) { $0.holds("caff", at: 0) }
    case .ogg: Row(demuxer: "ogg", number: 0x20_0000, isForeign: false) { $0.holds("OggS", at: 0) }
    case .webm:
      Row(demuxer: "matroska", number: 0x70_0000, isForeign: false) { $0.holdsEBML("webm") }
    case .matroska:
      Row(demuxer: "matroska", number: 0x71_0000, isForeign: false) { $0.holdsEBML("matroska") }
    }
  }

  /// - Returns: nil for what begins as none of them does.
  init?(_ header: Header) {
    guard let found = Self.allCases.first(where: { $0.row.isBegun(header) }) else { return nil }
    self = found
  }

  /// ffmpeg's name for what reads it.
  package var demuxer: String { row.demuxer }

  /// Whether no library of ours has read more than the first bytes.
  var isForeign: Bool { row.isForeign }

  /// In `AudioFormat`'s numbers.
  fileprivate var number: Int32 { row.number }
}

extension AudioFormat {
  /// A container with a codec by ffmpeg's name for it.
  package init(_ container: ExternalContainer, codec: String) {
    let index = Self.externalNames.firstIndex(of: codec.uppercased())
    let encoding = Self.externalFirst + (index ?? Self.externalNames.count - 1)
    self.init(code: container.number | Int32(encoding))
  }

  private static let externalFirst = 0x0E00

  /// What ffmpeg calls codecs, in capitals. The last stands for all others.
  private static let externalNames = [
    "AAC", "ALAC", "AC3", "EAC3", "AMR_NB", "AMR_WB", "WMAV1", "WMAV2", "WMAPRO", "WMALOSSLESS",
    "WMAVOICE", "WAVPACK", "SPEEX", "OPUS", "VORBIS", "FLAC", "MP2", "MP3", "DTS", "TRUEHD", "TTA",
    "ADPCM_IMA_QT", "ADPCM_IMA_WAV", "ADPCM_MS", "ADPCM_G722", "ADPCM_G726", "G723_1", "G729",
    "TRUESPEECH", "GSM", "GSM_MS", "QCELP", "QDM2", "NELLYMOSER", "PCM_S16LE", "PCM_S16BE",
    "PCM_S24LE", "PCM_S24BE", "PCM_S32LE", "PCM_S32BE", "PCM_F32LE", "PCM_F32BE", "PCM_ALAW",
    "PCM_MULAW", "another codec",
  ]

  static let externalCodecs = Dictionary(
    uniqueKeysWithValues: externalNames.enumerated().map { (externalFirst + $0, $1) })
}
