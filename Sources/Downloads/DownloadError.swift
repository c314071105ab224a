public import FileIO

/// Why a file was not fetched.
public enum DownloadError: Error, Equatable, Sendable {
  case file(FileError)
  /// The address is not one of HTTP or HTTPS.
  case unusableAddress(String)
  /// The server answered with this status.
  case refused(status: Int)
  /// Nothing more came, however often it was asked again; what libcurl says of it.
  case unreachable(String)
  /// It was stopped from outside; what came is kept.
  case stopped
}

extension DownloadError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .unusableAddress(let address): "\"\(address)\" is no address of HTTP or HTTPS"
    case .refused(let status): "the server answers with status \(status)"
    case .unreachable(let reason): reason
    case .stopped: "stopped; what came is kept, and the same command goes on from there"
    }
  }
}
