/// A container and an encoding in libsndfile's numbering, and the ones that are decoded here.
package struct AudioFormat: Equatable, Sendable {
  /// libsndfile's `SF_INFO.format`.
  package let code: Int32

  package init(code: Int32) { self.code = code }

  private var container: String? { Self.containers[Int(code) & 0x0FFF_0000] }
  private var encoding: Int { Int(code) & 0xFFFF }

  package static let mp3 = AudioFormat(code: 0x23_0082)
  package static let vorbis = AudioFormat(code: 0x20_0060)
  package static let opus = AudioFormat(code: 0x20_0064)

  /// "WAV/PCM_16", "OGG/OPUS", "MP3": named as libsndfile's own constants are.
  package var name: String {
    let encodingName =
      Self.encodings[encoding] ?? Self.refusedEncodings[encoding] ?? Self.matroskaCodecs[encoding]
      ?? Self.externalCodecs[encoding] ?? "encoding \(encoding)"
    guard let container else { return encodingName }
    return encoding == 0x82 || encodingName == container
      ? container : "\(container)/\(encodingName)"
  }

  /// Whether both halves are on the list.
  package var isDecoded: Bool { container != nil && Self.encodings[encoding] != nil }

  /// Whether samples are stored as linear integers.
  package var holdsIntegers: Bool { Self.integers.contains(encoding) }

  /// Whether samples are stored as floats, which can hold what is louder than full scale.
  package var holdsFloats: Bool { encoding == 0x06 || encoding == 0x07 }

  private static let integers = [
    0x01, 0x05, 0x02, 0x03, 0x04,
  ]

  private static let containers = [
    0x01_0000: "WAV", 0x13_0000: "WAV", 0x22_0000: "RF64", 0x0B_0000: "W64",
    0x02_0000: "AIFF", 0x03_0000: "AU", 0x18_0000: "CAF", 0x17_0000: "FLAC",
    0x20_0000: "OGG", 0x23_0000: "MP3", 0x04_0000: "RAW",
    0x70_0000: "WEBM", 0x71_0000: "MATROSKA", 0x72_0000: "MP4", 0x73_0000: "AAC",
    0x74_0000: "AMR", 0x75_0000: "WMA", 0x76_0000: "AC3", 0x77_0000: "WAVPACK",
  ]

  private static let encodings = [
    0x01: "PCM_S8", 0x05: "PCM_U8", 0x02: "PCM_16",
    0x03: "PCM_24", 0x04: "PCM_32", 0x06: "FLOAT",
    0x07: "DOUBLE", 0x11: "ALAW", 0x10: "ULAW",
    0x12: "IMA_ADPCM", 0x13: "MS_ADPCM", 0x60: "VORBIS",
    0x64: "OPUS", 0x82: "MPEG_LAYER_III",
    0x20: "GSM610",
  ]

  /// Rare telephone codecs, tracker codecs and ALAC: hardly ever sent, and libsndfile's least exercised code.
  private static let refusedEncodings = [
    0x21: "VOX_ADPCM",
    0x22: "NMS_ADPCM_16", 0x23: "NMS_ADPCM_24",
    0x24: "NMS_ADPCM_32", 0x30: "G721_32",
    0x31: "G723_24", 0x32: "G723_40", 0x40: "DWVW_12",
    0x41: "DWVW_16", 0x42: "DWVW_24", 0x43: "DWVW_N",
    0x70: "ALAC_16", 0x71: "ALAC_20", 0x72: "ALAC_24",
    0x73: "ALAC_32",
  ]
}
