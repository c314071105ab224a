import AudioIO
import Features
import Foundation
import SafeTensors
import TestSupport
import Testing

/// Functionals that `make_layer_golden.py` had PyTorch and SciPy compute; a dense layer follows some.
private struct Reference {
  private struct Description: Decodable {
    struct Network: Decodable {
      struct Layer: Decodable {
        let coefficients: [Int]?
        let lags: [Int]?
        let untransformed: [Int]?
      }
      let bands: Int
      let channels: Int
      let layers: [Layer]
    }
    let network: Network
    let lengths: [Int]
  }

  private let file: TensorFile
  private let description: Description

  init(_ name: String) throws {
    file = try TensorFile(bytes: Array(fixture("functionals/\(name).safetensors")))
    description = try JSONDecoder().decode(
      Description.self, from: Data(file.metadata["description", default: ""].utf8))
  }

  var lengths: [Int] { description.lengths }

  func map(_ clip: Int) throws -> FeatureMap {
    FeatureMap(
      frames: lengths[clip], bands: description.network.bands,
      channels: description.network.channels,
      values: try file.require("input.\(clip)").values)
  }

  func output(_ clip: Int) throws -> [Float] { try file.require("output.\(clip)").values }

  /// A front end of maps like these that leaves them as they are.
  func frontEnd() throws -> FrontEnd {
    let layer = try #require(description.network.layers.first)
    var configuration = FrontEndConfiguration()
    configuration.channels = .init(
      repeating: .init(
        features: [.init(.logMel(.init(mel: .init(bands: description.network.bands))))]),
      count: description.network.channels)
    configuration.normalization = .none
    configuration.functionals = FunctionalsConfiguration(
      coefficients: try #require(layer.coefficients), lags: layer.lags ?? [1, 4, 12],
      untransformed: layer.untransformed)
    return try FrontEnd(configuration)
  }

  /// What the layers behind the functionals make of them.
  func answer(_ vector: [Float]) throws -> [Float] {
    guard description.network.layers.count > 1 else { return vector }
    let (weight, bias) = (try file.require("dense.weight"), try file.require("dense.bias"))
    return bias.values.enumerated().map { row, bias in
      vector.indices.reduce(bias) { $0 + weight.values[row * vector.count + $1] * vector[$1] }
    }
  }
}

@Suite("Functionals")
struct FunctionalsTests {
  @Test(
    "are what the reference says, of clips of any length",
    arguments: [
      "functionals", "functionals-of-one-plane", "functionals-of-a-plain-plane",
      "functionals-of-plain-planes-alone",
    ])
  func golden(_ name: String) throws {
    let reference = try Reference(name)
    let frontEnd = try reference.frontEnd()
    for clip in reference.lengths.indices {
      let vector = frontEnd.networkInput(of: try reference.map(clip))
      #expect(vector.frames == 1 && vector.bands == 1)
      #expect(vector.channels == frontEnd.configuration.networkInput.channels)
      let answer = try reference.answer(vector.values)
      #expect(relativeDifference(answer, try reference.output(clip)) < 1e-5)
    }
  }

  @Test(
    "that the map does not have are refused",
    arguments: [
      ([4], [1], nil, "functionals.coefficients"), ([4, 0], [1], nil, "functionals.coefficients"),
      ([4, 81], [1], nil, "functionals.coefficients"), ([4, 4], [0], nil, "functionals.lags"),
      ([4, 4], .init(repeating: 1, count: 17), nil, "functionals.lags.count"),
      ([4, 4], [1], [2], "functionals.untransformed"),
    ] as [([Int], [Int], [Int]?, String)])
  func refused(coefficients: [Int], lags: [Int], untransformed: [Int]?, field: String) throws {
    var configuration = FrontEndConfiguration()
    configuration.channels += configuration.channels
    configuration.functionals = .init(
      coefficients: coefficients, lags: lags, untransformed: untransformed)
    let error = #expect(throws: FeatureError.self) { try FrontEnd(configuration) }
    guard case .configuration(field, _)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}

@Suite("Front ends of several networks")
struct FrontEndGroupTests {
  private static let waveform = Waveform(
    samples: (0..<16_000).map { 0.3 * sin(Float($0 * $0) / 3e5) }, sampleRate: 16_000)

  private static func channel(_ bands: Int, high: Double) -> ChannelConfiguration {
    .init(features: [.init(.logMel(.init(mel: .init(bands: bands, high: high))))])
  }

  @Test("give what each gives alone, whatever they share")
  func same() throws {
    let (wide, low, other) = (
      Self.channel(20, high: 8000), Self.channel(20, high: 3000), Self.channel(12, high: 8000)
    )
    var configurations: [FrontEndConfiguration] = []
    for (channels, hop) in [([wide, low], 160), ([low], 160), ([other], 160), ([low, wide], 200)] {
      var configuration = FrontEndConfiguration()
      configuration.channels = channels
      configuration.hopLength = hop
      configurations.append(configuration)
    }
    configurations[1].functionals = .init(coefficients: [5])
    configurations[3].normalization = .perBand
    let maps = try FrontEndGroup(configurations)(Self.waveform)
    #expect(maps == (try configurations.map { try FrontEnd($0)(Self.waveform) }))
  }
}
