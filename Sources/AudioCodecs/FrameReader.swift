package import AudioIO

/// An open recording that one of the C libraries decodes, forward only.
///
/// One value belongs to one thread; several can be read at the same time.
package protocol FrameReader: ~Copyable {
  var properties: RecordingProperties { get }

  /// Fills `samples` (frames × channels, interleaved). Damage that cannot be stepped over ends the
  /// recording there, as its end does.
  /// - Returns: frames read; 0 only at the end.
  /// - Throws: `changed` where it goes on with another codec or sample rate.
  mutating func read(into samples: inout [Float]) throws(CodecError) -> Int
}
