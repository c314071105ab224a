extension LayerNorm: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let (y, normalized, inverse) = normalize(x, weights)
    return (y, .normalized(normalized, inverse: inverse))
  }

  /// With x̂ the normalised frame and g = γ · dy: dx = (g - mean(g) - x̂ · mean(g · x̂)) / σ.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .normalized(let x, let inverse) = tape else {
      preconditionFailure("not this layer's tape")
    }
    var dy = dy
    let channels = dy.channels
    for (frame, scale) in inverse.enumerated() {
      let start = frame * channels
      var (sum, product): (Float, Float) = (0, 0)
      for c in 0..<channels {
        let slope = dy.values[start + c]
        gradient[weight.lowerBound + c] += slope * x[start + c]
        gradient[bias.lowerBound + c] += slope
        let g = slope * weights.parameters[weight.lowerBound + c]
        dy.values[start + c] = g
        sum += g
        product += g * x[start + c]
      }
      (sum, product) = (sum / Float(channels), product / Float(channels))
      for c in start..<start + channels {
        dy.values[c] = (dy.values[c] - sum - x[c] * product) * scale
      }
    }
    return dy
  }
}
