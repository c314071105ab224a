import AudioIO

extension VorbisDecoder: PacketDecoder {
  /// From the three headers of a Vorbis stream in one piece, laced as Xiph laces, as Matroska keeps them.
  /// - Returns: nil where they are not whole, or ask for more than an encoder would.
  convenience init?(headers: [UInt8]) {
    var reader = EBMLReader(MemorySource(headers))
    reader.end = headers.count
    guard let lengths = reader.frameLengths(.xiph), lengths.count == 3,
      let identification = reader.bytes(lengths[0]), reader.bytes(lengths[1]) != nil,
      let setup = reader.bytes(lengths[2]), VorbisSetup.isReasonable(setup)
    else { return nil }
    self.init(identification, setup)
  }

  func decode(_ packet: [UInt8]) -> [Float] {
    decode(OggPackets.Packet(bytes: packet, isLast: false, granulePosition: -1, number: 0))
    var (samples, part): ([Float], [Float]) = (
      [], [Float](repeating: 0, count: DecoderMemory.packetFrames * channels)
    )
    while case let frames = take(into: &part), frames > 0 {
      samples += part.prefix(frames * channels)
    }
    return samples
  }
}
