import AudioIO
import HTTPServing

/// Content types of headerless samples.
private enum RawAudioType: String {
  /// RFC 2586 and RFC 3190: big-endian.
  case l16 = "audio/l16"
  case l24 = "audio/l24"
  /// No standard: little-endian, as the programs write it that use the name; 16 bits unless `bits` says 24 or 32.
  case pcm = "audio/pcm"
  /// RFC 2046: µ-law, 8 kHz, mono.
  case basic = "audio/basic"
  /// RFC 4856: 8 kHz unless said otherwise.
  case muLaw = "audio/pcmu"
  case aLaw = "audio/pcma"

  var isTelephone: Bool {
    switch self {
    case .basic, .muLaw, .aLaw: true
    case .l16, .l24, .pcm: false
    }
  }

  /// - Parameter bits: As the type's parameter says.
  /// - Returns: nil for bits that are not those of the type.
  func encoding(bits: String?) -> RawPCM.Encoding? {
    switch (self, bits) {
    case (.l16, nil), (.l16, "16"), (.pcm, nil), (.pcm, "16"): .signed16
    case (.l24, nil), (.l24, "24"), (.pcm, "24"): .signed24
    case (.pcm, "32"): .signed32
    case (.basic, nil), (.basic, "8"), (.muLaw, nil), (.muLaw, "8"): .muLaw
    case (.aLaw, nil), (.aLaw, "8"): .aLaw
    default: nil
    }
  }

  /// - Parameter name: As the type's parameter says.
  func byteOrder(_ name: String?) -> RawPCM.ByteOrder? {
    switch name?.lowercased() {
    case nil: self == .pcm ? .littleEndian : .bigEndian
    case "big-endian": .bigEndian
    case "little-endian": .littleEndian
    default: nil
    }
  }
}

/// Headerless samples, such as `audio/L16; rate=16000; channels=1`. Programs that cannot swap bytes add
/// `endianness=little-endian`.
/// - Returns: nil for any other type.
func rawFormat(_ contentType: String?) throws(UploadError) -> RawPCM? {
  guard let content = contentType.map(MediaType.init),
    let type = RawAudioType(rawValue: content.essence)
  else { return nil }
  let parameters = content.parameters
  guard let rate = Int(parameters["rate"] ?? (type.isTelephone ? "8000" : "")), rate > 0,
    let channels = Int(parameters["channels"] ?? "1"), channels > 0,
    let encoding = type.encoding(bits: parameters["bits"]),
    let order = type.byteOrder(parameters["endianness"])
  else { throw .rawFormat }
  return RawPCM(sampleRate: rate, channels: channels, encoding: encoding, byteOrder: order)
}

/// The same of a body that begins with these bytes: AU files are sent as `audio/basic`, too, and have a header.
func rawFormat(
  _ contentType: String?, of first: some Collection<UInt8>
) throws(UploadError) -> RawPCM? {
  let raw = try rawFormat(contentType)
  return first.starts(with: ".snd".utf8) && raw?.encoding == .muLaw ? nil : raw
}
