public import AudioIO

/// What the service puts up with.
public struct ServiceLimits: Sendable {
  /// Bytes of a body that is held as a whole.
  public var body = 64 << 20
  /// Bytes of a recording that is classified window by window while it arrives.
  public var streamedBody = 4 << 30
  /// Seconds of such a recording.
  public var streamedSeconds = 14_400.0

  /// Seconds of sound that are worked on for one request, of all its recordings together.
  public var requestSeconds = 14_400.0
  /// Processor time for one request.
  public var processor = ProcessorAllowance()
  /// Windows that are classified for one request.
  public var windows = 20_000
  /// Bytes of windows in one answer.
  public var answerBytes = 16 << 20

  public init() {}
}
