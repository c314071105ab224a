import StrictJSON

/// A specification with options that a layer list may leave out.
protocol DefaultedSpecification: LayerSpecification {
  /// Those options at their defaults.
  static var defaults: JSONValue { get }
}

extension DefaultedSpecification {
  /// The named options of `spec`, whose other options do not matter.
  fileprivate static func options(_ names: String..., of spec: Self) -> JSONValue {
    let json = JSONValue(encoding: spec)
    return .object(
      [String: JSONValue](
        uniqueKeysWithValues: names.map { name in
          guard let value = json[name] else { preconditionFailure("\(Self.self) has no \(name)") }
          return (name, value)
        }))
  }
}

extension Conv2D.Spec: DefaultedSpecification {
  static var defaults: JSONValue {
    options("stride", "padding", "bias", of: .init(name: "", channels: 1, kernel: [1, 1]))
  }
}

extension BatchNorm.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("epsilon", "momentum", of: .init(name: "")) }
}

extension LayerNorm.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("epsilon", of: .init(name: "")) }
}

extension SelfAttention.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("heads", of: .init(name: "")) }
}

extension Dropout.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("channelwise", of: .init(name: "", rate: 0)) }
}

extension Recurrent.Spec: DefaultedSpecification {
  static var defaults: JSONValue {
    options("layers", "bidirectional", of: .init(name: "", units: 1))
  }
}

extension AttentionPooling.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("deviation", of: .init(name: "")) }
}

extension StatisticsPooling.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("deviation", of: .init(name: "")) }
}

extension Standardize.Spec: DefaultedSpecification {
  static var defaults: JSONValue { options("limit", of: .init(name: "")) }
}
