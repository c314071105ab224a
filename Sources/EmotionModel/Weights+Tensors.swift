public import NeuralNetwork
public import SafeTensors

extension Weights {
  /// Takes each tensor its network needs, in the shape it needs, and refuses any other.
  /// - Throws: `missingTensor`, `unexpectedTensor`, `shapeMismatch` or `negativeVariance`, each with the tensor's name.
  public init(of network: Network, from file: TensorFile) throws(ModelError) {
    let layout = network.layout
    let tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    let wanted = Set((layout.parameters + layout.statistics).map(\.name))
    for (name, _) in file.tensors where !wanted.contains(name) {
      // Counts batches in PyTorch's files; no layer here reads it.
      if name.hasSuffix(".num_batches_tracked") { continue }
      throw .unexpectedTensor(name: name)
    }
    try self.init(
      parameters: Self.gather(layout.parameters, tensors),
      statistics: Self.gather(layout.statistics, tensors))
    for slot in layout.statistics where slot.name.hasSuffix(".running_var") {
      guard statistics[slot.range].allSatisfy({ $0 >= 0 }) else {
        throw .negativeVariance(name: slot.name)
      }
    }
  }

  /// The tensors' values one after the other, as the slots lay them out.
  /// - Throws: `missingTensor` or `shapeMismatch`.
  private static func gather(
    _ slots: [ParameterSlot], _ tensors: [String: Tensor]
  ) throws(ModelError) -> [Float] {
    var values: [Float] = []
    for slot in slots {
      guard let tensor = tensors[slot.name] else { throw .missingTensor(name: slot.name) }
      guard tensor.shape == slot.shape else {
        throw .shapeMismatch(name: slot.name, expected: slot.shape, found: tensor.shape)
      }
      values += slot.arranged(tensor.values)
    }
    return values
  }

  /// The tensors as PyTorch would name and shape them, parameters before statistics.
  public func tensors(of network: Network) -> [(name: String, tensor: Tensor)] {
    let layout = network.layout
    return Self.spread(layout.parameters, parameters) + Self.spread(layout.statistics, statistics)
  }

  private static func spread(
    _ slots: [ParameterSlot], _ values: [Float]
  ) -> [(name: String, tensor: Tensor)] {
    slots.map { slot in
      (slot.name, Tensor(shape: slot.shape, values: slot.unarranged(Array(values[slot.range]))))
    }
  }
}
