import Foundation
import NeuralNetwork
import Testing

/// The network a JSON list of layers describes, for frames of 16 bands and 2 channels.
private func network(_ layers: String, bands: String = "16", channels: String = "2") throws
  -> Network
{
  let json = #"{"bands": \#(bands), "channels": \#(channels), "layers": [\#(layers)]}"#
  return try Network(JSONDecoder().decode(NetworkSpec.self, from: Data(json.utf8)))
}

private func conv(
  name: String = "c", channels: String = "4", kernel: String = "[3, 3]", stride: String = "[1, 1]",
  padding: String = "[0, 0]", extra: String = ""
) -> String {
  #"{"type": "conv2d", "name": "\#(name)", "channels": \#(channels), "kernel": \#(kernel), "#
    + #""stride": \#(stride), "padding": \#(padding), "bias": true\#(extra)}"#
}

private func lstm(units: String, layers: String = "1") -> String {
  #"{"type": "lstm", "name": "l", "units": \#(units), "layers": \#(layers), "#
    + #""bidirectional": true}"#
}

private func dense(_ units: String) -> String {
  #"{"type": "dense", "name": "d", "units": \#(units)}"#
}

private func functionals(
  coefficients: String = "[4, 4]", lags: String = "[1]", untransformed: String = "[1]"
) -> String {
  #"{"type": "functionals", "name": "f", "coefficients": \#(coefficients), "#
    + #""lags": \#(lags), "untransformed": \#(untransformed)}"#
}

private func residual(_ layers: String) -> String {
  #"{"type": "residual", "name": "around", "layers": [\#(layers)]}"#
}

private let flat = #"{"type": "sequence", "name": "s"}"#
private let absurd = ["0", "-1", "1000000000000", "9223372036854775807", "-9223372036854775808"]
private let notNumbers = ["1e30", "99999999999999999999", "1.5", "null", "\"3\"", "[]", "{}"]

@Suite("The description of a network")
struct HostileDescriptionTests {
  @Test("is taken as it is written")
  func wellFormed() throws {
    let read = try network(
      [conv(padding: "[1, 1]"), flat, lstm(units: "3")].joined(separator: ","))
    #expect(read.output.channels == 6)
    let again = try JSONDecoder().decode(
      NetworkSpec.self, from: JSONEncoder().encode(read.spec))
    #expect(again == read.spec)
  }

  private static func layers(with number: String) -> [String] {
    [
      conv(channels: number), conv(kernel: "[\(number), 1]"), conv(kernel: "[1, \(number)]"),
      conv(stride: "[\(number), 1]"),
      conv(padding: number == "0" ? "[3, 0]" : "[0, \(number)]"),
      flat + "," + lstm(units: number), flat + "," + lstm(units: "2", layers: number),
      flat + "," + dense(number),
      functionals(coefficients: "[4, \(number)]"), functionals(lags: "[\(number)]"),
      functionals(untransformed: number == "0" ? "[2]" : "[0, \(number)]"),
      #"{"type": "maxPool", "name": "p", "window": [\#(number), 1]}"#,
      #"{"type": "averagePool", "name": "p", "window": [2, 1], "stride": [1, \#(number)]}"#,
    ]
  }

  static let otherwiseWrong: [String] = [
    conv(kernel: "[]"), conv(kernel: "[3]"), conv(kernel: "[3, 3, 3]"), conv(kernel: "[17, 1]"),
    #"{"type": "maxPool", "name": "p", "window": [15, 1], "stride": [1]}"#,
    #"{"type": "dropout", "name": "p", "rate": 1, "channelwise": false}"#,
    #"{"type": "dropout", "name": "p", "rate": -0.1, "channelwise": false}"#,
    #"{"type": "batchNorm", "name": "p", "epsilon": 0, "momentum": 0.1}"#,
    #"{"type": "batchNorm", "name": "p", "epsilon": 1e-5, "momentum": 2}"#,
    dense("3"), lstm(units: "3"), flat + "," + conv(), flat + "," + flat,
    conv(extra: #", "dilation": [2, 2]"#),
    #"{"type": "gru", "name": "g", "units": 3}"#,
    #"{"type": "selfAttention", "name": "a"}"#, #"{"type": "layerNorm", "name": "n"}"#,
    flat + "," + #"{"type": "selfAttention", "name": "a", "heads": 5}"#,
    flat + "," + #"{"type": "layerNorm", "name": "n", "epsilon": 0}"#,
    flat + "," + #"{"type": "unroll", "name": "u"}"#,
    residual(#"{"type": "relu", "name": "r"}"#), residual(conv(channels: "3")),
    residual(conv(channels: "2", stride: "[1, 2]", padding: "[1, 1]")),
    // As many values, in another order.
    flat + "," + residual(dense("32")),
    residual(flat + "," + #"{"type": "lastStep", "name": "l"}"#),
  ]
  static let wrong: [String] = absurd.flatMap(layers) + otherwiseWrong

  @Test("is refused with a layer whose sizes are wrong", arguments: wrong)
  func wrongSizes(_ layers: String) {
    #expect {
      try network(layers)
    } throws: { error in
      switch error as? ModelError {
      case .invalidLayer, .duplicateLayer: true
      default: false
      }
    }
  }

  @Test("is refused when a number is none", arguments: notNumbers)
  func wrongTypes(_ value: String) {
    #expect(throws: DecodingError.self) { try network(conv(channels: value)) }
    #expect(throws: DecodingError.self) { try network(dense(value)) }
    #expect(throws: DecodingError.self) { try network(conv(), bands: value) }
  }

  @Test("is refused for frames that are too small or too large", arguments: absurd)
  func frames(_ number: String) {
    #expect(throws: ModelError.self) { try network(conv(), bands: number) }
    #expect(throws: ModelError.self) { try network(conv(), channels: number) }
  }

  @Test("is refused for an unknown layer, the same name twice, no layers")
  func names() {
    #expect(throws: ModelError.unknownLayer(type: "ltsm")) {
      try network(#"{"type": "ltsm", "name": "g"}"#)
    }
    #expect(throws: ModelError.duplicateLayer(name: "c")) { try network(conv() + "," + conv()) }
    #expect(throws: ModelError.duplicateLayer(name: "a.out_proj.weight")) {
      try network(
        flat + #","#
          + #"{"type": "selfAttention", "name": "a"}, {"type": "dense", "name": "a.out_proj", "units": 3}"#
      )
    }
    #expect(throws: ModelError.noLayers) { try network("") }
    #expect(throws: DecodingError.self) { try network(#"{"name": "g"}"#) }
    #expect(throws: DecodingError.self) { try network(#"{"type": "relu"}"#) }
  }

  @Test("is refused with a softmax that is not its last layer, in a branch or out of it")
  func softmaxWithin() {
    let softmax = #"{"type": "softmax", "name": "probabilities"}"#
    let last = #"{"type": "lastStep", "name": "last"}"#
    let problem = ModelError.invalidLayer(
      name: "probabilities", problem: "must be the network's last layer")
    #expect(throws: problem) { try network([flat, softmax, last].joined(separator: ",")) }
    let branch = [flat, last, dense("3"), softmax].joined(separator: ",")
    #expect(throws: problem) {
      try network(#"{"type": "parallel", "name": "p", "branches": [[\#(branch)]]}"#)
    }
    #expect(throws: Never.self) { try network(branch) }
  }

  /// Every size is within its own limit here; only together they are too much.
  static let tooLarge: [String] = [
    flat + "," + dense("65536") + #","# + lstm(units: "4096", layers: "16"),
    conv(channels: "4096") + "," + conv(name: "e", channels: "4096"),
    flat + "," + lstm(units: "4096", layers: "16"),
    (0..<200).map { conv(name: "c\($0)", channels: "3", kernel: "[1, 63]", stride: "[1, 63]") }
      .joined(separator: ","),
    (0..<250).map {
      conv(name: "c\($0)", channels: "512", kernel: "[63, 1]", padding: "[62, 0]")
    }.joined(separator: ","),
  ]

  @Test("is refused when it adds up to too much", arguments: tooLarge)
  func sumsToTooMuch(_ layers: String) {
    #expect(throws: ModelError.self) { try network(layers) }
  }

  private func nested(_ depth: Int) -> String {
    (0..<depth).reduce(dense("3")) { inner, level in
      #"{"type": "parallel", "name": "p\#(level)", "branches": [[\#(inner)]]}"#
    }
  }

  @Test("is refused for branches that end in no vector, and however deep they nest")
  func branches() {
    #expect(throws: ModelError.noLayers) {
      try network(#"{"type": "parallel", "name": "p", "branches": [[]]}"#)
    }
    for branches in ["[]", "[[\(conv())]]", "[[\(flat)]]"] {
      #expect(throws: ModelError.self) {
        try network(#"{"type": "parallel", "name": "p", "branches": \#(branches)}"#)
      }
    }
    for depth in [1, 20, 150, 5000] {
      #expect(throws: (any Error).self) { try network(nested(depth)) }
    }
    #expect(throws: ModelError.self) {
      try network(#"{"type": "selectChannels", "name": "s", "channels": [2]}"#)
    }
  }

  @Test("is refused when one frame would fill the memory")
  func memory() {
    let wide = conv(channels: "4096", kernel: "[1, 1]")
    #expect(throws: ModelError.self) { try network(wide, bands: "4096", channels: "1") }
    let patches = conv(channels: "1", kernel: "[63, 63]", padding: "[31, 31]")
    #expect(throws: ModelError.self) { try network(patches, bands: "4096", channels: "64") }
  }

  @Test("tells the fewest frames it works on")
  func minimumFrames() throws {
    let layers = conv() + "," + conv(name: "e", kernel: "[1, 5]", stride: "[1, 2]")
    #expect(try network(layers).minimumFrames == 7)
    #expect(try network(layers).outputFrames(6) == 0)
    #expect(try network(layers).outputFrames(7) == 1)
  }
}
