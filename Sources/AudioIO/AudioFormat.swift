import CSndfile

/// A container and an encoding in libsndfile's numbering, and the ones that are decoded here.
struct AudioFormat {
  /// libsndfile's `SF_INFO.format`.
  let code: Int32

  /// "WAV/PCM_16", "OGG/OPUS", "MP3": the names that libsndfile's own constants carry.
  var name: String {
    let container = container ?? "UNKNOWN"
    guard container != "MP3" else { return container }
    return "\(container)/\(encoding ?? "UNKNOWN")"
  }

  /// Whether both halves are on the list. Telephone and tracker codecs (GSM, G.72x, VOX, DWVW, DPCM) and
  /// ALAC are not: hardly sent, and the least exercised of libsndfile's parsers.
  var isDecoded: Bool { container != nil && encoding != nil }

  private var container: String? {
    switch Int(code) & SF_FORMAT_TYPEMASK {
    case SF_FORMAT_WAV, SF_FORMAT_WAVEX: "WAV"
    case SF_FORMAT_RF64: "RF64"
    case SF_FORMAT_W64: "W64"
    case SF_FORMAT_AIFF: "AIFF"
    case SF_FORMAT_AU: "AU"
    case SF_FORMAT_CAF: "CAF"
    case SF_FORMAT_FLAC: "FLAC"
    case SF_FORMAT_OGG: "OGG"
    case SF_FORMAT_MPEG: "MP3"
    case SF_FORMAT_RAW: "RAW"
    default: nil
    }
  }

  private var encoding: String? {
    switch Int(code) & SF_FORMAT_SUBMASK {
    case SF_FORMAT_PCM_S8: "PCM_S8"
    case SF_FORMAT_PCM_U8: "PCM_U8"
    case SF_FORMAT_PCM_16: "PCM_16"
    case SF_FORMAT_PCM_24: "PCM_24"
    case SF_FORMAT_PCM_32: "PCM_32"
    case SF_FORMAT_FLOAT: "FLOAT"
    case SF_FORMAT_DOUBLE: "DOUBLE"
    case SF_FORMAT_ALAW: "ALAW"
    case SF_FORMAT_ULAW: "ULAW"
    case SF_FORMAT_IMA_ADPCM: "IMA_ADPCM"
    case SF_FORMAT_MS_ADPCM: "MS_ADPCM"
    case SF_FORMAT_VORBIS: "VORBIS"
    case SF_FORMAT_OPUS: "OPUS"
    case SF_FORMAT_MPEG_LAYER_III: "MPEG_LAYER_III"
    default: nil
    }
  }
}

extension RawPCM {
  var format: AudioFormat {
    let order = byteOrder == .bigEndian ? SF_ENDIAN_BIG : SF_ENDIAN_LITTLE
    return AudioFormat(code: Int32(SF_FORMAT_RAW | SF_FORMAT_PCM_16 | order))
  }
}
