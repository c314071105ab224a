import StrictJSON

extension LayerSpec: Codable {
  private enum Key: String, CodingKey { case type }

  private enum Kind: String, Codable, CaseIterable {
    case conv2d, batchNorm, relu, maxPool, averagePool, dropout, sequence, lstm, gru
    case selfAttention, layerNorm
    case attentionPooling, statisticsPooling, lastStep, dense, softmax
    case standardize, unroll, residual
  }

  private var kind: Kind {
    switch self {
    case .conv2d: .conv2d
    case .batchNorm: .batchNorm
    case .relu: .relu
    case .maxPool: .maxPool
    case .averagePool: .averagePool
    case .dropout: .dropout
    case .sequence: .sequence
    case .lstm: .lstm
    case .gru: .gru
    case .selfAttention: .selfAttention
    case .layerNorm: .layerNorm
    case .attentionPooling: .attentionPooling
    case .statisticsPooling: .statisticsPooling
    case .lastStep: .lastStep
    case .dense: .dense
    case .softmax: .softmax
    case .standardize: .standardize
    case .unroll: .unroll
    case .residual: .residual
    }
  }

  public init(from decoder: any Decoder) throws {
    let type = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .type)
    guard let kind = Kind(rawValue: type) else { throw ModelError.unknownLayer(type: type) }
    self =
      switch kind {
      case .conv2d: .conv2d(try Self.decode(from: decoder))
      case .batchNorm: .batchNorm(try Self.decode(from: decoder))
      case .relu: .relu(try Self.decode(from: decoder))
      case .maxPool: .maxPool(try Self.decode(from: decoder))
      case .averagePool: .averagePool(try Self.decode(from: decoder))
      case .dropout: .dropout(try Self.decode(from: decoder))
      case .sequence: .sequence(try Self.decode(from: decoder))
      case .lstm: .lstm(try Self.decode(from: decoder))
      case .gru: .gru(try Self.decode(from: decoder))
      case .selfAttention: .selfAttention(try Self.decode(from: decoder))
      case .layerNorm: .layerNorm(try Self.decode(from: decoder))
      case .attentionPooling: .attentionPooling(try Self.decode(from: decoder))
      case .statisticsPooling: .statisticsPooling(try Self.decode(from: decoder))
      case .lastStep: .lastStep(try Self.decode(from: decoder))
      case .dense: .dense(try Self.decode(from: decoder))
      case .softmax: .softmax(try Self.decode(from: decoder))
      case .standardize: .standardize(try Self.decode(from: decoder))
      case .unroll: .unroll(try Self.decode(from: decoder))
      case .residual: .residual(try Self.decode(from: decoder))
      }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(kind, forKey: .type)
    try specification.encode(to: encoder)
  }

  /// Decodes a specification, with defaults for what may be left out, and refuses keys it does not
  /// have: a misspelt option must not pass as its default.
  private static func decode<Spec: LayerSpecification>(from decoder: any Decoder) throws -> Spec {
    let spec: Spec = try decodeFilled(from: decoder)
    let known = Set(Mirror(reflecting: spec).children.compactMap(\.label) + ["type"])
    let found = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue)
    if let extra = found.sorted().first(where: { !known.contains($0) }) {
      throw ModelError.invalidLayer(name: spec.name, problem: "has no option \"\(extra)\"")
    }
    return spec
  }

  private static func decodeFilled<Spec: LayerSpecification>(
    from decoder: any Decoder
  ) throws -> Spec {
    guard let defaulted = Spec.self as? any DefaultedSpecification.Type else {
      return try Spec(from: decoder)
    }
    do {
      return try JSONValue(from: decoder).filled(from: defaulted.defaults).decoded(as: Spec.self)
    } catch let error as DecodingError {
      throw error.inside(decoder.codingPath)
    }
  }
}
