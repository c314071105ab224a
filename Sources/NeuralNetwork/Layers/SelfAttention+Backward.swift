import LinearAlgebra

extension SelfAttention: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let projected = projections(x, weights)
    let heads = attend(projected)
    return (combine(heads, weights), .selfAttention(input: x, projected: projected, heads: heads))
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .selfAttention(let x, let projected, let heads) = tape else {
      preconditionFailure("not this layer's tape")
    }
    let dheads = backward(dy, heads, outputWeight, outputBias, weights, &gradient)
    return backward(
      dprojections(dheads, projected), x, inputWeight, inputBias, weights, &gradient)
  }

  /// Through y = x · W + b: dW = xᵀ · dy, db = Σ dy, dx = dy · Wᵀ.
  private func backward(
    _ dy: Batch, _ x: Batch, _ weight: Range<Int>, _ bias: Range<Int>, _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    gradient.updatePart(weight) {
      multiply(
        x.values.span, dy.values.span, transposing: .first, into: &$0, rows: x.channels,
        inner: x.frames, columns: dy.channels, accumulating: true)
    }
    gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    var dx = Batch(unfilled: x.lengths, bands: 1, channels: x.channels)
    dx.values.updateAll {
      multiply(
        dy.values.span, weights.parameters.span.extracting(weight), transposing: .second,
        into: &$0, rows: x.frames, inner: dy.channels, columns: x.channels)
    }
    return dx
  }

  /// Gradients of queries, keys and values, side by side.
  private func dprojections(_ dheads: Batch, _ projected: Batch) -> Batch {
    var result = Batch(lengths: projected.lengths, bands: 1, channels: projected.channels)
    for clip in projected.frameRanges {
      for number in 0..<spec.heads {
        let head = AttentionHead(self, number, projected, clip)
        let first = number * headWidth
        let parts = head.backward(dheads.columns(first..<first + headWidth, of: clip), scale)
        for (place, part) in parts.enumerated() {
          result.setColumns(place * width + first, of: clip.lowerBound, part, headWidth)
        }
      }
    }
    return result
  }
}

extension AttentionHead {
  /// With A the attention, of which nothing is kept but what makes it: dV = Aᵀ · dO, dA = dO · Vᵀ,
  /// dS = A ∘ (dA - Σ A ∘ dA), dQ = dS · K / √d, dK = dSᵀ · Q / √d.
  fileprivate func backward(_ doutput: [Float], _ scale: Float) -> [[Float]] {
    var dqueries = [Float](repeating: 0, count: queries.count)
    var (dkeys, dvalues) = (dqueries, dqueries)
    for block in blocks {
      let rows = block.lowerBound * width..<block.upperBound * width
      let attention = attention(block)
      let upstream = doutput.span.extracting(rows)
      dvalues.updateAll {
        multiply(
          attention.span, upstream, transposing: .first, into: &$0, rows: frames,
          inner: block.count, columns: width, accumulating: true)
      }
      var dscores = [Float](unfilled: attention.count)
      dscores.updateAll {
        multiply(
          upstream, values.span, transposing: .second, into: &$0, rows: block.count, inner: width,
          columns: frames)
      }
      for row in stride(from: 0, to: dscores.count, by: frames) {
        let places = row..<row + frames
        let mean = dot(attention.span.extracting(places), dscores.span.extracting(places))
        for i in places { dscores[i] = scale * attention[i] * (dscores[i] - mean) }
      }
      dqueries.updatePart(rows) {
        multiply(
          dscores.span, keys.span, into: &$0, rows: block.count, inner: frames, columns: width)
      }
      dkeys.updateAll {
        multiply(
          dscores.span, queries.span.extracting(rows), transposing: .first, into: &$0,
          rows: frames, inner: block.count, columns: width, accumulating: true)
      }
    }
    return [dqueries, dkeys, dvalues]
  }
}
