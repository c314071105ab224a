import EmotionModel
import ModelExchange
import NeuralNetwork
import TestSupport
import Testing

/// A field of a Protocol Buffers message, read back.
private enum Field {
  case number(UInt64)
  case bytes([UInt8])
}

/// Reads a message; fails the test where the bytes are no message.
private func fields(_ bytes: [UInt8]) throws -> [(number: UInt64, value: Field)] {
  var rest = bytes[...]
  func varint() throws -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      guard let byte = rest.popFirst() else { throw Unreadable() }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw Unreadable() }
    }
  }
  var result: [(UInt64, Field)] = []
  while !rest.isEmpty {
    let key = try varint()
    switch key & 7 {
    case 0: result.append((key >> 3, .number(try varint())))
    case 2:
      let count = Int(try varint())
      guard count <= rest.count else { throw Unreadable() }
      result.append((key >> 3, .bytes(Array(rest.prefix(count)))))
      rest = rest.dropFirst(count)
    default: throw Unreadable()
    }
  }
  return result
}

private struct Unreadable: Error {}

extension [(number: UInt64, value: Field)] {
  fileprivate func messages(_ number: UInt64) throws -> [[(number: UInt64, value: Field)]] {
    try texts(number).map { try ModelExchangeTests.fields($0) }
  }

  fileprivate func texts(_ number: UInt64) -> [[UInt8]] {
    filter { $0.number == number }.compactMap {
      if case .bytes(let bytes) = $0.value { bytes } else { nil }
    }
  }

  fileprivate func strings(_ number: UInt64) -> [String] {
    texts(number).map { String(decoding: $0, as: UTF8.self) }
  }

  fileprivate func numbers(_ number: UInt64) -> [Int] {
    filter { $0.number == number }.compactMap {
      if case .number(let value) = $0.value { Int(Int64(bitPattern: value)) } else { nil }
    }
  }
}

/// That ONNX Runtime computes the same is checked by `.ci/onnx`; here, that the file is whole.
@Suite("ONNX")
struct ONNXTests {
  private static let layers: [LayerSpec] = [
    .conv2d(.init(name: "conv", channels: 3, kernel: [3, 2], stride: [2, 1], padding: [1, 0])),
    .batchNorm(.init(name: "norm")), .relu(.init(name: "relu")),
    .maxPool(.init(name: "max", window: [2, 1])), .sequence(.init(name: "sequence")),
    .lstm(.init(name: "lstm", units: 4, layers: 2, bidirectional: true)),
    .attentionPooling(.init(name: "attention", deviation: true)),
    .dense(.init(name: "classes", units: 2)), .softmax(.init(name: "softmax")),
  ]

  /// Over functionals.
  private static let vectorLayers: [LayerSpec] = [
    .standardize(.init(name: "scale")), .dropout(.init(name: "drop", rate: 0.5)),
    .dense(.init(name: "classes", units: 2)), .softmax(.init(name: "softmax")),
  ]

  private static func member(
    _ name: String, weight: Float, _ spec: NetworkSpec
  ) throws -> ModelFile.Member {
    let network = try Network(spec)
    return ModelFile.Member(
      name: name, weight: weight, features: "{}", network: network,
      weights: Weights(
        parameters: (0..<network.layout.parameterCount).map { Float($0 % 17) / 17 - 0.5 },
        statistics: .init(repeating: 1, count: network.layout.statisticCount)))
  }

  private func model(members count: Int = 1) throws -> ModelFile {
    let members = [
      try Self.member("main", weight: 1, NetworkSpec(bands: 6, channels: 2, layers: Self.layers)),
      try Self.member(
        "vectors", weight: 0.5,
        NetworkSpec(bands: 1, channels: 9, layers: Self.vectorLayers, takesVectors: true)),
    ]
    return try ModelFile(
      name: "small", labels: ["calm", "happy"], members: Array(members[..<count]),
      calibration: .init(temperature: 1.5))
  }

  @Test("a model is a message of IR 8 with operators of set 17, its labels and its features")
  func envelope() throws {
    let model = try fields(try model().onnx())
    #expect(model.numbers(1) == [8])
    #expect(try model.messages(8)[0].numbers(2) == [17])
    let entries = try model.messages(14)
    let metadata = Dictionary(
      uniqueKeysWithValues: entries.map { ($0.strings(1)[0], $0.strings(2)[0]) })
    #expect(metadata["labels"] == "calm,happy" && metadata["features"] == "{}")
  }

  @Test("every value is made once, before it is used, and the answer last", arguments: [1, 2])
  func order(members: Int) throws { try checkOrder(model(members: members)) }

  @Test("every registered layer is translated", arguments: LayerRegistry.typeNames)
  func layers(_ type: String) throws {
    let example = try #require(LayerExample.all[type], "no example of \(type)")
    try checkOrder(classifier(of: example.network))
  }

  /// A model whose network begins with the layers of `spec`; a softmax among them comes last.
  private func classifier(of spec: NetworkSpec) throws -> ModelFile {
    var spec = spec
    spec.layers.removeAll { $0.specification is Softmax.Spec }
    let output = try Network(spec).output
    if output.bands > 1 { spec.layers.append(.sequence(.init(name: "bands"))) }
    if !output.isPooled { spec.layers.append(.lastStep(.init(name: "pooled"))) }
    spec.layers += [
      .dense(.init(name: "classes", units: 2)), .softmax(.init(name: "probabilities")),
    ]
    let network = try Network(spec)
    return try ModelFile(
      name: "example", labels: ["calm", "happy"],
      members: [
        .init(features: "{}", network: network, weights: network.initialWeights(seed: 1))
      ])
  }

  @Test("a layer that has no translation is named")
  func untranslatable() throws {
    let network = NetworkSpec(bands: 4, channels: 1, layers: [LayerSpec(Nothing.Spec(name: "odd"))])
    let model = try classifier(of: network)
    #expect(throws: ONNXError.untranslatableLayer(type: "nothing", name: "odd")) {
      try model.onnx()
    }
  }

  private func checkOrder(_ model: ModelFile) throws {
    let graph = try fields(try model.onnx()).messages(7)[0]
    var known = Set(try graph.messages(5).flatMap { $0.strings(8) })
    #expect(known.count == (try graph.messages(5).count))
    for input in try graph.messages(11) { known.formUnion(input.strings(1)) }
    for node in try graph.messages(1) {
      #expect(node.strings(1).allSatisfy(known.contains), "\(node.strings(4))")
      #expect(known.isDisjoint(with: node.strings(2)))
      known.formUnion(node.strings(2))
    }
    #expect(try graph.messages(12).flatMap { $0.strings(1) } == ["probabilities"])
    #expect(try graph.messages(1).last?.strings(2) == ["probabilities"])
  }

  @Test("a tensor has as many bytes as its shape says")
  func tensors() throws {
    let graph = try fields(try model().onnx()).messages(7)[0]
    for tensor in try graph.messages(5) {
      let size = tensor.numbers(2) == [7] ? 8 : 4
      #expect(tensor.texts(9)[0].count == size * tensor.numbers(1).reduce(1, *))
    }
    let weight = try graph.messages(5).first { $0.strings(8) == ["conv.weight"] }
    #expect(weight?.numbers(1) == [3, 2, 3, 2])
  }

  @Test("each of several members has an input and constants of its own")
  func severalMembers() throws {
    let graph = try fields(try model(members: 2).onnx()).messages(7)[0]
    #expect(try graph.messages(11).flatMap { $0.strings(1) } == ["main", "vectors"])
    let constants = Set(try graph.messages(5).flatMap { $0.strings(8) })
    #expect(constants.isSuperset(of: ["main.conv.weight", "vectors.scale.mean", "temperature"]))
  }
}

/// A layer of this test alone, which nobody has registered: it gives what it gets.
private struct Nothing: Layer {
  struct Spec: LayerSpecification {
    typealias Described = Nothing
    static let typeName = "nothing"
    var name: String
  }

  let spec: Spec
  let output: FrameShape

  init(_ spec: Spec, input: FrameShape, layout: inout ParameterLayout) {
    (self.spec, output) = (spec, input)
  }

  func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    x
  }

  func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Void) {
    (x, ())
  }

  func backward(
    _ dy: consuming Batch, _ tape: Void, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    dy
  }
}
