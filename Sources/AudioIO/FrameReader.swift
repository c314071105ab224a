/// What a recording's header says, once a library has read it.
struct RecordingProperties {
  /// Container and encoding, for example "WAV/PCM_16".
  var format: String
  /// Hz.
  var sampleRate: Int
  var channels: Int
  /// Frames that the header claims: a hint, never trusted. 0 where it claims nothing.
  var claimedFrames = 0
  /// Whether integers are stored, so that no sample can leave ±1.
  var holdsIntegers = false
}

/// An open recording that one of the C libraries decodes, forward only.
///
/// One value belongs to one thread; several can be read at the same time.
protocol FrameReader: ~Copyable {
  var properties: RecordingProperties { get }

  /// Fills `samples` (frames × channels, interleaved). Damage that cannot be stepped over ends the
  /// recording there, as its end does.
  /// - Returns: frames read; 0 only at the end.
  mutating func read(into samples: inout [Float]) -> Int
}
