// In JSON these are objects with the rule's name: {"rule": "fixed", "frames": 200}.

extension LengthRule: Codable {
  private enum Key: String, CodingKey { case rule, frames, padding }
  private enum Rule: String, Codable { case any, fixed, resized }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    switch try fields.decode(Rule.self, forKey: .rule) {
    case .any: self = .any
    case .fixed:
      self = .fixed(
        frames: try fields.decode(Int.self, forKey: .frames),
        padding: try fields.decodeIfPresent(Padding.self, forKey: .padding) ?? .after)
    case .resized: self = .resized(frames: try fields.decode(Int.self, forKey: .frames))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    switch self {
    case .any: try fields.encode(Rule.any, forKey: .rule)
    case .fixed(let frames, let padding):
      try fields.encode(Rule.fixed, forKey: .rule)
      try fields.encode(frames, forKey: .frames)
      try fields.encode(padding, forKey: .padding)
    case .resized(let frames):
      try fields.encode(Rule.resized, forKey: .rule)
      try fields.encode(frames, forKey: .frames)
    }
  }
}

extension Normalization: Codable {
  private enum Key: String, CodingKey { case rule, statistics }
  private enum Rule: String, Codable { case none, utterance, perBand, perFeature, fixed }

  private var rule: Rule {
    switch self {
    case .none: .none
    case .utterance: .utterance
    case .perBand: .perBand
    case .perFeature: .perFeature
    case .fixed: .fixed
    }
  }

  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Key.self)
    switch try fields.decode(Rule.self, forKey: .rule) {
    case .none: self = .none
    case .utterance: self = .utterance
    case .perBand: self = .perBand
    case .perFeature: self = .perFeature
    case .fixed:
      self = .fixed(try fields.decodeIfPresent(FeatureStatistics.self, forKey: .statistics))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Key.self)
    try fields.encode(rule, forKey: .rule)
    if case .fixed(let statistics?) = self { try fields.encode(statistics, forKey: .statistics) }
  }
}
