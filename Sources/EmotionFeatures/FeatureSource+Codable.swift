// In JSON a source is an object with one key, its name: {"mfcc": {"coefficients": 40, …}}.
extension FeatureSource: Codable {
  private enum Name: String, CodingKey, CaseIterable {
    case mel, logMel, mfcc, rms, zeroCrossingRate
  }

  private struct Nothing: Codable {}

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    switch try container.onlyKey() {
    case .mel: self = .mel(try container.decode(MelConfiguration.self, forKey: .mel))
    case .logMel: self = .logMel(try container.decode(LogMelConfiguration.self, forKey: .logMel))
    case .mfcc: self = .mfcc(try container.decode(MFCCConfiguration.self, forKey: .mfcc))
    case .rms: self = .rms
    case .zeroCrossingRate: self = .zeroCrossingRate
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    switch self {
    case .mel(let options): try container.encode(options, forKey: .mel)
    case .logMel(let options): try container.encode(options, forKey: .logMel)
    case .mfcc(let options): try container.encode(options, forKey: .mfcc)
    case .rms: try container.encode(Nothing(), forKey: .rms)
    case .zeroCrossingRate: try container.encode(Nothing(), forKey: .zeroCrossingRate)
    }
  }
}

extension KeyedDecodingContainer {
  /// The key of an object that must have exactly one; several known ones are as wrong as none.
  func onlyKey() throws -> Key {
    guard allKeys.count == 1, let key = allKeys.first else {
      throw FeatureError.configuration(field: path(codingPath), problem: .malformed)
    }
    return key
  }
}

/// `planes[0].features`
func path(_ keys: [any CodingKey]) -> String {
  let steps = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
  return String(steps.joined().drop { $0 == "." })
}
