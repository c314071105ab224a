/// A layer, whatever its kind, with what it remembers of one forward pass.
package protocol RecordedLayer: Sendable {
  /// Adds the gradient of the weights to `gradient`; returns the gradient of the input.
  consuming func backward(
    _ dy: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch
}

private struct Recorded<Kind: Layer>: RecordedLayer {
  let layer: Kind
  let tape: Kind.Tape

  consuming func backward(
    _ dy: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    layer.backward(dy, tape, weights, &gradient)
  }
}

extension Layer {
  fileprivate func recorded(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, any RecordedLayer) {
    let (y, tape) = record(x, weights, &pass)
    return (y, Recorded(layer: self, tape: tape))
  }
}

extension [any Layer] {
  /// The answer in training mode, and what each layer must remember of it.
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [any RecordedLayer]) {
    var x = x
    var layers: [any RecordedLayer] = []
    for layer in self {
      let (y, recorded) = layer.recorded(x, weights, &pass)
      layers.append(recorded)
      x = y
    }
    return (x, layers)
  }
}

extension [any RecordedLayer] {
  /// Adds the gradient of the weights to `gradient`; returns the gradient of the input. Each layer
  /// forgets as soon as it is done.
  package consuming func backward(
    _ dy: consuming Batch, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    var dy = dy
    while let layer = popLast() { dy = layer.backward(dy, weights, &gradient) }
    return dy
  }
}
