package import AudioIO

/// An Ogg Opus recording: libopus over the packets of an Ogg file.
///
/// libsndfile 1.2 decodes it with the same libopus, but hands out memory that nobody wrote where packets
/// are damaged.
package struct OpusFile: FrameReader, ~Copyable {
  private let decoder: OpusDecoder
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
    guard let header = packets.next().flatMap({ OpusHeader($0.bytes) }),
      packets.next()?.bytes.starts(with: Array("OpusTags".utf8)) == true,
      let decoder = OpusDecoder(header)
    else { throw .malformed }
    self.decoder = decoder
    page = packets.page
    self.packets = packets
    properties = RecordingProperties(
      format: .opus, sampleRate: header.sampleRate,
      channels: header.channels)
    step = 48_000 / header.sampleRate
    framesToSkip = header.preSkip / step
  }

  /// Decodes one packet at a time; one that cannot be decoded is left out.
  package mutating func read(into samples: inout [Float]) -> Int {
    while let packet = packets.next()?.bytes {
      if packets.page.number != page.number { turn(to: packets.page) }
      let frames = trimmed(decoder.decode(packet, into: &samples))
      let skipped = min(framesToSkip, frames)
      framesToSkip -= skipped
      if frames > skipped { return drop(skipped, of: frames, from: &samples) }
    }
    return 0
  }

  /// On its last page a stream says where it ends: within a packet, mostly.
  private mutating func turn(to next: OggPackets.Page) {
    let (length, overflow) = next.granulePosition.subtractingReportingOverflow(page.granulePosition)
    if next.isLast, next.granulePosition >= 0, page.granulePosition >= 0, !overflow {
      remaining = max(0, length)
    }
    page = next
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
