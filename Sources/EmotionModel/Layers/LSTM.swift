import LinearAlgebra

/// Long short-term memory over a clip's frames, in one or both directions, in one or more layers
/// (`torch.nn.LSTM` with `batch_first`, its tensor names and gate order).
///
/// x is (T, D), the answer (T, H) or (T, 2 H): forward, then backward.
public struct LSTM: Layer {
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

  /// One direction of one layer.
  package struct Direction: Sendable {
    package let isReversed: Bool
    package let inputs: Int
    package let units: Int
    /// (D, 4 H): input, forget, cell, output.
    package let inputWeight: Range<Int>
    /// (H, 4 H)
    package let hiddenWeight: Range<Int>
    package let inputBias: Range<Int>
    package let hiddenBias: Range<Int>
  }

  public let spec: Spec
  public let input: FrameShape
  public let output: FrameShape
  package let stack: [[Direction]]

  public var name: String { spec.name }

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) throws(ModelError) {
    try spec.check(spec.units, "units", 1...4096)
    try spec.check(spec.layers, "layers", 1...16)
    try spec.check(
      !input.isPooled && input.bands == 1, "needs a sequence; put a sequence layer before it")
    self.spec = spec
    self.input = input
    let bound = Initialization.uniform(1 / Float(spec.units).squareRoot())
    var shape = input
    var stack: [[Direction]] = []
    for layer in 0..<spec.layers {
      stack.append(
        (spec.bidirectional ? [false, true] : [false]).map { isReversed in
          let suffix = "_l\(layer)" + (isReversed ? "_reverse" : "")
          return Direction(
            isReversed: isReversed, inputs: shape.channels, units: spec.units,
            inputWeight: layout.addInputWeight(
              "\(spec.name).weight_ih\(suffix)", outputs: 4 * spec.units, input: shape,
              initialization: bound),
            hiddenWeight: layout.addParameter(
              "\(spec.name).weight_hh\(suffix)", shape: [4 * spec.units, spec.units],
              order: [1, 0], initialization: bound, decays: true),
            inputBias: layout.addParameter(
              "\(spec.name).bias_ih\(suffix)", shape: [4 * spec.units], initialization: bound,
              decays: false),
            hiddenBias: layout.addParameter(
              "\(spec.name).bias_hh\(suffix)", shape: [4 * spec.units], initialization: bound,
              decays: false))
        })
      shape = shape.features(spec.units * stack[layer].count)
    }
    self.stack = stack
    output = shape
  }

  public func floatingPointOperations(_ frames: Int) -> Int {
    stack.joined().reduce(0) { $0 + 2 * frames * 4 * $1.units * ($1.inputs + $1.units) }
  }

  public func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    var x = x
    for directions in stack {
      var y = Batch(
        unfilled: x.lengths, bands: 1, channels: spec.units * directions.count)
      let order = PackedSequence(x.lengths)
      for (place, direction) in directions.enumerated() {
        let run = direction.run(x, order, weights)
        run.write(to: &y, column: place * spec.units, order, reversed: direction.isReversed)
      }
      x = y
    }
    return x
  }
}

/// The order in which an LSTM walks through a ragged batch: step by step, at each step the clips
/// still running, longest first, so that each step is one product over a dense block of rows.
package struct PackedSequence: Sendable {
  /// Clips, longest first.
  package let clips: [Int]
  /// First frame and length of each clip of `clips`.
  package let starts: [Int]
  package let lengths: [Int]
  /// Rows of each step.
  package let active: [Int]
  /// First row of each step.
  package let offsets: [Int]

  package init(_ lengths: [Int]) {
    clips = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    var firsts: [Int] = []
    var frame = 0
    for length in lengths {
      firsts.append(frame)
      frame += length
    }
    starts = clips.map { firsts[$0] }
    self.lengths = clips.map { lengths[$0] }
    var active: [Int] = []
    var running = lengths.count
    for step in 0..<(self.lengths.first ?? 0) {
      while running > 0, self.lengths[running - 1] <= step { running -= 1 }
      active.append(running)
    }
    self.active = active
    var offset = 0
    offsets = active.map { rows in
      defer { offset += rows }
      return offset
    }
  }

  package var steps: Int { active.count }
  package var rows: Int { lengths.reduce(0, +) }

  /// The frame that row `row` of step `step` reads and writes.
  @inline(__always)
  package func frame(step: Int, row: Int, reversed: Bool) -> Int {
    starts[row] + (reversed ? lengths[row] - 1 - step : step)
  }
}

/// Everything one direction computed, in packed order: what the backward pass needs.
package struct LSTMRun {
  /// (rows, 4 H): activated gates.
  package var gates: [Float]
  /// (first block + rows, H): H zeros for each clip, then the state after each step.
  package var cells: [Float]
  /// (rows, H)
  package var hidden: [Float]

  /// Puts the hidden states into `y`, from its column `column` on.
  package func write(to y: inout Batch, column: Int, _ order: PackedSequence, reversed: Bool) {
    let units = order.rows == 0 ? 0 : hidden.count / order.rows
    let width = y.channels
    for step in 0..<order.steps {
      for row in 0..<order.active[step] {
        let to = order.frame(step: step, row: row, reversed: reversed) * width + column
        let from = (order.offsets[step] + row) * units
        for u in 0..<units { y.values[to + u] = hidden[from + u] }
      }
    }
  }
}

extension LSTM.Direction {
  /// Gate sums of the inputs alone, (frames, 4 H): one product for all clips and steps.
  private func inputSums(_ x: Batch, _ weights: Weights) -> [Float] {
    var sums = [Float](unfilled: x.frames * 4 * units)
    let parameters = weights.parameters.span
    sums.updateAll {
      multiply(
        x.values.span, parameters.extracting(inputWeight), into: &$0,
        rows: x.frames, inner: inputs, columns: 4 * units)
      addRow(parameters.extracting(inputBias), to: &$0)
      addRow(parameters.extracting(hiddenBias), to: &$0)
    }
    return sums
  }

  package func run(_ x: Batch, _ order: PackedSequence, _ weights: Weights) -> LSTMRun {
    let width = 4 * units
    let firstBlock = (order.active.first ?? 0) * units
    var gates = order.packed(inputSums(x, weights), width: width, reversed: isReversed)
    var cells = [Float](repeating: 0, count: firstBlock + order.rows * units)
    var hidden = [Float](unfilled: order.rows * units)
    let hiddenWeight = weights.parameters.span.extracting(hiddenWeight)
    for step in 0..<order.steps {
      let (rows, offset) = (order.active[step], order.offsets[step])
      let before = step == 0 ? 0 : order.offsets[step - 1]
      let after = firstBlock + offset * units
      gates.updatePart(offset * width..<(offset + rows) * width) { gates in
        if step > 0 {
          multiply(
            hidden.span.extracting(before * units..<(before + rows) * units), hiddenWeight,
            into: &gates, rows: rows, inner: units, columns: width, accumulating: true)
        }
        hidden.updatePart(offset * units..<(offset + rows) * units) { hidden in
          cells.updateAll { cells in
            LSTMCell.step(
              gates: &gates, cells: &cells, before: step == 0 ? 0 : firstBlock + before * units,
              after: after, hidden: &hidden, rows: rows, units: units)
          }
        }
      }
    }
    return LSTMRun(gates: gates, cells: cells, hidden: hidden)
  }
}

extension PackedSequence {
  /// Rows of `width` values from the order of frames to the order of steps.
  package func packed(_ values: [Float], width: Int, reversed: Bool) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: rows * width) { target, count in
      unsafe values.withUnsafeBufferPointer { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        var row = 0
        for step in 0..<steps {
          for clip in 0..<active[step] {
            let frame = frame(step: step, row: clip, reversed: reversed)
            unsafe (to + row * width).initialize(from: from + frame * width, count: width)
            row += 1
          }
        }
      }
      count = rows * width
    }
  }

  /// The way back: rows in the order of steps to the order of frames.
  package func unpacked(_ values: [Float], width: Int, reversed: Bool) -> [Float] {
    var frames = [Float](repeating: 0, count: rows * width)
    var row = 0
    for step in 0..<steps {
      for clip in 0..<active[step] {
        let to = frame(step: step, row: clip, reversed: reversed) * width
        for i in 0..<width { frames[to + i] = values[row * width + i] }
        row += 1
      }
    }
    return frames
  }
}
