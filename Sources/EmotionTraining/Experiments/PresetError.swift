public import EmotionFeatures
public import EmotionModel

/// Why a preset cannot be used.
public enum PresetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the JSON, and what.
  case malformed(problem: String)
  case unknownOption(path: String)
  case outOfRange(option: String, found: Double, allowed: ClosedRange<Double>)
  /// An option of the augmentation that means nothing for the preset's features.
  case unsuitable(option: String, features: String)
  /// An option of a companion that is the preset's own to say.
  case notForCompanions(name: String, option: String)
  case features(FeatureError)
  case model(ModelError)

  public var description: String {
    switch self {
    case .malformed(let problem): problem
    case .unknownOption(let path): "there is no option \"\(path)\""
    case .outOfRange(let option, let found, let allowed):
      "\(option) is \(found), must be \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unsuitable(let option, let features):
      "training.augmentation.\(option) is for features of \(features); set it to 0"
    case .notForCompanions(let name, let option):
      "companion \(name): training.augmentation.\(option) is for the preset's own training: copies are made once for all "
        + "networks; leave it out"
    case .features(let error): "\(error)"
    case .model(let error): "\(error)"
    }
  }
}
