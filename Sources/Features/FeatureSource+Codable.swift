// In JSON a source is an object with one key, its name: {"mfcc": {"coefficients": 40, …}}.
extension FeatureSource: Codable {
  private enum Name: String, CodingKey, CaseIterable {
    case mel, logMel, mfcc, chroma, contrast, centroid, bandwidth, rolloff, flatness, rms
    case zeroCrossingRate
  }

  private struct Nothing: Codable {}

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    switch try container.onlyKey() {
    case .mel: self = .mel(try container.decode(MelConfiguration.self, forKey: .mel))
    case .logMel: self = .logMel(try container.decode(LogMelConfiguration.self, forKey: .logMel))
    case .mfcc: self = .mfcc(try container.decode(MFCCConfiguration.self, forKey: .mfcc))
    case .chroma: self = .chroma(try container.decode(ChromaConfiguration.self, forKey: .chroma))
    case .contrast:
      self = .contrast(try container.decode(ContrastConfiguration.self, forKey: .contrast))
    case .centroid: self = .centroid
    case .bandwidth: self = .bandwidth
    case .rolloff:
      self = .rolloff(try container.decode(RolloffConfiguration.self, forKey: .rolloff))
    case .flatness: self = .flatness
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
    case .chroma(let options): try container.encode(options, forKey: .chroma)
    case .contrast(let options): try container.encode(options, forKey: .contrast)
    case .centroid: try container.encode(Nothing(), forKey: .centroid)
    case .bandwidth: try container.encode(Nothing(), forKey: .bandwidth)
    case .rolloff(let options): try container.encode(options, forKey: .rolloff)
    case .flatness: try container.encode(Nothing(), forKey: .flatness)
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

/// `channels[0].features`
func path(_ keys: [any CodingKey]) -> String {
  let steps = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
  return String(steps.joined().drop { $0 == "." })
}
