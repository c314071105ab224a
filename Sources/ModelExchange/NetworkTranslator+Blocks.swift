import NeuralNetwork
import SafeTensors

extension NetworkTranslator {
  /// Each frame over its own channels.
  mutating func normalization(_ spec: LayerNorm.Spec) {
    if form == .volume { toSequence() }
    let mean = average(value)
    let distance = graph.add("Sub", [value, mean])
    value = average(graph.add("Mul", [distance, distance]))
    apply("Add", with: graph.constant(spec.name + ".epsilon", [spec.epsilon], shape: []))
    apply("Sqrt")
    value = graph.add("Div", [distance, value])
    apply("Mul", with: constant("\(spec.name).weight"))
    apply("Add", with: constant("\(spec.name).bias"))
  }

  /// Over the channels.
  private mutating func average(_ frames: ONNXGraph.Value) -> ONNXGraph.Value {
    graph.add("ReduceMean", [frames], [("axes", .ints([-1])), ("keepdims", .int(1))])
  }

  mutating func standardize(_ spec: Standardize.Spec) {
    toSequence()
    let factors = tensor(spec.name + ".deviation").values.map { Standardize.factor(deviation: $0) }
    apply("Sub", with: constant(spec.name + ".mean"))
    apply("Mul", with: graph.constant(spec.name + ".factor", factors, shape: [factors.count]))
    let limits = [-spec.limit, spec.limit].map {
      graph.constant(graph.freshName(spec.name + ".limit"), [$0], shape: [])
    }
    value = graph.add("Clip", [value] + limits)
  }

  mutating func selfAttention(_ spec: SelfAttention.Spec) {
    toSequence()
    let width = tensor("\(spec.name).out_proj.bias").values.count
    let headWidth = width / spec.heads
    project("\(spec.name).in_proj_weight", "\(spec.name).in_proj_bias")
    // (N, T, 3 E) to (N, 3 · heads, T, d): queries of all heads, keys, values.
    reshape([0, 0, 3 * spec.heads, headWidth])
    transpose([0, 2, 1, 3])
    let projected = value
    let parts = (0..<3).map { part -> ONNXGraph.Value in
      let heads = Array(part * spec.heads..<(part + 1) * spec.heads)
      let places = integers(heads, shape: [spec.heads])
      return graph.add("Gather", [projected, places], [("axis", .int(1))])
    }
    value = parts[1]
    transpose([0, 1, 3, 2])
    value = graph.add("MatMul", [parts[0], value])
    let scale = 1 / Float(headWidth).squareRoot()
    apply("Mul", with: graph.constant(spec.name + ".scale", [scale], shape: []))
    apply("Softmax", [("axis", .int(-1))])
    apply("MatMul", with: parts[2])
    transpose([0, 2, 1, 3])
    reshape([0, 0, -1])
    project("\(spec.name).out_proj.weight", "\(spec.name).out_proj.bias")
  }

  private mutating func project(_ weight: String, _ bias: String) {
    apply("MatMul", with: transposed(weight))
    apply("Add", with: constant(bias))
  }

  mutating func residual(_ spec: Residual.Spec) throws(ONNXError) {
    // What is a sequence inside must be one outside.
    if form == .volume, spec.layers.first.map(\.takesSequences) ?? false { toSequence() }
    let input = value
    let answer = try translate(spec.layers)
    value = graph.add("Add", [input, answer])
  }

  /// (N, D) to (N, D, 1).
  mutating func unroll() {
    apply("Unsqueeze", with: integers([2], shape: [1]))
    form = .sequence
  }
}

extension LayerSpec {
  /// Whether it makes a sequence of frames of one band.
  fileprivate var takesSequences: Bool {
    switch specification {
    case is Recurrent<LSTM>.Spec, is Recurrent<GRU>.Spec, is SelfAttention.Spec,
      is LayerNorm.Spec, is Dense.Spec:
      true
    default: false
    }
  }
}
