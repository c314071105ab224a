/// How a parameter starts before training.
public enum Initialization: Sendable, Equatable {
  case constant(Float)
  /// Uniform in ±bound, as PyTorch starts its layers.
  case uniform(Float)
}

/// One named tensor of a weights file and its place in the network's flat vector.
public struct ParameterSlot: Sendable, Equatable {
  /// Name in the file, PyTorch's: `conv1.weight`.
  public var name: String
  /// Shape in the file, PyTorch's.
  public var shape: [Int]
  /// Its place in the network's parameters, or in its statistics.
  public var range: Range<Int>
  /// What its values are before training.
  public var initialization: Initialization
  /// Whether weight decay shrinks it: matrices and kernels, not biases nor norms.
  public var decays: Bool
  /// The file's axes, perhaps split further than `shape`, and their order in memory.
  var axes: [Int]
  var order: [Int]
}

/// Collects the tensors of a network's layers and gives each its place.
///
/// All parameters of a network lie in one vector: the optimiser, averaging, clipping and saving are
/// each one loop. Running statistics lie in a second one, since no gradient moves them.
public struct ParameterLayout: Sendable, Equatable {
  /// What gradients move, in the order of `Weights.parameters`.
  public private(set) var parameters: [ParameterSlot] = []
  /// Running statistics, in the order of `Weights.statistics`.
  public private(set) var statistics: [ParameterSlot] = []

  /// Nothing yet.
  public init() {}

  /// Values of all parameters.
  public var parameterCount: Int { parameters.last?.range.upperBound ?? 0 }
  /// Values of all statistics.
  public var statisticCount: Int { statistics.last?.range.upperBound ?? 0 }

  /// Adds a parameter. `axes` and `order` tell how the file's values are turned to lie as the
  /// layers read them.
  mutating func addParameter(
    _ name: String, shape: [Int], axes: [Int]? = nil, order: [Int]? = nil,
    initialization: Initialization, decays: Bool
  ) -> Range<Int> {
    let axes = axes ?? shape
    let start = parameterCount
    let range = start..<start + shape.reduce(1, *)
    parameters.append(
      .init(
        name: name, shape: shape, range: range, initialization: initialization, decays: decays,
        axes: axes, order: order ?? Array(axes.indices)))
    return range
  }

  mutating func addStatistic(
    _ name: String, axes: [Int], order: [Int], initially value: Float
  ) -> Range<Int> {
    let count = axes.reduce(1, *)
    let range = statisticCount..<statisticCount + count
    statistics.append(
      .init(
        name: name, shape: [count], range: range, initialization: .constant(value), decays: false,
        axes: axes, order: order))
    return range
  }
}

extension ParameterSlot {
  /// From the file's order of values to the network's.
  package func arranged(_ values: [Float]) -> [Float] { permuted(values, axes: axes, order: order) }

  /// From the network's order of values to the file's.
  package func unarranged(_ values: [Float]) -> [Float] {
    var inverse = order
    for (place, axis) in order.enumerated() { inverse[axis] = place }
    return permuted(values, axes: order.map { axes[$0] }, order: inverse)
  }
}

/// `numpy.transpose(values.reshape(axes), order)`, flattened.
func permuted(_ values: [Float], axes: [Int], order: [Int]) -> [Float] {
  precondition(values.count == axes.reduce(1, *), "\(values.count) values are not \(axes)")
  if order == Array(axes.indices) { return values }
  var strides = [Int](repeating: 1, count: axes.count)
  for axis in axes.indices.dropLast().reversed() {
    strides[axis] = strides[axis + 1] * axes[axis + 1]
  }
  let sizes = order.map { axes[$0] }
  let steps = order.map { strides[$0] }
  var index = [Int](repeating: 0, count: axes.count)
  var source = 0
  return values.indices.map { _ in
    defer {
      var axis = sizes.count - 1
      while axis >= 0 {
        index[axis] += 1
        source += steps[axis]
        if index[axis] < sizes[axis] { break }
        source -= index[axis] * steps[axis]
        index[axis] = 0
        axis -= 1
      }
    }
    return values[source]
  }
}

extension ParameterLayout {
  /// A matrix over a frame's features: (outputs, inputs) in the file, (inputs, outputs) in memory,
  /// inputs in the frame's own order.
  mutating func addInputWeight(
    _ name: String, outputs: Int, input: FrameShape, initialization: Initialization
  ) -> Range<Int> {
    addParameter(
      name, shape: [outputs, input.channels], axes: [outputs] + input.fileAxes,
      order: [1, 3, 2, 0], initialization: initialization, decays: true)
  }
}
