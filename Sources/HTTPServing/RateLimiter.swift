import Synchronization

/// Lets each client make so many requests a second, and so many at once after a pause (a token bucket each).
public final class RateLimiter: Sendable {
  private struct Bucket: Sendable {
    var tokens: Double
    var filled: ContinuousClock.Instant
  }

  private let perSecond: Double
  private let burst: Double
  private let state: Mutex<[String: Bucket]> = Mutex([:])
  /// A full bucket says no more than none does: beyond so many, full ones are dropped.
  private static let tidyAbove = 10_000

  /// - Parameters:
  ///   - perSecond: Above 0.
  ///   - burst: Requests at once, at least 1.
  public init(perSecond: Double, burst: Int) {
    precondition(perSecond > 0 && burst > 0, "a limit lets something through")
    self.perSecond = perSecond
    self.burst = Double(burst)
  }

  /// Takes one request from the client's share.
  /// - Returns: How long to wait when nothing is left, else nil.
  public func take(_ client: String, at now: ContinuousClock.Instant = .now) -> Duration? {
    state.withLock { buckets in
      if buckets.count > Self.tidyAbove { buckets = buckets.filter { level($1, at: now) < burst } }
      let tokens = buckets[client].map { level($0, at: now) } ?? burst
      guard tokens >= 1 else { return .seconds((1 - tokens) / perSecond) }
      buckets[client] = Bucket(tokens: tokens - 1, filled: now)
      return nil
    }
  }

  private func level(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
    min(burst, bucket.tokens + bucket.filled.duration(to: now) / .seconds(1) * perSecond)
  }

  /// Limits the routes for clients: by the name of their key, or else by address.
  public var policy: RequestPolicy {
    RequestPolicy(admit: { [self] head, route in
      guard route.access == .clients else { return nil }
      return take(head.client.map { "key \($0)" } ?? "address \(head.peer)").map(Response.tooMany)
    })
  }
}

extension Response {
  fileprivate static func tooMany(_ wait: Duration) -> Response {
    .problem(.tooManyRequests, detail: "This client has used up its share. Try again later.")
      .with("Retry-After", "\(max(1, Int((wait / .seconds(1)).rounded(.up))))")
  }
}
