package import LinearAlgebra
package import StrictJSON

/// What a recurrent layer computes in each step.
package protocol RecurrentCell: Sendable {
  /// The layer's `type` in JSON.
  static var typeName: String { get }

  /// G: how many gates lie side by side, in PyTorch's order.
  static var gates: Int { get }

  static func run(
    _ direction: Recurrent<Self>.Direction, _ x: Batch, _ order: PackedSequence, _ weights: Weights
  ) -> RecurrentRun

  /// Gradients of the gate sums, in packed order, (rows, G H): of the inputs' part, and of the
  /// hidden state's. `dhidden` is (rows, H), the transposed weight (G H, H).
  static func gateGradients(
    _ direction: Recurrent<Self>.Direction, _ dhidden: [Float], _ run: RecurrentRun,
    _ order: PackedSequence, transposedHiddenWeight: PackedMatrix
  ) -> (input: [Float], hidden: [Float])
}

/// A recurrent network over a clip's frames, in one or both directions, in one or more layers:
/// long short-term memory (`torch.nn.LSTM`) or gated recurrent units (`torch.nn.GRU`), both as with
/// `batch_first`, with PyTorch's tensor names and gate order.
///
/// x is (T, D), the answer (T, H) or (T, 2 H): forward, then backward.
package struct Recurrent<Cell: RecurrentCell>: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Recurrent
    package static var typeName: String { Cell.typeName }

    package var name: String
    package var units: Int
    package var layers = 1
    package var bidirectional = false

    package static var defaults: JSONValue? {
      options("layers", "bidirectional", of: .init(name: "", units: 1))
    }

    package init(name: String, units: Int, layers: Int = 1, bidirectional: Bool = false) {
      self.name = name
      self.units = units
      self.layers = layers
      self.bidirectional = bidirectional
    }
  }

  /// One direction of one layer.
  package struct Direction: Sendable {
    let isReversed: Bool
    let inputs: Int
    let units: Int
    /// (D, G H), G gates
    let inputWeight: Range<Int>
    /// (H, G H)
    let hiddenWeight: Range<Int>
    let inputBias: Range<Int>
    let hiddenBias: Range<Int>
    /// Of a frozen layer, whose weights are known.
    fileprivate(set) var packedInputWeight: PackedMatrix?
    fileprivate(set) var packedHiddenWeight: PackedMatrix?

    /// G H: all gates of a frame.
    var width: Int { Cell.gates * units }
  }

  package let spec: Spec
  package let output: FrameShape
  private var stack: [[Direction]]

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.units, "units", 1...4096)
    try spec.check(spec.layers, "layers", 1...16)
    try spec.check(
      !input.isPooled && input.bands == 1, "needs a sequence; put a sequence layer before it")
    self.spec = spec
    var shape = input
    var stack: [[Direction]] = []
    for layer in 0..<spec.layers {
      stack.append(
        (spec.bidirectional ? [false, true] : [false]).map { isReversed in
          Direction(
            of: spec, suffix: "_l\(layer)" + (isReversed ? "_reverse" : ""), input: shape,
            isReversed: isReversed, layout: &layout)
        })
      shape = shape.features(spec.units * stack[layer].count)
    }
    self.stack = stack
    output = shape
  }

  package func floatingPointOperations(_ frames: Int) -> Int {
    stack.joined().reduce(0) { $0 + 2 * frames * $1.width * ($1.inputs + $1.units) }
  }

  package func frozen(_ weights: Weights) -> Recurrent {
    var layer = self
    layer.stack = stack.map { directions in
      directions.map { direction in
        var direction = direction
        direction.packedInputWeight = PackedMatrix(
          direction.inputWeight, of: weights, rows: direction.inputs)
        direction.packedHiddenWeight = direction.hiddenMatrix(weights)
        return direction
      }
    }
    return layer
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var x = x
    let order = PackedSequence(x.lengths)
    for directions in stack {
      let runs = directions.map { Cell.run($0, x, order, weights) }
      x = x.answer(of: directions, runs, order)
    }
    return x
  }
}

extension Recurrent {
  /// Input of each stacked layer, and what each of its directions computed.
  package typealias Tape = [(Batch, [RecurrentRun])]

  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    var x = x
    let order = PackedSequence(x.lengths)
    var tape: Tape = []
    for directions in stack {
      let runs = directions.map { Cell.run($0, x, order, weights) }
      let y = x.answer(of: directions, runs, order)
      tape.append((x, runs))
      x = y
    }
    return (x, tape)
  }

  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    var (dy, levels) = (dy, tape)
    let order = PackedSequence(dy.lengths)
    for directions in stack.reversed() {
      let (x, runs) = levels.removeLast()
      var dx = Batch(lengths: x.lengths, bands: 1, channels: x.channels)
      for (place, (direction, run)) in zip(directions, runs).enumerated() {
        let dhidden = dy.columns(
          place * spec.units..<(place + 1) * spec.units, of: 0..<dy.frames)
        direction.backward(dhidden, run, x, order, weights, &gradient, into: &dx)
      }
      dy = dx
    }
    return dy
  }
}

extension Recurrent.Direction {
  fileprivate init(
    of spec: Recurrent.Spec, suffix: String, input: FrameShape, isReversed: Bool,
    layout: inout ParameterLayout
  ) {
    let start = Initialization.uniform(1 / Float(spec.units).squareRoot())
    let width = Cell.gates * spec.units
    (self.isReversed, inputs, units) = (isReversed, input.channels, spec.units)
    inputWeight = layout.addInputWeight(
      "\(spec.name).weight_ih\(suffix)", outputs: width, input: input, initialization: start)
    hiddenWeight = layout.addParameter(
      "\(spec.name).weight_hh\(suffix)", shape: [width, spec.units], order: [1, 0],
      initialization: start, decays: true)
    inputBias = layout.addParameter(
      "\(spec.name).bias_ih\(suffix)", shape: [width], initialization: start, decays: false)
    hiddenBias = layout.addParameter(
      "\(spec.name).bias_hh\(suffix)", shape: [width], initialization: start, decays: false)
  }
}

extension Batch {
  /// The hidden states of a layer's directions, side by side, in the order of this batch's frames.
  fileprivate func answer<Cell>(
    of directions: [Recurrent<Cell>.Direction], _ runs: [RecurrentRun], _ order: PackedSequence
  ) -> Batch {
    let units = directions[0].units
    var y = Batch(unfilled: lengths, bands: 1, channels: units * directions.count)
    for (place, (direction, run)) in zip(directions, runs).enumerated() {
      run.write(to: &y, column: place * units, order, reversed: direction.isReversed)
    }
    return y
  }
}
