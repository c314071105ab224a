public import AudioIO
public import HTTPServing
import Synchronization

/// What one request may cost in all, however many recordings it holds, and whether it is still wanted.
public final class RequestAllowance: Sendable {
  private struct Spent {
    var windows = 0
    var answerBytes = 0
  }

  /// Processor time of all of it; it also knows how much sound was decoded.
  public let budget: ProcessorBudget
  private let limits: ServiceLimits
  /// nil where the calling thread does everything itself.
  private let workers: RequestWorkers?
  private let isAbandoned: @Sendable () -> Bool
  private let spent = Mutex(Spent())

  /// - Parameters:
  ///   - workers: Who does what takes the processor; the calling thread where left out.
  ///   - isAbandoned: Whether the client has left; what the workers know where left out.
  public init(
    _ limits: ServiceLimits, workers: RequestWorkers? = nil,
    isAbandoned: (@Sendable () -> Bool)? = nil
  ) {
    self.workers = workers
    self.limits = limits
    let isAbandoned = isAbandoned ?? { workers?.isAbandoned ?? false }
    budget = ProcessorBudget(limits.processor, isWanted: { !isAbandoned() })
    self.isAbandoned = isAbandoned
  }

  /// Asked between windows and between recordings: whether the work is to go on.
  public func checkpoint() throws(RequestEnd) {
    if isAbandoned() { throw .abandoned }
  }

  /// Sound, in seconds, that takes a light worker no longer than a moment.
  static let lightSeconds = 30.0

  /// Has a worker do what takes the processor for so many seconds of sound.
  /// - Returns: nil when it was called off.
  func compute<Result: Sendable>(
    _ seconds: Double, _ job: @escaping @Sendable () -> Result
  ) -> Result? {
    guard let workers else { return job() }
    return workers.compute(seconds > Self.lightSeconds ? .heavy : .light, job)
  }

  /// Checks the sound that was decoded, also of recordings that could not be classified.
  public func checkSound() throws(RequestEnd) {
    guard budget.seconds <= limits.requestSeconds else {
      throw .tooMuchSound(limits.requestSeconds)
    }
  }

  /// Counts a window that is about to be classified.
  public func takeWindow() throws(RequestEnd) {
    let total = spent.withLock { spent in
      spent.windows += 1
      return spent.windows
    }
    guard total <= limits.windows else { throw .tooManyWindows(limits.windows) }
  }

  /// Counts a piece of the answer.
  public func take(answerBytes: Int) throws(RequestEnd) {
    let total = spent.withLock { spent in
      spent.answerBytes += answerBytes
      return spent.answerBytes
    }
    guard total <= limits.answerBytes else { throw .answerTooLong(limits.answerBytes) }
  }
}

/// Why the work on a request ends before it is done, for all of its recordings.
public enum RequestEnd: Error, Equatable {
  case abandoned
  /// Each with its limit: seconds, windows, bytes.
  case tooMuchSound(Double)
  case tooManyWindows(Int)
  case answerTooLong(Int)
}
