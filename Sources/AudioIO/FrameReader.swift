/// What a recording's header says, once it has been read.
package struct RecordingProperties: Equatable, Sendable {
  package var format: AudioFormat
  /// Hz.
  package var sampleRate: Int
  package var channels: Int
  /// Frames that the header claims: a hint, never trusted. 0 where it claims nothing.
  package var claimedFrames: Int

  package init(format: AudioFormat, sampleRate: Int, channels: Int, claimedFrames: Int = 0) {
    self.format = format
    self.sampleRate = sampleRate
    self.channels = channels
    self.claimedFrames = claimedFrames
  }
}

/// An open recording that one of the C libraries decodes, forward only.
///
/// One value belongs to one thread; several can be read at the same time.
package protocol FrameReader: ~Copyable {
  var properties: RecordingProperties { get }

  /// Fills `samples` (frames × channels, interleaved). Damage that cannot be stepped over ends the
  /// recording there, as its end does.
  /// - Returns: frames read; 0 only at the end.
  mutating func read(into samples: inout [Float]) -> Int
}
