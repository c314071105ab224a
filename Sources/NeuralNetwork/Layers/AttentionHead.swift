import LinearAlgebra

/// One head over one clip: its queries, keys and values, each (T, d).
package struct AttentionHead {
  package let queries: [Float]
  package let keys: [Float]
  package let values: [Float]
  package let frames: Int
  package let width: Int
  private let scale: Float

  package init(_ layer: SelfAttention, _ number: Int, _ projected: Batch, _ clip: Range<Int>) {
    width = layer.headWidth
    frames = clip.count
    scale = layer.scale
    let parts = (0..<3).map { part in
      let first = part * layer.width + number * layer.headWidth
      return projected.columns(first..<first + layer.headWidth, of: clip)
    }
    (queries, keys, values) = (parts[0], parts[1], parts[2])
  }

  /// Frames a few at a time, since all of a long clip's frames looking at all others would fill the
  /// memory.
  package var blocks: [Range<Int>] {
    stride(from: 0, to: frames, by: 256).map { $0..<min($0 + 256, frames) }
  }

  /// How much each frame of `block` looks at each of the clip's frames, (block, T); rows sum to one.
  package func attention(_ block: Range<Int>) -> [Float] {
    let rows = block.lowerBound * width..<block.upperBound * width
    var scores = [Float](unfilled: block.count * frames)
    let scaled = queries[rows].map { $0 * scale }
    scores.updateAll {
      multiply(
        scaled.span, keys.span, transposing: .second, into: &$0, rows: block.count, inner: width,
        columns: frames)
    }
    for row in 0..<block.count {
      scores.updatePart(row * frames..<(row + 1) * frames) { softmax(&$0) }
    }
    return scores
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
