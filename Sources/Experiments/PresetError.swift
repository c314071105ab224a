public import Augmentation
public import Features
public import NeuralNetwork

/// Why a preset cannot be used.
public enum PresetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the JSON, and what.
  case malformed(problem: String)
  case unknownOption(path: String)
  case option(OptionError)
  /// An option of a companion that is the preset's own to say.
  case notForCompanions(name: String, option: String)
  case features(FeatureError)
  case network(NetworkError)

  public var description: String {
    switch self {
    case .malformed(let problem): problem
    case .unknownOption(let path): "there is no option \"\(path)\""
    case .option(let error): "\(error)"
    case .notForCompanions(let name, let option):
      "companion \(name): training.augmentation.\(option) is for the preset's own training: copies are made once for all "
        + "networks; leave it out"
    case .features(let error): "\(error)"
    case .network(let error): "\(error)"
    }
  }
}
