public import EmotionFeatures
public import EmotionModel
public import FileIO

/// Why a weights file cannot be served.
public enum ModelLoadError: Error, Sendable, Equatable {
  case file(FileError)
  case model(path: String, ModelFileError)
  case features(path: String, FeatureError)
}

extension ModelLoadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .model(let path, let error): "\(path): \(error)"
    case .features(let path, let error): "\(path): metadata \"features\": \(error)"
    }
  }
}
