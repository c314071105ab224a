import LinearAlgebra

extension Pool2D: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let y = forward(x, weights)
    return (y, kind == .maximum ? .inputAndOutput(x, y) : .lengths(x.lengths))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    switch tape {
    case .inputAndOutput(let x, let y):
      return spread(dy, over: x.lengths) { geometry, from, to, dx in
        geometry.maximumBackward(
          dy.values.span.extracting(to), x: x.values.span.extracting(from),
          y: y.values.span.extracting(to), into: &dx)
      }
    case .lengths(let lengths):
      return spread(dy, over: lengths) { geometry, _, to, dx in
        geometry.averageBackward(dy.values.span.extracting(to), into: &dx)
      }
    default: preconditionFailure("not this layer's tape")
    }
  }

  private func spread(
    _ dy: Batch, over lengths: [Int],
    _ body: (PoolGeometry, _ from: Range<Int>, _ to: Range<Int>, inout MutableSpan<Float>) -> Void
  ) -> Batch {
    var dx = Batch(lengths: lengths, bands: input.bands, channels: input.channels)
    let ranges = dx.valueRanges
    for (clip, (from, to)) in zip(ranges, dy.valueRanges).enumerated() {
      dx.values.updatePart(from) { body(geometry(lengths[clip]), from, to, &$0) }
    }
    return dx
  }
}

extension LastStep: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let lengths = x.lengths
    return (forward(x, weights), .lengths(lengths))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .lengths(let lengths) = tape else { preconditionFailure("not this layer's tape") }
    let dy = dy
    var dx = Batch(lengths: lengths, bands: dy.bands, channels: dy.channels)
    let size = dy.frameSize
    for (clip, range) in dx.valueRanges.enumerated() {
      dx.values.replaceSubrange(
        range.upperBound - size..<range.upperBound,
        with: dy.values[clip * size..<(clip + 1) * size])
    }
    return dx
  }
}

extension StatisticsPooling: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let y = forward(x, weights)
    return (y, .inputAndOutput(x, y))
  }

  /// dx = dmean / T + ddeviation · (x - mean) / (T · deviation), the latter where the deviation
  /// was not held up by its floor.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .inputAndOutput(let x, let y) = tape else {
      preconditionFailure("not this layer's tape")
    }
    let dy = dy
    let (channels, width) = (x.channels, output.channels)
    var dx = Batch(lengths: x.lengths, bands: 1, channels: channels)
    for (clip, range) in x.frameRanges.enumerated() {
      let share = 1 / Float(range.count)
      for c in 0..<channels {
        let mean = clip * width + c
        var slope: Float = 0
        if spec.deviation {
          let deviation = y.values[mean + channels]
          let isFloored = deviation * deviation <= Self.smallestVariance * 1.000_001
          slope = isFloored ? 0 : dy.values[mean + channels] * share / deviation
        }
        for t in range {
          let i = t * channels + c
          dx.values[i] = dy.values[mean] * share + slope * (x.values[i] - y.values[mean])
        }
      }
    }
    return dx
  }
}
