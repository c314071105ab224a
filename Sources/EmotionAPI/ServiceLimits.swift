/// What the service puts up with.
public struct ServiceLimits: Sendable {
  /// Bytes of a body that is held as a whole.
  public var body = 64 << 20
  /// Bytes of a recording that is judged window by window while it arrives.
  public var streamedBody = 4 << 30
  /// Seconds of such a recording.
  public var streamedSeconds = 14_400.0

  public init() {}
}
