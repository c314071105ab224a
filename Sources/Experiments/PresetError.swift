public import Augmentation
public import Features
public import NeuralNetwork

/// Why a preset cannot be used.
public enum PresetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Where in the JSON, and what.
  case malformed(problem: String)
  case unknownOption(path: String)
  case option(OptionError)
  case features(FeatureError)
  case network(NetworkError)

  public var description: String {
    switch self {
    case .malformed(let problem): problem
    case .unknownOption(let path): "there is no option \"\(path)\""
    case .option(let error): "\(error)"
    case .features(let error): "\(error)"
    case .network(let error): "\(error)"
    }
  }
}
