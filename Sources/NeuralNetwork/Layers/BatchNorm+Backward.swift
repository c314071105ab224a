import LinearAlgebra

extension BatchNorm: TrainableLayer {
  /// Normalises by the mean and variance of this batch.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    let moments = ColumnMoments(of: x.values.span, columns: x.channels)
    let count = Float(x.values.count / x.channels)
    pass.moments.append(
      BatchMoments(
        mean: moments.mean, variance: moments.variance.map { $0 * count / max(count - 1, 1) },
        runningMean: runningMean, runningVariance: runningVariance, momentum: spec.momentum))
    let scale = zip(weight, moments.variance).map { w, variance in
      weights.parameters[w] / (variance + spec.epsilon).squareRoot()
    }
    let shift = zip(bias, zip(moments.mean, scale)).map { b, rest in
      weights.parameters[b] - rest.0 * rest.1
    }
    var y = Batch(unfilled: x.lengths, bands: x.bands, channels: x.channels)
    y.values.updateAll {
      scaleAndShift(x.values.span, scale: scale.span, shift: shift.span, into: &$0)
    }
    return (y, .moments(input: x, mean: moments.mean, variance: moments.variance))
  }

  /// dx = γ/σ · (dy - mean(dy) - x̂ · mean(dy · x̂)), x̂ = (x - μ)/σ.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .moments(let x, let mean, let variance) = tape else {
      preconditionFailure("not this layer's tape")
    }
    var dy = dy
    let channels = x.channels
    let count = Float(x.values.count / channels)
    var sums = [Float](repeating: 0, count: channels)
    var products = sums
    sums.updateAll { sums in
      products.updateAll { products in
        normalizationSums(
          ofGradient: dy.values.span, input: x.values.span, mean: mean.span, sums: &sums,
          products: &products)
      }
    }
    var (a, b, d) = (sums, sums, sums)
    for c in 0..<channels {
      let inverse = 1 / (variance[c] + spec.epsilon).squareRoot()
      gradient[weight.lowerBound + c] += products[c] * inverse
      gradient[bias.lowerBound + c] += sums[c]
      a[c] = weights.parameters[weight.lowerBound + c] * inverse
      b[c] = -a[c] * products[c] * inverse * inverse / count
      d[c] = -a[c] * sums[c] / count
    }
    dy.values.updateAll {
      normalizationBackward(
        &$0, input: x.values.span, mean: mean.span, a: a.span, b: b.span, d: d.span)
    }
    return dy
  }
}
