public import EmotionModel
public import Features
public import FileIO

/// Why a weights file cannot be served.
public enum ModelLoadError: Error, Sendable, Equatable {
  case file(FileError)
  case model(path: String, ModelFileError)
  case features(path: String, FeatureError)
  /// It loads, but what it says about a test signal is no probability.
  case unusable(path: String)
}

extension ModelLoadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .model(let path, let error): "\(path): \(error)"
    case .features(let path, let error): "\(path): metadata \"features\": \(error)"
    case .unusable(let path): "\(path): its weights give no probabilities for a test signal"
    }
  }
}
