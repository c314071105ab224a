import StrictJSON

/// One of the features that `FeatureRegistry` lists, with its options. In JSON it is an object with one key, its name:
/// `{"mfcc": {"coefficients": 40, …}}`.
public struct FeatureSource: Sendable {
  package let options: any FeatureOptions

  package init(_ options: any FeatureOptions) { self.options = options }

  /// Its name in JSON.
  package var name: String { type(of: options).name }
}

extension FeatureSource: Equatable {
  /// Whether both are the same feature with the same options.
  public static func == (first: FeatureSource, second: FeatureSource) -> Bool {
    first.options.equals(second.options)
  }
}

extension FeatureSource: Codable {
  /// Throws `FeatureError.configuration` unless exactly one registered feature is named, and what its options throw.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    let known = container.allKeys.filter { FeatureRegistry.types[$0.stringValue] != nil }
    guard known.count == 1, let type = FeatureRegistry.types[known[0].stringValue] else {
      throw FeatureError.configuration(field: path(container.codingPath), problem: .malformed)
    }
    options = try type.decoded(from: container, forKey: known[0])
  }

  /// Throws what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyKey.self)
    try container.encode(options, forKey: AnyKey(stringValue: name))
  }
}

extension FeatureOptions {
  fileprivate func equals(_ other: any FeatureOptions) -> Bool { other as? Self == self }

  fileprivate static func decoded(
    from container: KeyedDecodingContainer<AnyKey>, forKey key: AnyKey
  ) throws -> Self {
    try container.decode(Self.self, forKey: key)
  }
}
