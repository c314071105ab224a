package import AudioIO

/// A WebM or Matroska recording whose packets a decoder takes one by one.
package struct MatroskaFile: FrameReader {
  package let properties: RecordingProperties
  private var packets: MatroskaPackets
  private let decoder: any PacketDecoder
  /// Frames at the beginning still to be left out.
  private var framesToSkip: Int
  /// Of the last packet.
  private var block: ArraySlice<Float> = []

  /// - Parameter skip: Frames at the beginning to leave out; nil where the file says how long they are.
  init(
    _ packets: MatroskaPackets, _ decoder: any PacketDecoder, _ format: AudioFormat,
    skip: Int? = nil
  ) {
    self.packets = packets
    self.decoder = decoder
    framesToSkip = skip ?? decoder.frames(nanoseconds: packets.track.codecDelay)
    properties = RecordingProperties(
      format: format, sampleRate: decoder.sampleRate, channels: decoder.channels)
  }

  package mutating func read(into samples: inout [Float]) -> Int {
    while block.isEmpty {
      guard let packet = packets.next() else { return 0 }
      block = trimmed(decoder.decode(packet.bytes), packet.discarded)
    }
    let frames = min(block.count, samples.count) / properties.channels
    let part = block.prefix(frames * properties.channels)
    samples.replaceSubrange(0..<part.count, with: part)
    block = block.dropFirst(part.count)
    return frames
  }

  /// Without what the file's beginning, and the packet's block, say is no sound of the recording.
  private mutating func trimmed(_ samples: [Float], _ discarded: Int) -> ArraySlice<Float> {
    let channels = properties.channels
    let skipped = min(framesToSkip, samples.count / channels)
    framesToSkip -= skipped
    let ends = decoder.frames(nanoseconds: discarded)
    return samples.dropFirst((skipped + max(0, -ends)) * channels).dropLast(
      max(0, ends) * channels)
  }
}

extension PacketDecoder {
  /// In so much time, to the nearest; a file may claim any, so at most as many as no recording has.
  fileprivate func frames(nanoseconds: Int) -> Int {
    let frames = (Double(nanoseconds) * Double(sampleRate) / 1e9).rounded()
    return Int(min(max(frames, -1e12), 1e12))
  }
}
