/// A recurrent network over a clip's frames, in one or both directions, in one or more layers:
/// long short-term memory (`torch.nn.LSTM`) or gated recurrent units (`torch.nn.GRU`), both as with
/// `batch_first`, with PyTorch's tensor names and gate order.
///
/// x is (T, D), the answer (T, H) or (T, 2 H): forward, then backward.
public struct Recurrent: Layer {
  public struct Spec: LayerSpecification {
    public var name: String
    public var units: Int
    public var layers = 1
    public var bidirectional = false

    public init(name: String, units: Int, layers: Int = 1, bidirectional: Bool = false) {
      self.name = name
      self.units = units
      self.layers = layers
      self.bidirectional = bidirectional
    }
  }

  package enum Cell: Sendable {
    case lstm, gru

    /// Gates, side by side: input, forget, cell, output; or reset, update, candidate.
    var gates: Int {
      switch self {
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  /// One direction of one layer.
  package struct Direction: Sendable {
    package let cell: Cell
    package let isReversed: Bool
    package let inputs: Int
    package let units: Int
    /// (D, G H), G gates
    package let inputWeight: Range<Int>
    /// (H, G H)
    package let hiddenWeight: Range<Int>
    package let inputBias: Range<Int>
    package let hiddenBias: Range<Int>

    /// G H: all gates of a frame.
    package var width: Int { cell.gates * units }
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  package let stack: [[Direction]]

  public var name: String { spec.name }

  init(
    _ cell: Cell, _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(ModelError) {
    try spec.check(spec.units, "units", 1...4096)
    try spec.check(spec.layers, "layers", 1...16)
    try spec.check(
      !input.isPooled && input.bands == 1, "needs a sequence; put a sequence layer before it")
    self.spec = spec
    self.input = input
    var shape = input
    var stack: [[Direction]] = []
    for layer in 0..<spec.layers {
      stack.append(
        (spec.bidirectional ? [false, true] : [false]).map { isReversed in
          layout.addDirection(
            cell, spec, suffix: "_l\(layer)" + (isReversed ? "_reverse" : ""), input: shape,
            isReversed: isReversed)
        })
      shape = shape.features(spec.units * stack[layer].count)
    }
    self.stack = stack
    output = shape
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    stack.joined().reduce(0) { $0 + 2 * frames * $1.width * ($1.inputs + $1.units) }
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var x = x
    let order = PackedSequence(x.lengths)
    for directions in stack {
      let runs = directions.map { $0.run(x, order, weights) }
      x = x.answer(of: directions, runs, order)
    }
    return x
  }
}

extension ParameterLayout {
  fileprivate mutating func addDirection(
    _ cell: Recurrent.Cell, _ spec: Recurrent.Spec, suffix: String, input: FrameShape,
    isReversed: Bool
  ) -> Recurrent.Direction {
    let start = Initialization.uniform(1 / Float(spec.units).squareRoot())
    let width = cell.gates * spec.units
    return .init(
      cell: cell, isReversed: isReversed, inputs: input.channels, units: spec.units,
      inputWeight: addInputWeight(
        "\(spec.name).weight_ih\(suffix)", outputs: width, input: input, initialization: start),
      hiddenWeight: addParameter(
        "\(spec.name).weight_hh\(suffix)", shape: [width, spec.units], order: [1, 0],
        initialization: start, decays: true),
      inputBias: addParameter(
        "\(spec.name).bias_ih\(suffix)", shape: [width], initialization: start, decays: false),
      hiddenBias: addParameter(
        "\(spec.name).bias_hh\(suffix)", shape: [width], initialization: start, decays: false))
  }
}

extension Batch {
  /// The hidden states of a layer's directions, side by side, in the order of this batch's frames.
  package func answer(
    of directions: [Recurrent.Direction], _ runs: [RecurrentRun], _ order: PackedSequence
  ) -> Batch {
    let units = directions[0].units
    var y = Batch(unfilled: lengths, bands: 1, channels: units * directions.count)
    for (place, (direction, run)) in zip(directions, runs).enumerated() {
      run.write(to: &y, column: place * units, order, reversed: direction.isReversed)
    }
    return y
  }
}
