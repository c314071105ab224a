import AudioIO

extension CodecRecording {
  /// Opens a WebM or Matroska file: its track's codec chooses the decoder.
  init(matroska source: some ByteSource, _ container: AudioContainer) throws(CodecError) {
    let packets = try MatroskaPackets(source)
    let track = packets.track
    let format = AudioFormat(matroska: track.codec, in: container)
    guard !track.isEncoded else { throw .encoding(format) }
    switch track.codec {
    case "A_FLAC":
      let stream = try FLACStream(packets)
      self = .soundFile(try SoundFile(stream.source, as: format))
    case "A_OPUS":
      guard let header = OpusHeader(track.codecPrivate), let decoder = OpusDecoder(header) else {
        throw .malformed
      }
      // The header's own number of samples is exact; only few files leave it to the container.
      let skip = header.preSkip == 0 ? nil : header.preSkip * header.sampleRate / 48_000
      self = .matroska(MatroskaFile(packets, decoder, format, skip: skip))
    case "A_VORBIS":
      guard let decoder = VorbisDecoder(headers: track.codecPrivate) else { throw .malformed }
      self = .matroska(MatroskaFile(packets, decoder, format))
    default:
      try self.init(plain: packets, format, container)
    }
  }

  private init(
    plain packets: MatroskaPackets, _ format: AudioFormat, _ container: AudioContainer
  ) throws(CodecError) {
    let track = packets.track
    guard 1...DecoderMemory.maximumChannels ~= track.channels else {
      throw .channels(track.channels)
    }
    guard 1...1e6 ~= track.sampleRate else { throw .malformed }
    guard let pcm = PCMFormat(track) else { throw .encoding(format) }
    let name = pcm.format(in: format.code & ~0xFFFF)
    self = .matroska(MatroskaFile(packets, PCMPackets(pcm), name))
  }
}

/// A FLAC file made of the frames of a Matroska file.
private struct FLACStream {
  let source: ArrivingBytes

  /// - Throws: `malformed` where the first of FLAC's metadata blocks is missing. Those after it, which may hold pictures,
  ///   do not reach the decoder.
  init(_ packets: MatroskaPackets) throws(CodecError) {
    let header = packets.track.codecPrivate
    guard header.count >= 42, header.starts(with: Array("fLaC".utf8)), header[4] & 0x7F == 0,
      header[5..<8].elementsEqual([0, 0, 34])
    else { throw .malformed }
    let isLast: UInt8 = 0x80
    var beginning: [UInt8]? = Array("fLaC".utf8) + [isLast, 0, 0, 34] + header[8..<42]
    var packets = packets
    source = ArrivingBytes {
      defer { beginning = nil }
      return beginning ?? packets.next()?.bytes
    }
  }
}
