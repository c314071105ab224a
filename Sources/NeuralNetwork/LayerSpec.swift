import StrictJSON

/// One entry of a network's list of layers. In JSON: `{"type": "conv2d", "name": …, …}`.
public struct LayerSpec: Sendable {
  package let specification: any LayerSpecification

  package init(_ specification: any LayerSpecification) { self.specification = specification }

  /// Unique in its network.
  public var name: String { specification.name }

  /// What kind of layer it is, as in JSON.
  package var typeName: String { type(of: specification).typeName }
}

extension LayerSpec: Equatable {
  /// Whether both are of one kind and have the same options.
  public static func == (first: LayerSpec, second: LayerSpec) -> Bool {
    first.specification.equals(second.specification)
  }
}

extension LayerSpec: Codable {
  private enum Key: String, CodingKey { case type }

  /// Throws `NetworkError.unknownLayer` for a type that is not registered,
  /// `NetworkError.invalidLayer` for an option that the layer does not have, `DecodingError` for one
  /// that is missing or of another type.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .type)
    guard let type = LayerRegistry.types[name] else { throw NetworkError.unknownLayer(type: name) }
    specification = try type.decode(from: decoder)
  }

  /// The specification's options, with its `type`. Throws what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(typeName, forKey: .type)
    try specification.encode(to: encoder)
  }
}

extension LayerSpecification {
  fileprivate func equals(_ other: any LayerSpecification) -> Bool { other as? Self == self }

  /// Decodes a specification, with defaults for what may be left out, and refuses keys it does not
  /// have: a misspelt option must not pass as its default.
  fileprivate static func decode(from decoder: any Decoder) throws -> Self {
    let spec = try decodeFilled(from: decoder)
    let known = Set(Mirror(reflecting: spec).children.compactMap(\.label) + ["type"])
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    if let extra = found.sorted().first(where: { !known.contains($0) }) {
      throw NetworkError.invalidLayer(name: spec.name, problem: "has no option \"\(extra)\"")
    }
    return spec
  }

  private static func decodeFilled(from decoder: any Decoder) throws -> Self {
    guard let defaults else { return try Self(from: decoder) }
    do {
      return try JSONValue(from: decoder).filled(from: defaults).decoded(as: Self.self)
    } catch let error as DecodingError {
      throw error.inside(decoder.codingPath)
    }
  }
}
