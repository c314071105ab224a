public import Augmentation
public import Features
public import NeuralNetwork

/// Why a preset cannot be used.
public enum PresetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It is no JSON or not of a preset's form; `problem` says where and what.
  case malformed(problem: String)
  /// There is no option of that name, most likely a misspelt one.
  case unknownOption(path: String)
  /// An option is out of its range or does not suit the features.
  case option(OptionError)
  /// The features make no sense.
  case features(FeatureError)
  /// A layer's description is not valid.
  case network(NetworkError)

  /// One sentence without a full stop.
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
