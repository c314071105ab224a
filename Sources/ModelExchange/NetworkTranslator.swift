import NeuralNetwork
import SafeTensors

/// Says a network in ONNX operators, layer after layer, in PyTorch's order of axes, so that tensors are
/// used as the weights file holds them.
struct NetworkTranslator {
  /// How the value of the moment lies: (N, C, F, T), (N, T, D) or (N, D), for N clips of T frames with
  /// F bands in C channels, or with D features.
  enum Form { case volume, sequence, vector }

  var graph: ONNXGraph
  var value: ONNXGraph.Value
  var form = Form.volume
  private let tensors: [String: Tensor]

  init(
    _ graph: ONNXGraph, input: ONNXGraph.Value, network: Network,
    tensors: [(name: String, tensor: Tensor)]
  ) {
    self.graph = graph
    value = input
    self.tensors = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor) })
    if network.spec.takesVectors == true { toVector() }
  }

  /// Adds the layers and gives the name of their answer.
  mutating func translate(_ layers: [LayerSpec]) throws(ONNXError) -> ONNXGraph.Value {
    for layer in layers { try translate(layer.specification) }
    return value
  }

  /// A switch here, not a requirement of layers: they know nothing of ONNX, and the server does not
  /// carry it.
  private mutating func translate(_ layer: any LayerSpecification) throws(ONNXError) {
    switch layer {
    case let spec as Conv2D.Spec: convolution(spec)
    case let spec as BatchNorm.Spec: normalization(spec)
    case is ReLU.Spec: apply("Relu")
    case let spec as Pool2D<Maximum>.Spec: pooling("MaxPool", spec)
    case let spec as Pool2D<Average>.Spec: pooling("AveragePool", spec)
    case is Dropout.Spec: break
    case is ToSequence.Spec: toSequence()
    case let spec as Recurrent<LSTM>.Spec: recurrent("LSTM", spec, gates: [0, 3, 1, 2])
    case let spec as Recurrent<GRU>.Spec: recurrent("GRU", spec, gates: [1, 0, 2])
    case let spec as SelfAttention.Spec: selfAttention(spec)
    case let spec as LayerNorm.Spec: normalization(spec)
    case let spec as AttentionPooling.Spec: attention(spec)
    case let spec as StatisticsPooling.Spec: statistics(spec)
    case is LastStep.Spec: lastStep()
    case let spec as Dense.Spec: dense(spec)
    case is Softmax.Spec: apply("Softmax", [("axis", .int(form == .volume ? 1 : -1))])
    case let spec as Standardize.Spec: standardize(spec)
    case is Unroll.Spec: unroll()
    case let spec as Residual.Spec: try residual(spec)
    default: throw .untranslatableLayer(type: type(of: layer).typeName, name: layer.name)
    }
  }

  // MARK: - Forms

  mutating func apply(_ type: String, _ attributes: [(String, ONNXGraph.Attribute)] = []) {
    value = graph.add(type, [value], attributes)
  }

  mutating func apply(_ type: String, with other: ONNXGraph.Value) {
    value = graph.add(type, [value, other])
  }

  mutating func transpose(_ order: [Int]) { apply("Transpose", [("perm", .ints(order))]) }

  /// 0 keeps a length, -1 is what is left.
  mutating func reshape(_ shape: [Int]) {
    apply("Reshape", with: integers(shape, shape: [shape.count]))
  }

  mutating func integers(_ values: [Int], shape: [Int]) -> ONNXGraph.Value {
    graph.constant(graph.freshName("integers"), values, shape: shape)
  }

  /// A layer over sequences takes frames without bands as they are.
  mutating func toSequence() {
    guard form == .volume else { return }
    transpose([0, 3, 1, 2])
    reshape([0, 0, -1])
    form = .sequence
  }

  /// Frames of one band, one a clip: (N, C, 1, 1) to (N, C).
  private mutating func toVector() {
    reshape([0, -1])
    form = .vector
  }

  /// A layer over volumes takes a sequence as frames of one band.
  private mutating func toVolume() {
    guard form == .sequence else { return }
    transpose([0, 2, 1])
    apply("Unsqueeze", with: integers([2], shape: [1]))
    form = .volume
  }

  func tensor(_ name: String) -> Tensor {
    guard let tensor = tensors[name] else { preconditionFailure("the network lacks \(name)") }
    return tensor
  }

  mutating func constant(_ name: String) -> ONNXGraph.Value {
    let tensor = tensor(name)
    return graph.constant(name, tensor.values, shape: tensor.shape)
  }
}

// MARK: - Layers

extension NetworkTranslator {
  private mutating func convolution(_ spec: Conv2D.Spec) {
    toVolume()
    var inputs = [value, constant("\(spec.name).weight")]
    if spec.bias { inputs.append(constant("\(spec.name).bias")) }
    value = graph.add(
      "Conv", inputs,
      [
        ("kernel_shape", .ints(spec.kernel)), ("strides", .ints(spec.stride)),
        ("pads", .ints(spec.padding + spec.padding)),
      ])
  }

  private mutating func pooling<Reduction>(_ type: String, _ spec: Pool2D<Reduction>.Spec) {
    toVolume()
    apply(
      type, [("kernel_shape", .ints(spec.window)), ("strides", .ints(spec.stride ?? spec.window))])
  }

  /// Frozen, it is a factor and a summand for each channel.
  private mutating func normalization(_ spec: BatchNorm.Spec) {
    let part = ["weight", "bias", "running_mean", "running_var"].map {
      tensor("\(spec.name).\($0)").values.map(Double.init)
    }
    let scale = zip(part[0], part[3]).map { $0 / ($1 + Double(spec.epsilon)).squareRoot() }
    let shift = zip(zip(part[1], part[2]), scale).map { $0.0 - $0.1 * $1 }
    let shape = form == .volume ? [scale.count, 1, 1] : [scale.count]
    let factor = graph.constant("\(spec.name).scale", scale.map(Float.init), shape: shape)
    let summand = graph.constant("\(spec.name).shift", shift.map(Float.init), shape: shape)
    apply("Mul", with: factor)
    apply("Add", with: summand)
  }

  private mutating func dense(_ spec: Dense.Spec) {
    if form == .volume { toSequence() }
    apply("MatMul", with: transposed("\(spec.name).weight"))
    apply("Add", with: constant("\(spec.name).bias"))
  }

  /// A matrix (outputs, inputs) as (inputs, outputs).
  mutating func transposed(_ name: String) -> ONNXGraph.Value {
    let matrix = tensor(name)
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let values = (0..<rows * columns).map { matrix.values[$0 % rows * columns + $0 / rows] }
    return graph.constant(name + ".transposed", values, shape: [columns, rows])
  }

  /// ONNX wants time outermost, and gates in an order of its own: input, output, forget, cell of an
  /// LSTM; update, reset, candidate of a GRU, whose candidate resets a product only if told so.
  private mutating func recurrent<Cell>(
    _ type: String, _ spec: Recurrent<Cell>.Spec, gates order: [Int]
  ) {
    toSequence()
    transpose([1, 0, 2])
    let units = spec.units
    for layer in 0..<spec.layers {
      let suffixes = (spec.bidirectional ? ["", "_reverse"] : [""]).map { "_l\(layer)\($0)" }
      func stacked(_ parts: [String]) -> [Float] {
        suffixes.flatMap { suffix in
          parts.flatMap { part in
            blocks(of: tensor("\(spec.name).\(part)\(suffix)").values, in: order)
          }
        }
      }
      let inputs = tensor("\(spec.name).weight_ih\(suffixes[0])").shape[1]
      let name = "\(spec.name)_l\(layer)"
      let weights = [
        graph.constant(
          name + ".W", stacked(["weight_ih"]), shape: [suffixes.count, order.count * units, inputs]),
        graph.constant(
          name + ".R", stacked(["weight_hh"]), shape: [suffixes.count, order.count * units, units]),
        graph.constant(
          name + ".B", stacked(["bias_ih", "bias_hh"]),
          shape: [suffixes.count, 2 * order.count * units]),
      ]
      value = graph.add(
        type, [value] + weights,
        [
          ("hidden_size", .int(units)),
          ("direction", .string(spec.bidirectional ? "bidirectional" : "forward")),
        ] + (type == "GRU" ? [("linear_before_reset", .int(1))] : []))
      // (T, directions, N, H) to (T, N, directions · H)
      transpose([0, 2, 1, 3])
      reshape([0, 0, -1])
    }
    transpose([1, 0, 2])
  }

  /// Equal blocks, one a gate, from PyTorch's order to another.
  private func blocks(of values: [Float], in order: [Int]) -> [Float] {
    let size = values.count / order.count
    return order.flatMap { values[$0 * size..<($0 + 1) * size] }
  }

  private mutating func lastStep() {
    toSequence()
    value = graph.add("Gather", [value, integers([-1], shape: [])], [("axis", .int(1))])
    form = .vector
  }
}

// MARK: - Pooling over time

extension NetworkTranslator {
  private mutating func attention(_ spec: AttentionPooling.Spec) {
    toSequence()
    let frames = value
    apply("Tanh")
    apply("MatMul", with: transposed("\(spec.name).weight"))
    apply("Add", with: constant("\(spec.name).bias"))
    apply("Softmax", [("axis", .int(1))])
    pool(frames, weights: value, withDeviation: spec.deviation, spec.name)
  }

  private mutating func statistics(_ spec: StatisticsPooling.Spec) {
    toSequence()
    pool(value, weights: nil, withDeviation: spec.deviation, spec.name)
  }

  /// Mean over time, weighted or not, and the deviation from it; both (N, D).
  private mutating func pool(
    _ frames: ONNXGraph.Value, weights: ONNXGraph.Value?, withDeviation: Bool, _ name: String
  ) {
    // Keeps an axis of length 1 for time.
    let mean = average(frames, weights)
    value = mean
    if withDeviation {
      let distance = graph.add("Sub", [frames, mean])
      value = average(graph.add("Mul", [distance, distance]), weights)
      apply("Max", with: graph.constant(name + ".least_variance", [1e-5], shape: []))
      apply("Sqrt")
      value = graph.add("Concat", [mean, value], [("axis", .int(2))])
    }
    apply("Squeeze", with: integers([1], shape: [1]))
    form = .vector
  }

  mutating func average(
    _ frames: ONNXGraph.Value, _ weights: ONNXGraph.Value?
  ) -> ONNXGraph.Value {
    guard let weights else {
      return graph.add("ReduceMean", [frames], [("axes", .ints([1])), ("keepdims", .int(1))])
    }
    let weighted = graph.add("Mul", [frames, weights])
    return graph.add(
      "ReduceSum", [weighted, integers([1], shape: [1])], [("keepdims", .int(1))])
  }
}
