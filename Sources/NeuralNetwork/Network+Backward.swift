import LinearAlgebra

extension [any Layer] {
  /// The same layers as ones that learn.
  package var trainable: [any TrainableLayer] {
    map {
      guard let layer = $0 as? any TrainableLayer else {
        preconditionFailure("\(type(of: $0)) has no backward pass")
      }
      return layer
    }
  }
}

extension [any TrainableLayer] {
  /// The answer in training mode, with one tape a layer.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [Tape]) {
    var x = x
    var tapes: [Tape] = []
    for layer in self {
      let (y, tape) = layer.record(x, weights, &pass)
      tapes.append(tape)
      x = y
    }
    return (x, tapes)
  }

  /// Adds the gradient of the weights to `gradient`; returns the gradient of the input.
  package func backward(
    _ dy: consuming Batch, _ tapes: consuming [Tape], _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    var dy = dy
    for layer in reversed() {
      dy = layer.backward(dy, tapes.removeLast(), weights, &gradient)
    }
    return dy
  }
}

extension Network {
  /// Logits in training mode: all layers but a closing softmax, which the loss takes in.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [Tape]) {
    Array(layers[logitLayers]).trainable.record(x, weights, &pass)
  }

  /// Adds the gradient of the weights to `gradient`; returns the gradient of the input.
  @discardableResult
  package func backward(
    _ dy: consuming Batch, _ tapes: consuming [Tape], _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    precondition(gradient.count == layout.parameterCount, "one gradient a parameter")
    return Array(layers[logitLayers]).trainable.backward(dy, tapes, weights, &gradient)
  }

  /// Weights before training, as PyTorch would start them.
  public func initialWeights(seed: UInt64) -> Weights {
    var random = RandomSource(seed: seed, 0x1517)
    return Weights(
      parameters: layout.parameters.flatMap { slot in
        slot.range.map { _ in
          switch slot.initialization {
          case .constant(let value): value
          case .uniform(let bound): random.uniform(-bound...bound)
          }
        }
      },
      statistics: layout.statistics.flatMap { slot in
        slot.range.map { _ in
          if case .constant(let value) = slot.initialization { value } else { 0 }
        }
      })
  }
}
