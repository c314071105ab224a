import LinearAlgebra

/// Clips of any lengths, side by side: a ragged batch.
///
/// `values` holds the clips one after the other, each (frames, bands, channels) with channels
/// innermost. Nothing is padded, so padding cannot change a result.
public struct Batch: Sendable, Equatable {
  /// Frames of each clip.
  public var lengths: [Int]
  /// Of a frame.
  public var bands: Int
  /// Of a frame; planes of features, or features.
  public var channels: Int
  /// (frames of all clips, bands, channels)
  public var values: [Float]

  /// - Precondition: there are as many values as the lengths say.
  public init(lengths: [Int], bands: Int, channels: Int, values: [Float]) {
    precondition(
      values.count == lengths.reduce(0, +) * bands * channels,
      "\(values.count) values do not fill \(lengths) frames of (\(bands), \(channels))")
    self.lengths = lengths
    self.bands = bands
    self.channels = channels
    self.values = values
  }

  /// Zeros.
  public init(lengths: [Int], bands: Int, channels: Int) {
    let count = lengths.reduce(0, +) * bands * channels
    self.init(
      lengths: lengths, bands: bands, channels: channels, values: .init(repeating: 0, count: count))
  }

  /// A batch whose values are all to be written; what they are before is not said.
  package init(unfilled lengths: [Int], bands: Int, channels: Int) {
    let count = lengths.reduce(0, +) * bands * channels
    self.init(
      lengths: lengths, bands: bands, channels: channels, values: .init(unfilled: count))
  }

  /// Values of one frame.
  public var frameSize: Int { bands * channels }

  /// Frames of all clips together.
  public var frames: Int { lengths.reduce(0, +) }

  /// Where each clip's frames lie, counted in frames.
  public var frameRanges: [Range<Int>] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return start..<(start + length)
    }
  }

  /// Where each clip's values lie.
  public var valueRanges: [Range<Int>] {
    frameRanges.map { $0.lowerBound * frameSize..<$0.upperBound * frameSize }
  }
}

extension Batch {
  /// Some channels of some frames, (frames, count).
  package func columns(_ range: Range<Int>, of frames: Range<Int>) -> [Float] {
    var part: [Float] = []
    part.reserveCapacity(frames.count * range.count)
    for t in frames {
      part += values[t * channels + range.lowerBound..<t * channels + range.upperBound]
    }
    return part
  }

  /// Puts rows of `width` values into the channels from `column` on, from frame `frame` on.
  package mutating func setColumns(
    _ column: Int, of frame: Int, _ rows: [Float], _ width: Int
  ) {
    for row in 0..<rows.count / width {
      let to = (frame + row) * channels + column
      for i in 0..<width { values[to + i] = rows[row * width + i] }
    }
  }
}
