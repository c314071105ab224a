import Glibc

/// Why a server could not start.
public enum ServerError: Error, Equatable {
  case portInUse(Int)
  case portForbidden(Int)
  /// The address is no address of this machine, or not an address at all.
  case badAddress(String, reason: String)
  case socket(operation: String, reason: String)
  /// GnuTLS does not understand the priority string, from this part on.
  case badTLSPriorities(String, from: String)
  /// GnuTLS cannot use the certificate and the key, in its words.
  case badTLSIdentity(String)
  /// The system gives no thread to work on requests.
  case noThreads
  /// libmicrohttpd refused, with what it said about it.
  case refused(messages: [String])
}

extension ServerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .portInUse(let port):
      "port \(port) is in use; stop the other program or choose another port"
    case .portForbidden(let port):
      "port \(port) is not allowed for this user; choose one above 1023"
    case .badAddress(let address, let reason):
      "cannot listen on address '\(address)': \(reason)"
    case .socket(let operation, let reason):
      "\(operation) failed: \(reason)"
    case .badTLSPriorities(let text, let part):
      "'\(text)' says no priorities of TLS: '\(part)' is not understood; see gnutls_priority_init(3)"
    case .badTLSIdentity(let reason):
      "certificate and key of TLS cannot be used: \(reason)"
    case .noThreads:
      "no thread could be started; raise the limit of tasks (ulimit -u, TasksMax, pids.max)"
    case .refused(let messages):
      "the HTTP library did not start: \(messages.joined(separator: "; "))"
    }
  }
}

func systemErrorText(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
