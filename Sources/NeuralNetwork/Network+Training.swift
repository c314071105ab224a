import LinearAlgebra

extension Network {
  /// Logits in training mode: all layers but a closing softmax, which the loss takes in.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [any RecordedLayer]) {
    Array(layers[logitLayers]).record(x, weights, &pass)
  }

  /// Adds the gradient of the weights to `gradient`; returns the gradient of the input.
  @discardableResult
  package func backward(
    _ dy: consuming Batch, _ recorded: consuming [any RecordedLayer], _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    precondition(gradient.count == layout.parameterCount, "one gradient a parameter")
    return recorded.backward(dy, weights, &gradient)
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
