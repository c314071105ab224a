package import AudioIO

/// An Ogg Opus recording: libopus over the packets of an Ogg file.
///
/// libsndfile 1.2 decodes it with the same libopus, but hands out memory that nobody wrote where packets
/// are damaged.
package struct OpusFile: FrameReader, ~Copyable {
  /// Of the stream that is read.
  private var decoder: OpusDecoder
  private var packets: OggPackets
  package let properties: RecordingProperties
  /// 48 kHz samples per decoded frame: what granule positions count.
  private let step: Int
  /// Frames at the beginning still to be left out.
  private var framesToSkip: Int
  /// The page that the last packet ended on.
  private var page: OggPackets.Page
  /// 48 kHz samples that the stream still has: known once its last page is reached.
  private var remaining: Int64?

  /// - Throws: `malformed` where the headers are not whole.
  init(_ source: some ByteSource) throws(CodecError) {
    var packets = OggPackets(source)
    guard let header = Self.header(&packets), let decoder = OpusDecoder(header) else {
      throw .malformed
    }
    self.decoder = decoder
    page = packets.page
    self.packets = packets
    properties = RecordingProperties(
      format: .opus, sampleRate: header.sampleRate,
      channels: header.channels)
    step = 48_000 / header.sampleRate
    framesToSkip = header.preSkip / step
  }

  private static func header(_ packets: inout OggPackets) -> OpusHeader? {
    guard let header = packets.next().flatMap({ OpusHeader($0.bytes) }),
      packets.next()?.bytes.starts(with: Array("OpusTags".utf8)) == true
    else { return nil }
    return header
  }

  /// Decodes one packet at a time; one that cannot be decoded is left out. Streams chained to the first follow it.
  package mutating func read(into samples: inout [Float]) throws(CodecError) -> Int {
    while true {
      guard let packet = packets.next()?.bytes else {
        guard try beginLink() else { return 0 }
        continue
      }
      if packets.page.number != page.number { turn(to: packets.page) }
      let frames = trimmed(decode(packet, into: &samples))
      let skipped = min(framesToSkip, frames)
      framesToSkip -= skipped
      if frames > skipped { return drop(skipped, of: frames, from: &samples) }
    }
  }

  /// The decoder gives any stream at the first one's rate.
  /// - Returns: false where no stream follows.
  /// - Throws: `changed` where the next one has another codec.
  private mutating func beginLink() throws(CodecError) -> Bool {
    switch packets.beginLink("OpusHead") {
    case .none: return false
    case .other: throw .changed
    case .same:
      // A stream whose headers are damaged has nothing that could be decoded.
      guard let header = Self.header(&packets),
        let next = OpusDecoder(header, sampleRate: properties.sampleRate)
      else { return true }
      (decoder, framesToSkip) = (next, header.preSkip / step)
      (page, remaining) = (packets.page, nil)
      return true
    }
  }

  /// On its last page a stream says where it ends: within a packet, mostly.
  private mutating func turn(to next: OggPackets.Page) {
    let (length, overflow) = next.granulePosition.subtractingReportingOverflow(page.granulePosition)
    if next.isLast, next.granulePosition >= 0, page.granulePosition >= 0, !overflow {
      remaining = max(0, length)
    }
    page = next
  }

  private func decode(_ packet: [UInt8], into samples: inout [Float]) -> Int {
    let (channels, width) = (decoder.channels, properties.channels)
    guard channels != width else { return decoder.decode(packet, into: &samples) }
    var block = [Float](repeating: 0, count: samples.count / width * channels)
    let frames = decoder.decode(packet, into: &block)
    samples.setMeans(of: block, frames: frames, channels: channels, width: width)
    return frames
  }

  /// How many of the frames just decoded belong to the recording.
  private mutating func trimmed(_ frames: Int) -> Int {
    guard let left = remaining else { return frames }
    remaining = max(0, left - Int64(frames * step))
    return min(frames, Int(left) / step)
  }

  /// Moves the frames after the first `skipped` to the front.
  private func drop(_ skipped: Int, of frames: Int, from samples: inout [Float]) -> Int {
    let channels = properties.channels
    if skipped > 0 {
      for index in 0..<(frames - skipped) * channels {
        samples[index] = samples[index + skipped * channels]
      }
    }
    return frames - skipped
  }
}
