public import Recognition

/// The models that are served side by side.
public struct ModelSet: Sendable {
  /// The first answers where a request names none; no two have the same name.
  public let models: [any SpeechRecognizing]

  public init(_ models: [any SpeechRecognizing]) throws(ModelSetError) {
    guard !models.isEmpty else { throw .empty }
    let names = models.map(\.identity.name)
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw .sameName(twice)
    }
    self.models = models
  }

  public var identities: [ModelIdentity] { models.map(\.identity) }

  /// The model of that name, or the first; nil when there is none of that name.
  func model(named name: String?) -> (any SpeechRecognizing)? {
    guard let name else { return models.first }
    return models.first { $0.identity.name == name }
  }
}

/// Why models cannot be served side by side.
public enum ModelSetError: Error, Equatable, CustomStringConvertible {
  case empty
  case sameName(String)

  public var description: String {
    switch self {
    case .empty: "there is no model"
    case .sameName(let name): "two models are named \(name); give one another name: NAME=FILE"
    }
  }
}
