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
  padding: String = "[0, 0]"
) -> String {
  #"{"type": "conv2d", "name": "\#(name)", "channels": \#(channels), "kernel": \#(kernel), "#
    + #""stride": \#(stride), "padding": \#(padding), "bias": true}"#
}

private func lstm(units: String, layers: String = "1") -> String {
  #"{"type": "lstm", "name": "l", "units": \#(units), "layers": \#(layers), "#
    + #""bidirectional": true}"#
}

private func dense(_ units: String) -> String {
  #"{"type": "dense", "name": "d", "units": \#(units)}"#
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

  /// Each layer is as it may be, but not where it stands or together with the others.
  static let misplaced: [String] = [
    dense("3"), lstm(units: "3"), flat + "," + conv(), flat + "," + flat,
    #"{"type": "gru", "name": "g", "units": 3}"#,
    #"{"type": "selfAttention", "name": "a"}"#, #"{"type": "layerNorm", "name": "n"}"#,
    flat + "," + #"{"type": "selfAttention", "name": "a", "heads": 5}"#,
    flat + "," + #"{"type": "unroll", "name": "u"}"#,
    residual(conv(channels: "3")),
    residual(conv(channels: "2", stride: "[1, 2]", padding: "[1, 1]")),
    // As many values, in another order.
    flat + "," + residual(dense("32")),
  ]

  @Test("is refused with a layer where it cannot be", arguments: misplaced)
  func misplacedLayers(_ layers: String) {
    #expect {
      try network(layers)
    } throws: { error in
      switch error as? NetworkError {
      case .invalidLayer, .duplicateLayer: true
      default: false
      }
    }
  }

  @Test("is refused when its bands are no number", arguments: notNumbers)
  func wrongTypes(_ value: String) {
    #expect(throws: DecodingError.self) { try network(conv(), bands: value) }
  }

  @Test("is refused for frames that are too small or too large", arguments: absurd)
  func frames(_ number: String) {
    #expect(throws: NetworkError.self) { try network(conv(), bands: number) }
    #expect(throws: NetworkError.self) { try network(conv(), channels: number) }
  }

  @Test("is refused for an unknown layer, the same name twice, no layers")
  func names() {
    #expect(throws: NetworkError.unknownLayer(type: "ltsm")) {
      try network(#"{"type": "ltsm", "name": "g"}"#)
    }
    #expect(throws: NetworkError.duplicateLayer(name: "c")) { try network(conv() + "," + conv()) }
    #expect(throws: NetworkError.duplicateLayer(name: "a.out_proj.weight")) {
      try network(
        flat + #","#
          + #"{"type": "selfAttention", "name": "a"}, {"type": "dense", "name": "a.out_proj", "units": 3}"#
      )
    }
    #expect(throws: NetworkError.noLayers) { try network("") }
    #expect(throws: DecodingError.self) { try network(#"{"name": "g"}"#) }
    #expect(throws: DecodingError.self) { try network(#"{"type": "relu"}"#) }
  }

  @Test("is refused with a softmax that is not its last layer, within another layer or out of it")
  func softmaxWithin() {
    let softmax = #"{"type": "softmax", "name": "probabilities"}"#
    let last = #"{"type": "lastStep", "name": "last"}"#
    let problem = NetworkError.invalidLayer(
      name: "probabilities", problem: "must be the network's last layer")
    #expect(throws: problem) { try network([flat, softmax, last].joined(separator: ",")) }
    let inner = [dense("32"), softmax].joined(separator: ",")
    #expect(throws: problem) {
      try network(flat + #", {"type": "residual", "name": "r", "layers": [\#(inner)]}"#)
    }
    let whole = [flat, last, dense("3"), softmax].joined(separator: ",")
    #expect(throws: Never.self) { try network(whole) }
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
    #expect(throws: NetworkError.self) { try network(layers) }
  }

  private func nested(_ depth: Int) -> String {
    (0..<depth).reduce(#"{"type": "relu", "name": "inmost"}"#) { inner, level in
      #"{"type": "residual", "name": "r\#(level)", "layers": [\#(inner)]}"#
    }
  }

  @Test("is refused for layers inside others that are none, and however deep they nest")
  func inside() {
    #expect(throws: NetworkError.self) {
      try network(#"{"type": "residual", "name": "r", "layers": []}"#)
    }
    for depth in [1, 20, 150, 5000] {
      #expect(throws: (any Error).self) { try network(nested(depth)) }
    }
  }

  @Test("is refused when one frame would fill the memory")
  func memory() {
    let wide = conv(channels: "4096", kernel: "[1, 1]")
    #expect(throws: NetworkError.self) { try network(wide, bands: "4096", channels: "1") }
    let patches = conv(channels: "1", kernel: "[63, 63]", padding: "[31, 31]")
    #expect(throws: NetworkError.self) { try network(patches, bands: "4096", channels: "64") }
  }

  @Test("tells the fewest frames it works on")
  func minimumFrames() throws {
    let layers = conv() + "," + conv(name: "e", kernel: "[1, 5]", stride: "[1, 2]")
    #expect(try network(layers).minimumFrames == 7)
    #expect(try network(layers).outputFrames(6) == 0)
    #expect(try network(layers).outputFrames(7) == 1)
  }
}
