import EmotionModel
import FileIO
import Foundation
import NeuralNetwork
import SafeTensors
import TestSupport
import Testing

/// A whole model of two labels, small enough to read.
private func model() throws -> ModelFile {
  let network = try Network(
    NetworkSpec(
      bands: 4, channels: 1,
      layers: [
        .conv2d(.init(name: "conv", channels: 2, kernel: [3, 3], padding: [1, 1])),
        .batchNorm(.init(name: "norm")), .sequence(.init(name: "sequence")),
        .lstm(.init(name: "lstm", units: 3, bidirectional: true)), .lastStep(.init(name: "last")),
        .dense(.init(name: "classes", units: 2)), .softmax(.init(name: "softmax")),
      ]))
  let count = network.layout.parameterCount
  var model = try ModelFile(
    name: "small", labels: ["sad", "happy"],
    members: [
      .init(
        features: #"{"any":"thing"}"#, network: network,
        weights: Weights(
          parameters: (0..<count).map { Float($0) / 64 }, statistics: [0.5, -0.5, 1, 2]))
    ],
    calibration: .init(temperature: 1.25))
  model.provenance.corpora = ["ravdess"]
  model.provenance.seed = .max
  model.provenance.metrics = ["uar": 0.625]
  return model
}

@Suite("A model's weights file")
struct ModelFileTests {
  @Test("holds everything: what is written is read back, from bytes and from disk")
  func roundTrip() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let written = try model()
    try written.write(to: path)
    for read in [
      try ModelFile(contentsOf: path), try ModelFile(bytes: written.tensorFile.encoded()),
    ] {
      #expect(read.name == "small" && read.labels == ["sad", "happy"])
      #expect(read.members.map(\.name) == ["main"] && read.members[0].weight == 1)
      #expect(read.members[0].features == written.members[0].features)
      #expect(read.members[0].network.spec == written.members[0].network.spec)
      #expect(read.members[0].weights == written.members[0].weights)
      #expect(read.calibration == written.calibration && read.provenance == written.provenance)
      #expect(try read.tensorFile.encoded() == written.tensorFile.encoded())
    }
  }

  @Test("names and shapes its tensors as PyTorch does")
  func tensors() throws {
    let file = try model().tensorFile
    #expect(file["conv.weight"]?.shape == [2, 1, 3, 3])
    #expect(file["norm.running_var"]?.shape == [2])
    #expect(file["lstm.weight_ih_l0_reverse"]?.shape == [12, 8])
    #expect(file["classes.bias"]?.shape == [2])
    #expect(file.tensors.count == 4 + 2 + 8 + 2)
  }

  @Test("of several members names their tensors by the members'")
  func severalMembers() throws {
    var two = try model()
    var other = two.members[0]
    other.name = "other"
    other.weight = -0.5
    for place in other.weights.parameters.indices { other.weights.parameters[place] += 1 }
    two.members.append(other)
    let file = two.tensorFile
    #expect(file["main.conv.weight"]?.shape == [2, 1, 3, 3] && file["conv.weight"] == nil)
    let read = try ModelFile(bytes: file.encoded())
    #expect(read.members.map(\.name) == ["main", "other"])
    #expect(read.members.map(\.weight) == [1, -0.5])
    #expect(read.members.map(\.weights) == two.members.map(\.weights))
    #expect(read.parameterCount == 2 * (try model().parameterCount))
  }

  @Test("with two members of one name, or a weight that is no number, is refused")
  func wrongMembers() throws {
    let one = try model()
    let twice = [one.members[0], one.members[0]]
    #expect(throws: ModelError.self) {
      try ModelFile(name: "x", labels: one.labels, members: twice)
    }
    var endless = one.members[0]
    endless.weight = .infinity
    #expect(throws: ModelError.self) {
      try ModelFile(name: "x", labels: one.labels, members: [endless])
    }
  }

  @Test("with PyTorch's counters of batches is read")
  func batchCounters() throws {
    var file = try model().tensorFile
    file.tensors.append(("norm.num_batches_tracked", Tensor(shape: [], values: [12])))
    #expect(try ModelFile(bytes: file.encoded()).members[0].weights == model().members[0].weights)
  }

  @Test("cut short anywhere is refused")
  func cutShort() throws {
    let bytes = try model().tensorFile.encoded()
    for count in stride(from: 0, to: bytes.count, by: 97) + [bytes.count - 1] {
      #expect(throws: ModelFileError.self) { try ModelFile(bytes: Array(bytes[..<count])) }
    }
    let error = #expect(throws: ModelFileError.self) { try ModelFile(bytes: bytes.dropLast(1)) }
    #expect(error?.description == "cut short: \(bytes.count - 1) of \(bytes.count) bytes")
  }

  @Test("with tensors that overlap is refused by their names")
  func overlap() throws {
    var bytes = try model().tensorFile.encoded()
    let key = Array(#""conv.bias":{"data_offsets":["#.utf8)
    let start = try #require(bytes.firstRange(of: key)).upperBound
    // conv.bias lies after conv.weight's 72 bytes: now it begins, and ends, four bytes earlier.
    #expect(String(decoding: bytes[start..<start + 5], as: UTF8.self) == "72,80")
    bytes.replaceSubrange(start..<start + 5, with: Array("68,76".utf8))
    #expect(
      throws: ModelFileError.tensors(.overlap(first: "conv.weight", second: "conv.bias"))
    ) { try ModelFile(bytes: bytes) }
  }
}

/// One thing done to a good file, and the error that has to name it.
private struct Damage: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let error: ModelError
  let text: String
  let make: @Sendable (inout TensorFile) throws -> Void

  init(
    _ title: String, _ error: ModelError, _ text: String,
    _ make: @escaping @Sendable (inout TensorFile) throws -> Void
  ) {
    (testDescription, self.error, self.text, self.make) = (title, error, text, make)
  }

  static func metadata(
    _ title: String, _ key: String, _ value: String?, _ error: ModelError, _ text: String
  ) -> Damage {
    Damage(title, error, text) { $0.metadata[key] = value }
  }

  /// The layer list with one part replaced.
  static func network(
    _ title: String, _ part: String, by other: String, _ error: ModelError, _ text: String
  ) -> Damage {
    Damage(title, error, text) { file in
      let spec = file.metadata["members", default: ""]
      #expect(spec.contains(part), "\(part) in \(spec)")
      file.metadata["members"] = spec.replacing(part, with: other)
    }
  }
}

private let damages: [Damage] = [
  Damage(
    "wrong shape", .shapeMismatch(name: "classes.bias", expected: [2], found: [2, 1]),
    "classes.bias"
  ) {
    file in
    file.tensors = file.tensors.map { name, tensor in
      (name, name == "classes.bias" ? Tensor(shape: [2, 1], values: tensor.values) : tensor)
    }
  },
  Damage("missing tensor", .missingTensor(name: "lstm.weight_hh_l0"), "lstm.weight_hh_l0") { file in
    file.tensors.removeAll { $0.name == "lstm.weight_hh_l0" }
  },
  Damage("missing statistic", .missingTensor(name: "norm.running_mean"), "norm.running_mean") {
    file in file.tensors.removeAll { $0.name == "norm.running_mean" }
  },
  Damage("extra tensor", .unexpectedTensor(name: "conv.scale"), "conv.scale") { file in
    file.tensors.append(("conv.scale", Tensor(shape: [1], values: [1])))
  },
  Damage("negative variance", .negativeVariance(name: "norm.running_var"), "norm.running_var") {
    file in
    file.tensors = file.tensors.map { name, tensor in
      (name, name == "norm.running_var" ? Tensor(shape: [2], values: [1, -1]) : tensor)
    }
  },
  .metadata("no format", "format", nil, .missingMetadata(key: "format"), "\"format\" is missing"),
  .metadata("other format", "format", "2", .unsupportedFormat(version: "2"), "\"2\""),
  .metadata("no members", "members", nil, .missingMetadata(key: "members"), "members"),
  .metadata(
    "an earlier format", "format", "speech-emotion/1",
    .unsupportedFormat(version: "speech-emotion/1"), "emotion-lab convert"),
  .metadata(
    "an empty list of members", "members", "[]",
    .invalidMetadata(key: "members", problem: "must be 1 to 32, not 0"), "1 to 32"),
  .network(
    "a member with a name that is no word", #""name":"main""#, by: #""name":"a.b""#,
    .invalidMetadata(
      key: "members", problem: "names must be unique and of letters, digits and hyphens"),
    "unique"),
  .network(
    "a member without features", #""features":{"any":"thing"},"#, by: "",
    .invalidMetadata(key: "members", problem: "[0].features is missing"), "features"),
  .metadata("no labels", "labels", nil, .missingMetadata(key: "labels"), "labels"),
  .metadata(
    "labels of another type", "labels", "[1, 2]",
    .invalidMetadata(key: "labels", problem: "[0] is no String"), "labels"),
  .metadata(
    "three labels", "labels", #"["a", "b", "c"]"#, .network(.outputMismatch(labels: 3, outputs: 2)),
    "2 values for 3 labels"),
  .metadata(
    "a label twice", "labels", #"["a", "a"]"#,
    .invalidMetadata(key: "labels", problem: "labels must be unique and not empty"), "unique"),
  .metadata(
    "a temperature of zero", "calibration", #"{"temperature": 0}"#,
    .invalidMetadata(key: "calibration", problem: "temperature must be 0.01 to 100"), "temperature"),
  .metadata(
    "no temperature", "calibration", "{}",
    .invalidMetadata(key: "calibration", problem: "temperature is missing"), "temperature"),
  .metadata(
    "members that are no JSON", "members", "[",
    .invalidMetadata(key: "members", problem: "is not valid JSON"), "members"),
  .network(
    "an unknown layer", #""type":"lastStep""#, by: #""type":"firstStep""#,
    .network(.unknownLayer(type: "firstStep")), "firstStep"),
  .network(
    "an unknown option", #""units":3"#, by: #""units":3,"unit":3"#,
    .network(.invalidLayer(name: "lstm", problem: "has no option \"unit\"")), "unit"),
  .network(
    "a missing option", #","units":3"#, by: "",
    .invalidMetadata(key: "members", problem: "[0].network.layers[3].units is missing"),
    "layers[3].units"),
  .network(
    "an absurd option", #""units":3"#, by: #""units":0"#,
    .network(.invalidLayer(name: "lstm", problem: "units is 0, must be 1 to 4096")), "units is 0"),
  .network(
    "two layers of a name", #""name":"last""#, by: #""name":"lstm""#,
    .network(.duplicateLayer(name: "lstm")),
    "lstm"),
  .network(
    "a network that is not pooled", #"{"name":"last","type":"lastStep"},"#, by: "",
    .network(.notPooled),
    "pooling"),
]

@Suite("A weights file with something wrong")
struct DamagedModelFileTests {
  @Test("is refused, and the error names it", arguments: damages)
  fileprivate func refused(_ damage: Damage) throws {
    var file = try model().tensorFile
    try damage.make(&file)
    let bytes = try file.encoded()
    let error = #expect(throws: ModelFileError.self) { try ModelFile(bytes: bytes) }
    #expect(error == .model(damage.error))
    #expect(error?.description.contains(damage.text) == true)
  }
}

@Suite("A layer in JSON")
struct LayerJSONTests {
  @Test(
    "may leave out the options that have defaults",
    arguments: [
      (
        #"{"type": "conv2d", "name": "a", "channels": 2, "kernel": [3, 5]}"#,
        LayerSpec.conv2d(.init(name: "a", channels: 2, kernel: [3, 5]))
      ),
      (
        #"{"type": "conv2d", "name": "a", "channels": 2, "kernel": [3, 5], "bias": false}"#,
        .conv2d(.init(name: "a", channels: 2, kernel: [3, 5], bias: false))
      ),
      (#"{"type": "batchNorm", "name": "a"}"#, .batchNorm(.init(name: "a"))),
      (
        #"{"type": "batchNorm", "name": "a", "epsilon": 0.25}"#,
        .batchNorm(.init(name: "a", epsilon: 0.25))
      ),
      (#"{"type": "dropout", "name": "a", "rate": 0.1}"#, .dropout(.init(name: "a", rate: 0.1))),
      (#"{"type": "lstm", "name": "a", "units": 7}"#, .lstm(.init(name: "a", units: 7))),
      (#"{"type": "attentionPooling", "name": "a"}"#, .attentionPooling(.init(name: "a"))),
      (#"{"type": "statisticsPooling", "name": "a"}"#, .statisticsPooling(.init(name: "a"))),
      (
        #"{"type": "maxPool", "name": "a", "window": [2, 1]}"#,
        .maxPool(.init(name: "a", window: [2, 1]))
      ),
      (
        #"{"type": "residual", "name": "a", "layers": [{"type": "lstm", "name": "b", "units": 7}]}"#,
        .residual(.init(name: "a", layers: [.lstm(.init(name: "b", units: 7))]))
      ),
    ])
  func defaults(json: String, expected: LayerSpec) throws {
    let read = try JSONDecoder().decode(LayerSpec.self, from: Data(json.utf8))
    #expect(read == expected)
    #expect(try JSONDecoder().decode(LayerSpec.self, from: JSONEncoder().encode(read)) == read)
  }

  @Test("inside another is held to the same rules")
  func nested() {
    let json =
      #"{"type": "residual", "name": "a", "layers": [{"type": "relu", "name": "b", "x": 1}]}"#
    #expect(throws: NetworkError.invalidLayer(name: "b", problem: "has no option \"x\"")) {
      try JSONDecoder().decode(LayerSpec.self, from: Data(json.utf8))
    }
  }
}
