/// What is wrong with a JSON text.
public enum JSONError: Error, Equatable, Sendable {
  /// Not RFC 8259; the offset is that of the byte at which it shows.
  case syntax(at: Int)
  /// A string that is not UTF-8, or half of a surrogate pair.
  case encoding(at: Int)
  case tooDeep(limit: Int)
  /// More bytes beside the recordings than may be.
  case tooLarge(limit: Int)
  /// The member stands twice.
  case repeated(String)
  /// The member is missing or of another type; empty where the whole text is of another type.
  case member(String)
  /// The member should be base64 and is not.
  case notBase64(String)

  /// The same, seen from outside the member `name`.
  func inside(_ name: String) -> JSONError {
    func path(_ inner: String) -> String { inner.isEmpty ? name : "\(name).\(inner)" }
    switch self {
    case .repeated(let inner): return .repeated(path(inner))
    case .member(let inner): return .member(path(inner))
    case .notBase64(let inner): return .notBase64(path(inner))
    case .syntax, .encoding, .tooDeep, .tooLarge: return self
    }
  }
}
