extension AudioFormat {
  /// WebM or Matroska, which libsndfile has no numbers for, with a codec by Matroska's name for it.
  package init(matroska codec: String, in container: AudioContainer) {
    let encoding: Int
    switch codec {
    case "A_OPUS": encoding = 0x64
    case "A_VORBIS": encoding = 0x60
    case "A_FLAC": encoding = Self.matroskaFirst
    default:
      let known = Self.matroskaNames.firstIndex(where: codec.hasPrefix)
      encoding = Self.matroskaFirst + (known ?? Self.matroskaNames.count - 1)
    }
    let number = container == .webm ? 0x70_0000 : 0x71_0000
    self.init(code: Int32(number | encoding))
  }

  private static let matroskaFirst = 0x0F00

  /// What FLAC is called, and then what is refused by name. The last stands for all others: names that strangers make up
  /// are not repeated.
  private static let matroskaNames = [
    "FLAC", "A_AAC", "A_AC3", "A_EAC3", "A_ALAC", "A_DTS", "A_MPEG/L1", "A_MPEG/L2", "A_MPEG/L3",
    "A_MS/ACM", "A_PCM", "A_QUICKTIME", "A_REAL", "A_TRUEHD", "A_TTA1", "A_WAVPACK4",
    "another codec",
  ]

  static let matroskaCodecs = Dictionary(
    uniqueKeysWithValues: matroskaNames.enumerated().map { (matroskaFirst + $0, $1) })
}
