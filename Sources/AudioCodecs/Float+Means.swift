extension [Float] {
  /// Fills the beginning with frames that have another number of channels: each channel gets their mean.
  /// - Parameters:
  ///   - block: `frames` × `channels`, interleaved.
  ///   - width: Channels of this array.
  mutating func setMeans(of block: [Float], frames: Int, channels: Int, width: Int) {
    let scale = 1 / Float(channels)
    for frame in 0..<frames {
      let mean = block[frame * channels..<(frame + 1) * channels].reduce(0, +) * scale
      for channel in 0..<width { self[frame * width + channel] = mean }
    }
  }
}
