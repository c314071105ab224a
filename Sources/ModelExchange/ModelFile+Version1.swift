public import EmotionModel
import FoundationEssentials
import NeuralNetwork
public import SafeTensors
import StrictJSON

/// Why a weights file of format 1 cannot be converted.
public enum ConversionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It is of another format.
  case notVersion1(format: String)
  /// What is missing, or not as this program wrote it.
  case unreadable(problem: String)
  case model(ModelError)

  public var description: String {
    switch self {
    case .notVersion1(let format): "its format is \"\(format)\", not \"speech-emotion/1\""
    case .unreadable(let problem): "not a model of format 1: \(problem)"
    case .model(let error): "\(error)"
    }
  }
}

extension ModelFile {
  /// The same model in the format of today.
  ///
  /// Format 1 had one network, in which several lay side by side: a layer `parallel` held them, a dense layer of weights added
  /// their logits, layers that selected channels or computed functionals stood at their beginning. Here each becomes a member.
  public init(convertingVersion1 file: TensorFile) throws(ConversionError) {
    let format = file.metadata["format"] ?? "none"
    guard format == "speech-emotion/1" else { throw .notVersion1(format: format) }
    do {
      var converter = try Version1Converter(file)
      self = try converter.model()
    } catch let error as ConversionError {
      throw error
    } catch let error as ModelError {
      throw .model(error)
    } catch let error as NetworkError {
      throw .model(.network(error))
    } catch let error as DecodingError {
      throw .unreadable(problem: error.place)
    } catch {
      throw .unreadable(problem: "\(error)")
    }
  }
}

/// Takes a network of format 1 apart.
private struct Version1Converter {
  /// A network on the way, named as its layers were.
  private struct Part {
    var name: String
    var weight: Float
    var layers: [JSONValue]
  }

  private let file: TensorFile
  private let tensors: [String: Tensor]
  private let features: JSONValue
  private let labels: [String]

  init(_ file: TensorFile) throws {
    self.file = file
    tensors = Dictionary(file.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    features = try Self.value("features", file).renamingForVersion2()
    labels = try Self.value("labels", file).decoded(as: [String].self)
  }

  private static func value(_ key: String, _ file: TensorFile) throws -> JSONValue {
    guard let text = file.metadata[key] else {
      throw ConversionError.unreadable(problem: "metadata \"\(key)\" is missing")
    }
    return try JSONValue(Data(text.utf8))
  }

  mutating func model() throws -> ModelFile {
    let layers = try Self.value("network", file)["layers"]?.items ?? []
    let members = try parts(of: layers).map(member)
    return try ModelFile(
      name: file.metadata["name"] ?? "", labels: labels, members: members,
      calibration: Self.value("calibration", file).decoded(as: Calibration.self),
      provenance: Self.value("provenance", file).decoded(as: Provenance.self))
  }

  // MARK: - Taking apart

  /// The networks whose logits a list of layers adds; the list itself, where it adds none.
  private func parts(of layers: [JSONValue]) throws -> [Part] {
    try parts(Part(name: "main", weight: 1, layers: layers.filter { $0.type != "softmax" }))
  }

  private func parts(_ whole: Part) throws -> [Part] {
    guard let place = whole.layers.firstIndex(where: { $0.type == "parallel" }) else {
      return [whole]
    }
    guard place + 2 == whole.layers.count, whole.layers[place + 1].type == "dense",
      let branches = whole.layers[place]["branches"]?.items,
      let sum = tensors[whole.layers[place + 1].name + ".weight"],
      sum.shape == [labels.count, labels.count * branches.count]
    else {
      throw ConversionError.unreadable(
        problem: "\(whole.layers[place].name) is not followed by a sum of its branches")
    }
    return try branches.enumerated().flatMap { number, branch in
      // The sum's matrix holds a branch's weight times the identity.
      let weight = sum.values[labels.count * number]
      let name = Self.name(of: branch.items, number, in: whole)
      return try parts(
        Part(
          name: name, weight: whole.weight * weight,
          layers: Array(whole.layers[..<place]) + branch.items))
    }
  }

  /// `statistics-member2-hidden` is a layer of the second member of the group `statistics`.
  private static func name(of layers: [JSONValue], _ number: Int, in whole: Part) -> String {
    let own = (layers.last ?? .null).name
    let prefix = own.split(separator: "-").dropLast().map(String.init)
    if let member = prefix.last, member.hasPrefix("member") {
      let stem = prefix.count > 1 ? prefix[prefix.count - 2] : "main"
      return "\(stem == "own" ? "main" : stem)-\(number + 1)"
    }
    guard let stem = prefix.first else { return "member-\(number + 1)" }
    return stem == "own" ? "main" : stem
  }

  // MARK: - Putting together

  private func member(_ part: Part) throws -> ModelFile.Member {
    var part = part
    var features = features
    if part.layers.first?.type == "selectChannels" {
      let chosen = try part.layers.removeFirst()["channels"]?.decoded(as: [Int].self) ?? []
      features = try features.selectingChannels(chosen)
    }
    var takesVectors = false
    if let first = part.layers.first, first.type == "functionals" {
      features = features.setting("functionals", first.without(["type", "name"]))
      part.layers.removeFirst()
      takesVectors = true
    }
    let input = try inputShape(part, features, takesVectors: takesVectors)
    let prefix = commonPrefix(of: part.layers)
    let layers = part.layers.map { $0.renamed(droppingFirst: prefix.utf8.count) }
    let softmax = JSONValue.object(["type": .string("softmax"), "name": .string("softmax")])
    let network = try Network(
      NetworkSpec(
        bands: input.bands, channels: input.channels,
        layers: (layers + [softmax]).map { try $0.decoded(as: LayerSpec.self) },
        takesVectors: takesVectors ? true : nil))
    let wanted = Set((network.layout.parameters + network.layout.statistics).map(\.name))
    let own = file.tensors.compactMap { name, tensor -> (name: String, tensor: Tensor)? in
      guard name.hasPrefix(prefix) else { return nil }
      let short = String(name.dropFirst(prefix.count))
      return wanted.contains(short) ? (short, tensor) : nil
    }
    return ModelFile.Member(
      name: part.name, weight: part.weight, features: canonicalJSON(features), network: network,
      weights: try Weights(of: network, from: TensorFile(tensors: own)))
  }

  private func inputShape(
    _ part: Part, _ features: JSONValue, takesVectors: Bool
  ) throws -> (bands: Int, channels: Int) {
    let network = try Self.value("network", file)
    let bands = try network["bands"]?.decoded(as: Int.self) ?? 0
    let channels = features["channels"]?.items.count ?? 0
    guard takesVectors else { return (bands, channels) }
    let functionals = features["functionals"]
    let coefficients = try functionals?["coefficients"]?.decoded(as: [Int].self) ?? []
    let lags = try functionals?["lags"]?.decoded(as: [Int].self) ?? [1, 4, 12]
    return (1, coefficients.reduce(0, +) * (8 + lags.count))
  }

  /// What the names of all layers begin with, up to a hyphen: the branch's and the member's name.
  private func commonPrefix(of layers: [JSONValue]) -> String {
    guard file.metadata["network"]?.contains("\"parallel\"") == true, let first = layers.first
    else { return "" }
    let names = layers.map(\.name)
    var prefix = first.name[...]
    while let hyphen = prefix.lastIndex(of: "-") {
      prefix = prefix[..<hyphen]
      if names.allSatisfy({ $0.hasPrefix(prefix + "-") }) { return prefix + "-" }
    }
    return ""
  }
}

extension JSONValue {
  fileprivate var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

  fileprivate var type: String? { self["type"]?.text }

  fileprivate var name: String { self["name"]?.text ?? "" }

  private var text: String? { if case .string(let text) = self { text } else { nil } }

  fileprivate func setting(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(var members) = self else { return self }
    members[key] = value
    return .object(members)
  }

  fileprivate func without(_ keys: [String]) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members.filter { !keys.contains($0.key) })
  }

  /// A layer, and those inside it, under shorter names.
  fileprivate func renamed(droppingFirst count: Int) -> JSONValue {
    var renamed = setting("name", .string(String(name.dropFirst(count))))
    // A recurrent layer's `layers` is a number.
    if case .array(let inner)? = self["layers"] {
      renamed = renamed.setting(
        "layers", .array(inner.map { $0.renamed(droppingFirst: count) }))
    }
    return renamed
  }

  /// Some of a front end's channels, with their part of fixed statistics.
  fileprivate func selectingChannels(_ chosen: [Int]) throws -> JSONValue {
    let channels = self["channels"]?.items ?? []
    guard chosen.allSatisfy(channels.indices.contains) else {
      throw ConversionError.unreadable(problem: "a layer selects a channel that is not there")
    }
    var selected = setting("channels", .array(chosen.map { channels[$0] }))
    if let statistics = self["normalization"]?["statistics"] {
      func part(_ key: String) -> JSONValue {
        let values = statistics[key]?.items ?? []
        let bands = values.count / max(channels.count, 1)
        return .array(
          (0..<bands).flatMap { band in chosen.map { values[band * channels.count + $0] } })
      }
      let own = JSONValue.object(["mean": part("mean"), "deviation": part("deviation")])
      if let rule = self["normalization"] {
        selected = selected.setting("normalization", rule.setting("statistics", own))
      }
    }
    return selected
  }

  /// What format 1 called planes, and a roll-off's share.
  fileprivate func renamingForVersion2() -> JSONValue {
    switch self {
    case .object(let members):
      var renamed: [String: JSONValue] = [:]
      for (key, value) in members {
        var value = value.renamingForVersion2()
        if key == "rolloff", let share = value["share"] {
          value = value.without(["share"]).setting("fraction", share)
        }
        renamed[key == "planes" ? "channels" : key] = value
      }
      return .object(renamed)
    case .array(let items): return .array(items.map { $0.renamingForVersion2() })
    default: return self
    }
  }
}
