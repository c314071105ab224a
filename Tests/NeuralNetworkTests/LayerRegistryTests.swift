import Foundation
import NeuralNetwork
import StrictJSON
import TestSupport
import Testing

/// One layer's options with another value for one of them.
private struct Description {
  var network: NetworkSpec
  let place: Int
  /// JSON of each option, `type` and `name` among them.
  var options: [String: String] = [:]

  init(_ example: LayerExample) throws {
    (network, place) = (example.network, example.place)
    guard case .object(let members) = JSONValue(encoding: example.layer) else { return }
    options = try members.mapValues { try text($0) }
  }

  func read() throws -> Network {
    let layer = options.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
    var layers = try network.layers.map { try text($0) }
    layers[place] = "{\(layer)}"
    let json =
      #"{"bands": \#(network.bands), "channels": \#(network.channels), "#
      + #""layers": [\#(layers.joined(separator: ","))]}"#
    return try Network(JSONDecoder().decode(NetworkSpec.self, from: Data(json.utf8)))
  }
}

private func text(_ value: some Encodable) throws -> String {
  String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
}

/// What stands beside the layers in the test's own files.
private func files(_ folder: String, besides test: String = #filePath) throws -> Set<String> {
  let path = URL(filePath: test).deletingLastPathComponent().appending(path: "Fixtures/\(folder)")
  let names = try FileManager.default.contentsOfDirectory(atPath: path.path)
  return Set(names.filter { $0.hasSuffix(".safetensors") }.map { String($0.dropLast(12)) })
}

@Suite("A registered layer")
struct LayerRegistryTests {
  private func example(_ type: String) throws -> LayerExample {
    try #require(LayerExample.all[type], "no example of \(type)")
  }

  @Test("has an example, which is of its kind", arguments: LayerRegistry.typeNames)
  func examples(_ type: String) throws {
    #expect(try example(type).layer.typeName == type)
  }

  @Test("has golden files, each with such a layer", arguments: LayerRegistry.typeNames)
  func golden(_ type: String) throws {
    let example = try example(type)
    #expect(!example.golden.isEmpty && !example.gradients.isEmpty)
    for reference in try example.golden.map({ try ReferenceNetwork($0) })
      + example.gradients.map({ try ReferenceNetwork(gradient: $0) })
    {
      let types = reference.network.spec.layers.nested.map(\.typeName)
      #expect(types.contains(type))
    }
  }

  @Test("is asked about with every golden file that there is")
  func everyFile() throws {
    #expect(try files("golden") == Set(goldenFiles))
    #expect(try files("gradients") == Set(gradientFiles))
  }

  @Test("is read from what it writes", arguments: LayerRegistry.typeNames)
  func roundTrip(_ type: String) throws {
    let spec = try example(type).network
    let read = try Description(example(type)).read()
    #expect(read.spec == spec)
  }

  @Test(
    "has values that each of its options refuses, or the option is a switch",
    arguments: LayerRegistry.typeNames)
  func options(_ type: String) throws {
    let example = try example(type)
    let options = Set(Mirror(reflecting: example.layer.specification).children.compactMap(\.label))
    #expect(Set(example.refused.keys) == options.subtracting(["name"]))
    let json = JSONValue(encoding: example.layer)
    for (option, values) in example.refused where values.isEmpty {
      guard case .bool = json[option] else {
        Issue.record("nothing that \(option) refuses")
        continue
      }
    }
  }

  @Test("refuses values that an option may not have", arguments: LayerRegistry.typeNames)
  func refused(_ type: String) throws {
    let example = try example(type)
    for (option, values) in example.refused {
      for value in values {
        var description = try Description(example)
        description.options[option] = value
        #expect(throws: NetworkError.self, "\(option): \(value)") { try description.read() }
      }
    }
  }

  @Test(
    "refuses values of another type, options that it does not have, no name",
    arguments: LayerRegistry.typeNames)
  func otherTypes(_ type: String) throws {
    let good = try Description(example(type))
    func expectUndecodable(_ option: String, _ value: String?) {
      var description = good
      description.options[option] = value
      #expect(throws: DecodingError.self, "\(option): \(value ?? "missing")") {
        try description.read()
      }
    }
    expectUndecodable("name", nil)
    for value in ["3", "null", "[]"] { expectUndecodable("name", value) }
    for (option, value) in good.options where option != "name" && option != "type" {
      for other in ["{}", "\"3\""] { expectUndecodable(option, other) }
      if Int(value) != nil {
        for other in ["1e30", "99999999999999999999", "1.5", "null", "[]"] {
          expectUndecodable(option, other)
        }
      }
      if value == "true" || value == "false" { expectUndecodable(option, "1") }
    }
    var extra = good
    extra.options["dilation"] = "2"
    #expect(throws: NetworkError.invalidLayer(name: "layer", problem: "has no option \"dilation\""))
    { try extra.read() }
  }
}

/// Golden files that `make_layer_golden.py` wrote.
let goldenFiles = Set(LayerExample.all.values.flatMap(\.golden) + LayerExample.networks).sorted()
/// Golden files that `make_gradient_golden.py` wrote.
let gradientFiles =
  Set(LayerExample.all.values.flatMap(\.gradients) + LayerExample.networks).sorted()
