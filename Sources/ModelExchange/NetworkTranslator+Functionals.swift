import NeuralNetwork
import SafeTensors

/// Functionals in ONNX operators; what each is, `Functionals` says.
extension NetworkTranslator {
  mutating func functionals(_ spec: Functionals.Spec, bands: Int) {
    // (N, C, F, T) to (N, T, C · F) to the coefficients' trajectories (N, T, K).
    transpose([0, 3, 1, 2])
    reshape([0, 0, -1])
    let count = spec.coefficients.reduce(0, +)
    let transform = graph.constant(
      spec.name + ".transform", transform(spec, bands: bands),
      shape: [bands * spec.coefficients.count, count])
    apply("MatMul", with: transform)
    let x = value
    let frames = length(of: x)

    let mean = average(x, nil)
    let distance = graph.add("Sub", [x, mean])
    let deviation = root(average(square(distance), nil))
    let loud = weights(
      graph.add("Gather", [x, integers([0], shape: [1])], [("axis", .int(2))]),
      spec.loudnessScale(bands: bands), spec.name + ".loudness")
    let loudMean = average(x, loud)
    let loudDeviation = root(average(square(graph.add("Sub", [x, loudMean])), loud))
    let voiced = weights(harmonicity(x, spec), 4, spec.name + ".harmonicity")
    var answers = [mean, deviation, loudMean, loudDeviation, average(x, voiced)]
    for lag in spec.lags { answers.append(change(x, lag, frames: frames)) }
    answers.append(skewness(distance, deviation, spec.name))
    answers += thirds(x, mean, frames: frames)
    value = graph.add("Concat", answers, [("axis", .int(2))])
    apply("Squeeze", with: integers([1], shape: [1]))
    form = .vector
  }

  /// The transforms of all channels as one (channels · bands, K), zeros for the most part.
  private func transform(_ spec: Functionals.Spec, bands: Int) -> [Float] {
    let width = spec.coefficients.reduce(0, +)
    var matrix = [Float](repeating: 0, count: bands * spec.coefficients.count * width)
    var first = 0
    let transforms = spec.transforms(bands: bands)
    for (channel, (count, transform)) in zip(spec.coefficients, transforms).enumerated() {
      for band in 0..<bands {
        for k in 0..<count {
          matrix[(channel * bands + band) * width + first + k] =
            transform?[band * count + k] ?? (band == k ? 1 : 0)
        }
      }
      first += count
    }
    return matrix
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

  private mutating func square(_ x: ONNXGraph.Value) -> ONNXGraph.Value {
    graph.add("Mul", [x, x])
  }

  private mutating func root(_ x: ONNXGraph.Value) -> ONNXGraph.Value { graph.add("Sqrt", [x]) }

  /// A softmax over time of (N, T, 1) times a factor.
  private mutating func weights(
    _ scores: ONNXGraph.Value, _ factor: Float, _ name: String
  ) -> ONNXGraph.Value {
    let scaled = graph.add("Mul", [scores, graph.constant(name, [factor], shape: [])])
    return graph.add("Softmax", [scaled], [("axis", .int(1))])
  }

  /// Mean size of the last channel's coefficients from the eighth on, (N, T, 1).
  private mutating func harmonicity(
    _ x: ONNXGraph.Value, _ spec: Functionals.Spec
  ) -> ONNXGraph.Value {
    let range = Functionals.harmonic(spec.coefficients)
    // Without any, each frame counts the same.
    if range.isEmpty {
      let first = graph.add("Gather", [x, integers([0], shape: [1])], [("axis", .int(2))])
      return graph.add("Sub", [first, first])
    }
    let chosen = graph.add(
      "Gather", [x, integers(Array(range), shape: [range.count])], [("axis", .int(2))])
    return graph.add(
      "ReduceMean", [graph.add("Abs", [chosen])], [("axes", .ints([2])), ("keepdims", .int(1))])
  }

  private mutating func skewness(
    _ distance: ONNXGraph.Value, _ deviation: ONNXGraph.Value, _ name: String
  ) -> ONNXGraph.Value {
    let least = graph.constant(name + ".least_deviation", [1e-3], shape: [])
    let ratio = graph.add("Div", [distance, graph.add("Max", [deviation, least])])
    return average(graph.add("Mul", [square(ratio), ratio]), nil)
  }

  /// Root mean square of x[t + lag] - x[t]; 0 where there is none.
  private mutating func change(
    _ x: ONNXGraph.Value, _ lag: Int, frames: ONNXGraph.Value
  ) -> ONNXGraph.Value {
    let later = slice(x, integers([lag], shape: [1]), integers([Int(Int32.max)], shape: [1]))
    let earlier = slice(x, integers([0], shape: [1]), integers([-lag], shape: [1]))
    let steps = square(graph.add("Sub", [later, earlier]))
    let count = graph.add("Sub", [frames, integers([lag], shape: [1])])
    return root(graph.add("Div", [sum(steps), atLeastOne(count)]))
  }

  /// Means of the first and second third less that of all; 0 for fewer than three frames.
  private mutating func thirds(
    _ x: ONNXGraph.Value, _ mean: ONNXGraph.Value, frames: ONNXGraph.Value
  ) -> [ONNXGraph.Value] {
    let third = graph.add("Div", [frames, integers([3], shape: [1])])
    let exists = float(graph.add("Min", [third, integers([1], shape: [1])]))
    let ends = [integers([0], shape: [1]), third, graph.add("Add", [third, third])]
    return (0..<2).map { place in
      let part = graph.add("Div", [sum(slice(x, ends[place], ends[place + 1])), atLeastOne(third)])
      return graph.add("Mul", [graph.add("Sub", [part, mean]), exists])
    }
  }

  // MARK: - Time

  /// T of (N, T, K), one integer.
  private mutating func length(of x: ONNXGraph.Value) -> ONNXGraph.Value {
    graph.add(
      "Gather", [graph.add("Shape", [x]), integers([1], shape: [1])], [("axis", .int(0))])
  }

  private mutating func slice(
    _ x: ONNXGraph.Value, _ start: ONNXGraph.Value, _ end: ONNXGraph.Value
  ) -> ONNXGraph.Value {
    graph.add("Slice", [x, start, end, integers([1], shape: [1])])
  }

  private mutating func sum(_ x: ONNXGraph.Value) -> ONNXGraph.Value {
    graph.add("ReduceSum", [x, integers([1], shape: [1])], [("keepdims", .int(1))])
  }

  private mutating func float(_ x: ONNXGraph.Value) -> ONNXGraph.Value {
    graph.add("Cast", [x], [("to", .int(1))])
  }

  private mutating func atLeastOne(_ x: ONNXGraph.Value) -> ONNXGraph.Value {
    float(graph.add("Max", [x, integers([1], shape: [1])]))
  }
}
