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
