import Synchronization

/// A connection's place among those that the limiter allows, from its beginning to its end: what is noted about it.
final class ConnectionSlot: Sendable {
  let address: String
  /// Set when the connection is one too many.
  let excess: ConnectionExcess?
  let reader: GuardedReader
  private let requests = Mutex(Requests())
  private let credentials = Mutex<TLSCredentials?>(nil)

  private struct Requests: Sendable {
    var count = 0
    /// The one that has begun and of whose end the library has not told.
    var current: Exchange?
  }

  init(address: String, excess: ConnectionExcess?, limits: FramingLimits) {
    self.address = address
    self.excess = excess
    reader = GuardedReader(limits: limits)
  }

  /// Keeps what the connection's TLS session uses until the connection is over.
  func keep(_ credentials: TLSCredentials) { self.credentials.withLock { $0 = credentials } }

  /// A request begins.
  /// - Parameter make: Makes its exchange from its number, counted from 1.
  func begin(_ make: (Int) -> Exchange) -> Exchange {
    let number = requests.withLock { requests in
      requests.count += 1
      return requests.count
    }
    let exchange = make(number)
    replaceCurrent(with: exchange)
    return exchange
  }

  /// The library has told of the request's end.
  func end(_ exchange: Exchange) {
    requests.withLock { requests in
      if requests.current === exchange { requests.current = nil }
    }
  }

  /// The request under way, if its line has come.
  var current: Exchange? { requests.withLock { $0.current } }

  /// The connection is over. The library says nothing of a request that it drops before anybody has answered: its end
  /// is told here.
  func close() { replaceCurrent(with: nil) }

  private func replaceCurrent(with exchange: Exchange?) {
    let dropped = requests.withLock { requests in
      defer { requests.current = exchange }
      return requests.current
    }
    dropped?.ended(.disconnected)
  }
}
