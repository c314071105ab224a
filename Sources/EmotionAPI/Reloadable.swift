import Synchronization

/// A value that may be loaded anew while it is used. Whoever takes it keeps what they took, so that replacing it neither
/// waits for anybody nor changes anything under them.
public final class Reloadable<Value: Sendable>: Sendable {
  private let current: Mutex<Value>

  public init(_ value: Value) { current = Mutex(value) }

  public var value: Value { current.withLock { $0 } }

  /// From now on, this is what is taken.
  public func replace(with value: Value) { current.withLock { $0 = value } }
}
