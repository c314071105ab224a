import CSndfile

/// A container and an encoding in libsndfile's numbering, and the ones that are decoded here.
struct AudioFormat {
  /// libsndfile's `SF_INFO.format`.
  let code: Int32

  private var container: String? { Self.containers[Int(code) & SF_FORMAT_TYPEMASK] }
  private var encoding: Int { Int(code) & SF_FORMAT_SUBMASK }

  /// "WAV/PCM_16", "OGG/OPUS", "MP3": named as libsndfile's own constants are.
  var name: String {
    let encodingName =
      Self.encodings[encoding] ?? Self.refusedEncodings[encoding] ?? "encoding \(encoding)"
    guard let container else { return encodingName }
    return encoding == SF_FORMAT_MPEG_LAYER_III ? container : "\(container)/\(encodingName)"
  }

  /// Whether both halves are on the list.
  var isDecoded: Bool { container != nil && Self.encodings[encoding] != nil }

  /// Whether samples are stored as linear integers.
  var holdsIntegers: Bool { Self.integers.contains(encoding) }

  private static let integers = [
    SF_FORMAT_PCM_S8, SF_FORMAT_PCM_U8, SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_PCM_32,
  ]

  private static let containers = [
    SF_FORMAT_WAV: "WAV", SF_FORMAT_WAVEX: "WAV", SF_FORMAT_RF64: "RF64", SF_FORMAT_W64: "W64",
    SF_FORMAT_AIFF: "AIFF", SF_FORMAT_AU: "AU", SF_FORMAT_CAF: "CAF", SF_FORMAT_FLAC: "FLAC",
    SF_FORMAT_OGG: "OGG", SF_FORMAT_MPEG: "MP3", SF_FORMAT_RAW: "RAW",
  ]

  private static let encodings = [
    SF_FORMAT_PCM_S8: "PCM_S8", SF_FORMAT_PCM_U8: "PCM_U8", SF_FORMAT_PCM_16: "PCM_16",
    SF_FORMAT_PCM_24: "PCM_24", SF_FORMAT_PCM_32: "PCM_32", SF_FORMAT_FLOAT: "FLOAT",
    SF_FORMAT_DOUBLE: "DOUBLE", SF_FORMAT_ALAW: "ALAW", SF_FORMAT_ULAW: "ULAW",
    SF_FORMAT_IMA_ADPCM: "IMA_ADPCM", SF_FORMAT_MS_ADPCM: "MS_ADPCM", SF_FORMAT_VORBIS: "VORBIS",
    SF_FORMAT_OPUS: "OPUS", SF_FORMAT_MPEG_LAYER_III: "MPEG_LAYER_III",
  ]

  /// Telephone and tracker codecs and ALAC: hardly ever sent, and libsndfile's least exercised code.
  private static let refusedEncodings = [
    SF_FORMAT_GSM610: "GSM610", SF_FORMAT_VOX_ADPCM: "VOX_ADPCM",
    SF_FORMAT_NMS_ADPCM_16: "NMS_ADPCM_16", SF_FORMAT_NMS_ADPCM_24: "NMS_ADPCM_24",
    SF_FORMAT_NMS_ADPCM_32: "NMS_ADPCM_32", SF_FORMAT_G721_32: "G721_32",
    SF_FORMAT_G723_24: "G723_24", SF_FORMAT_G723_40: "G723_40", SF_FORMAT_DWVW_12: "DWVW_12",
    SF_FORMAT_DWVW_16: "DWVW_16", SF_FORMAT_DWVW_24: "DWVW_24", SF_FORMAT_DWVW_N: "DWVW_N",
    SF_FORMAT_ALAC_16: "ALAC_16", SF_FORMAT_ALAC_20: "ALAC_20", SF_FORMAT_ALAC_24: "ALAC_24",
    SF_FORMAT_ALAC_32: "ALAC_32",
  ]
}

extension RawPCM {
  var format: AudioFormat {
    let order = byteOrder == .bigEndian ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE
    return AudioFormat(code: Int32(SF_FORMAT_RAW | SF_FORMAT_PCM_16 | order))
  }
}
