import AudioIO

extension CodecRecording {
  /// Decodes up to five seconds in this process, as nobody should but a fuzzer, which has to see what the libraries do.
  package static func decodeHere(_ bytes: [UInt8]) {
    var source = EditedBytes(base: MemorySource(bytes))
    guard let container = try? source.prepare(), (try? source.mend(container)) != nil,
      var recording = try? CodecRecording(source, in: container)
    else { return }
    let properties = recording.properties
    guard 1...DecoderMemory.maximumChannels ~= properties.channels else { return }
    var block = [Float](
      repeating: 0, count: DecoderMemory.packetFrames * properties.channels)
    var frames = 0
    while frames < 5 * properties.sampleRate {
      guard let count = try? recording.read(into: &block), count > 0 else { return }
      frames += count
    }
  }
}
