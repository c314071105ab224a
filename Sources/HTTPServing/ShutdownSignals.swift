import Glibc

/// The signals that ask a program to end. They are blocked before any thread starts, so that every thread inherits
/// that and none is interrupted; one thread then waits for them.
public enum ShutdownSignals {
  /// Call before anything starts a thread. Writing to a closed connection no longer ends the program, too.
  public static func block() {
    var signals = set
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for SIGTERM or SIGINT.
  @discardableResult
  public static func wait() -> Int32 {
    var signals = set
    var received: Int32 = 0
    while unsafe sigwait(&signals, &received) != 0 {}
    return received
  }

  private static var set: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe sigaddset(&signals, SIGINT)
    return signals
  }
}
