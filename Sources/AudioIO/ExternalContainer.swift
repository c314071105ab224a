/// Containers that the external decoder is asked to read, told apart by their first bytes. Those that our libraries read too
/// are here for the codecs that these do not know.
package enum ExternalContainer: String, CaseIterable, Sendable {
  case mp4 = "MP4"
  case aac = "AAC"
  case amr = "AMR"
  case wma = "WMA"
  case ac3 = "AC3"
  case wavpack = "WAVPACK"
  case wav = "WAV"
  case caf = "CAF"
  case ogg = "OGG"
  case webm = "WEBM"
  case matroska = "MATROSKA"

  /// - Returns: nil for what begins as none of them does.
  init?(_ header: Header) {
    let known: [(Self, Bool)] = [
      (.amr, header.holds("#!AM", at: 0)), (.wma, header.holds("\u{30}\u{26}\u{B2}\u{75}", at: 0)),
      (.wavpack, header.holds("wvpk", at: 0)), (.mp4, header.isMP4), (.aac, header.isADTS),
      (.ac3, header.isAC3), (.wav, header.holds("RIFF", "WAVE")),
      (.caf, header.holds("caff", at: 0)),
      (.ogg, header.holds("OggS", at: 0)), (.webm, header.holdsEBML("webm")),
      (.matroska, header.holdsEBML("matroska")),
    ]
    guard let found = known.first(where: \.1) else { return nil }
    self = found.0
  }

  /// ffmpeg's demuxer: it is asked for by name, so that no other one looks at the bytes.
  package var demuxer: String {
    switch self {
    case .mp4: "mov"
    case .aac: "aac"
    case .amr: "amr"
    case .wma: "asf"
    case .ac3: "ac3"
    case .wavpack: "wv"
    case .wav: "wav"
    case .caf: "caf"
    case .ogg: "ogg"
    case .webm, .matroska: "matroska"
    }
  }

  /// Whether no library of ours has read more than the first bytes.
  var isForeign: Bool {
    switch self {
    case .mp4, .aac, .amr, .wma, .ac3, .wavpack: true
    case .wav, .caf, .ogg, .webm, .matroska: false
    }
  }

  /// In `AudioFormat`'s numbers.
  fileprivate var number: Int32 {
    switch self {
    case .mp4: 0x72_0000
    case .aac: 0x73_0000
    case .amr: 0x74_0000
    case .wma: 0x75_0000
    case .ac3: 0x76_0000
    case .wavpack: 0x77_0000
    case .wav: 0x01_0000
    case .caf: 0x18_0000
    case .ogg: 0x20_0000
    case .webm: 0x70_0000
    case .matroska: 0x71_0000
    }
  }
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
