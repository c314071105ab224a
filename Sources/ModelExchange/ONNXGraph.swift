/// A graph of ONNX operators as it is being built; what each is called after the order it came in.
///
/// Messages and field numbers: onnx.proto of ONNX 1.12 (IR version 8); operators: opset 17.
struct ONNXGraph: Sendable {
  /// The name of a value within the graph.
  typealias Value = String

  enum Attribute: Sendable {
    case int(Int)
    case ints([Int])
    case string(String)
  }

  /// What the names of constants begin with: several networks may have layers of one name.
  var scope = ""
  private var nodes: [ProtobufMessage] = []
  private var initializers: [ProtobufMessage] = []

  /// Adds an operator with one output, and names that output.
  mutating func add(
    _ type: String, _ inputs: [Value], _ attributes: [(String, Attribute)] = [],
    output: Value? = nil
  ) -> Value {
    let output = output ?? "\(type.lowercased())_\(nodes.count)"
    var node = ProtobufMessage()
    for input in inputs { node.add(1, input) }
    node.add(2, output)
    node.add(3, output)
    node.add(4, type)
    for (name, value) in attributes { node.add(5, Self.message(name, value)) }
    nodes.append(node)
    return output
  }

  /// Adds numbers that do not change. `shape` empty: a single one.
  mutating func constant(_ name: String, _ values: [Float], shape: [Int]) -> Value {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(4 * values.count)
    for value in values {
      for shift in [0, 8, 16, 24] {
        bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
      }
    }
    return initializer(name, type: 1, shape: shape, bytes: bytes)
  }

  mutating func constant(_ name: String, _ values: [Int], shape: [Int]) -> Value {
    let bytes = values.flatMap { value in
      stride(from: 0, to: 64, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return initializer(name, type: 7, shape: shape, bytes: bytes)
  }

  /// A name that no other constant has.
  func freshName(_ stem: String) -> Value { "\(stem)_\(initializers.count)" }

  private mutating func initializer(
    _ name: String, type: Int, shape: [Int], bytes: [UInt8]
  ) -> Value {
    let name = scope + name
    var tensor = ProtobufMessage()
    for length in shape { tensor.add(1, length) }
    tensor.add(2, type)
    tensor.add(8, name)
    tensor.add(9, bytes)
    initializers.append(tensor)
    return name
  }

  private static func message(_ name: String, _ value: Attribute) -> ProtobufMessage {
    var attribute = ProtobufMessage()
    attribute.add(1, name)
    switch value {
    case .int(let number):
      attribute.add(3, number)
      attribute.add(20, 2)
    case .string(let text):
      attribute.add(4, text)
      attribute.add(20, 3)
    case .ints(let numbers):
      for number in numbers { attribute.add(8, number) }
      attribute.add(20, 7)
    }
    return attribute
  }
}

extension ONNXGraph {
  /// A value that enters or leaves the graph. Axes are numbers or, where any length will do, names.
  struct Port: Sendable {
    enum Axis: Sendable {
      case length(Int)
      case any(String)
    }

    let name: Value
    let axes: [Axis]

    fileprivate var message: ProtobufMessage {
      var shape = ProtobufMessage()
      for axis in axes {
        var dimension = ProtobufMessage()
        switch axis {
        case .length(let length): dimension.add(1, length)
        case .any(let name): dimension.add(2, name)
        }
        shape.add(1, dimension)
      }
      var tensor = ProtobufMessage()
      tensor.add(1, 1)
      tensor.add(2, shape)
      var type = ProtobufMessage()
      type.add(1, tensor)
      var port = ProtobufMessage()
      port.add(1, name)
      port.add(2, type)
      return port
    }
  }

  /// The bytes of a model file with this graph.
  func model(
    name: String, inputs: [Port], output: Port, metadata: [(key: String, value: String)]
  ) -> [UInt8] {
    var graph = ProtobufMessage()
    for node in nodes { graph.add(1, node) }
    graph.add(2, name)
    for initializer in initializers { graph.add(5, initializer) }
    for input in inputs { graph.add(11, input.message) }
    graph.add(12, output.message)
    var operators = ProtobufMessage()
    operators.add(1, "")
    operators.add(2, 17)
    var model = ProtobufMessage()
    model.add(1, 8)
    model.add(2, "emotion-lab")
    model.add(7, graph)
    model.add(8, operators)
    for (key, value) in metadata {
      var entry = ProtobufMessage()
      entry.add(1, key)
      entry.add(2, value)
      model.add(14, entry)
    }
    return model.bytes
  }
}
