import AudioIO
import HTTPServing

/// `audio/L16; rate=16000; channels=1`: headerless samples, big-endian (RFC 2586). Programs that cannot swap bytes add
/// `endianness=little-endian`.
func rawFormat(_ contentType: String?) throws(UploadError) -> RawPCM? {
  guard let type = contentType.map(MediaType.init), type.essence == "audio/l16" else { return nil }
  guard let rate = type.parameters["rate"].flatMap(Int.init), rate > 0,
    let channels = Int(type.parameters["channels"] ?? "1"), channels > 0,
    let order = byteOrder(type.parameters["endianness"])
  else { throw .rawFormat }
  return RawPCM(sampleRate: rate, channels: channels, byteOrder: order)
}

private func byteOrder(_ name: String?) -> RawPCM.ByteOrder? {
  switch name {
  case nil, "big-endian": .bigEndian
  case "little-endian": .littleEndian
  default: nil
  }
}
