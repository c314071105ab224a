internal import Glibc

/// What the system refused, for which path.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: Equatable, Sendable {
    case notFound
    case notPermitted
    case noSpace
    case notRegularFile
    /// The bytes are not UTF-8.
    case notText
    case tooLarge(bytes: Int, limit: Int)
    /// Any other `errno`.
    case system(code: Int32)
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  init(path: String, errno code: Int32) {
    self.init(path: path, reason: Reason(errno: code))
  }

  public var description: String { "\(shown(path)): \(reason.text)" }
}

extension FileError.Reason {
  init(errno code: Int32) {
    self =
      switch code {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM, EROFS: .notPermitted
      case ENOSPC, EDQUOT, EFBIG: .noSpace
      default: .system(code: code)
      }
  }

  var text: String {
    switch self {
    case .notFound: "no such file or folder"
    case .notPermitted: "not permitted"
    case .noSpace: "no space left"
    case .notRegularFile: "not a regular file"
    case .notText: "not UTF-8 text"
    case .tooLarge(let bytes, let limit): "\(bytes) bytes, more than the \(limit) allowed"
    case .system(let code): unsafe String(cString: strerror(code))
    }
  }
}
