import Synchronization

/// Lets each client make so many requests a second, and so many at once after a pause (a token bucket each).
///
/// It takes the same time for any number of clients, and knows of so many at most.
public final class RateLimiter: Sendable {
  private struct Bucket: Sendable {
    var tokens: Double
    var filled: ContinuousClock.Instant
  }

  private typealias Buckets = [String: Bucket]

  /// Buckets in two generations: whoever asks moves to the young one, and when that is full, or so old that a bucket not
  /// touched since is full again, the old one is forgotten as a whole.
  private struct State: Sendable {
    var young: Buckets = [:]
    var old: Buckets = [:]
    var began: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let burst: Double
  /// Clients in a generation.
  private let capacity: Int
  /// How long an empty bucket takes to be full.
  private let refill: Duration
  private let state: Mutex<State>

  /// - Parameters:
  ///   - perSecond: Above 0.
  ///   - burst: Requests at once, at least 1.
  ///   - capacity: Clients that are remembered for certain; up to twice as many are.
  public init(perSecond: Double, burst: Int, capacity: Int = 1 << 16) {
    precondition(perSecond > 0 && burst > 0 && capacity > 0, "a limit lets something through")
    self.perSecond = perSecond
    self.burst = Double(burst)
    self.capacity = capacity
    refill = .seconds(Double(burst) / perSecond)
    state = Mutex(State(began: .now))
  }

  /// Clients that are remembered.
  public var clients: Int { state.withLock { $0.young.count + $0.old.count } }

  /// Takes one request from the client's share.
  /// - Returns: How long to wait when nothing is left, else nil.
  public func take(_ client: String, at now: ContinuousClock.Instant = .now) -> Duration? {
    var forgotten: Buckets = [:]
    // What is forgotten is given back outside of the lock.
    defer { withExtendedLifetime(forgotten) {} }
    return state.withLock { state in
      if state.young.count >= capacity || state.began.duration(to: now) > refill {
        forgotten = state.old
        (state.old, state.young, state.began) = (state.young, [:], now)
      }
      let known = state.young[client] ?? state.old.removeValue(forKey: client)
      let tokens = known.map { level($0, at: now) } ?? burst
      let isLimited = tokens < 1
      state.young[client] = Bucket(tokens: isLimited ? tokens : tokens - 1, filled: now)
      return isLimited ? .seconds((1 - tokens) / perSecond) : nil
    }
  }

  private func level(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
    min(burst, bucket.tokens + bucket.filled.duration(to: now) / .seconds(1) * perSecond)
  }

  /// Limits the routes for clients: by the name of their key, or else by address. What is refused before that, for want
  /// of a route, a key or a header that can be read, counts for the address.
  public var policy: RequestPolicy {
    RequestPolicy(
      admit: { [self] head, route in
        guard route.access == .clients else { return nil }
        return take(head.identity).map(Response.tooMany)
      },
      screen: { [self] head in
        take(head.addressIdentity).map(Response.tooMany)
      })
  }
}

extension Response {
  fileprivate static func tooMany(_ wait: Duration) -> Response {
    .problem(.tooManyRequests, detail: "This client has used up its share. Try again later.")
      .with("Retry-After", "\(max(1, Int((wait / .seconds(1)).rounded(.up))))")
  }
}
