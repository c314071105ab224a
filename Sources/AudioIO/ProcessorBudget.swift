import Synchronization

/// How much processor time recordings may take: what they are worth.
public struct ProcessorAllowance: Sendable, Equatable {
  /// Every request has this much.
  public var least: Duration
  /// For each second of sound. 0.1 is ten times faster than real time.
  public var perSecond: Duration
  /// For each byte sent: a few bytes of a compressed format can claim hours of silence.
  public var perByte: Duration

  public init(
    least: Duration = .seconds(1), perSecond: Duration = .milliseconds(100),
    perByte: Duration = .microseconds(15)
  ) {
    self.least = least
    self.perSecond = perSecond
    self.perByte = perByte
  }
}

/// The processor time of one request, whatever threads and processes it is spent on.
///
/// What a recording is worth grows as it is read, with its bytes and its seconds; the smaller of the two counts. It is
/// worth nothing once nobody waits for the answer.
public final class ProcessorBudget: Sendable {
  private struct State: Sendable {
    var used = Duration.zero
    var seconds = 0.0
    var bytes = 0
  }

  private let allowance: ProcessorAllowance
  private let wanted: @Sendable () -> Bool
  private let state = Mutex(State())

  /// - Parameter isWanted: Whether somebody still waits for the answer.
  public init(
    _ allowance: ProcessorAllowance = ProcessorAllowance(),
    isWanted: @escaping @Sendable () -> Bool = { true }
  ) {
    self.allowance = allowance
    wanted = isWanted
  }

  /// Whether somebody still waits for the answer.
  public var isWanted: Bool { wanted() }

  /// Bytes have been read.
  public func add(bytes: Int) { state.withLock { $0.bytes += bytes } }

  /// Sound has been decoded.
  public func add(seconds: Double) { state.withLock { $0.seconds += seconds } }

  /// Processor time has been used.
  public func spend(_ duration: Duration) { state.withLock { $0.used += duration } }

  /// Seconds of sound that were decoded.
  public var seconds: Double { state.withLock { $0.seconds } }

  /// Zero or less when it is used up.
  public var remaining: Duration {
    state.withLock { state in
      let worth = min(allowance.perSecond * state.seconds, allowance.perByte * Double(state.bytes))
      return max(allowance.least, worth) - state.used
    }
  }

  /// - Throws: `unwanted` when nobody waits for the answer any more, `tooCostly` when it is used up.
  public func check() throws(AudioError) {
    guard isWanted else { throw .unwanted }
    guard remaining > .zero else { throw .tooCostly }
  }
}
