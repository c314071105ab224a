import Glibc

/// The signals that tell a server to end or to load anew. They are blocked before any thread starts, so that every
/// thread inherits that and none is interrupted; one thread then waits for them.
public enum ProcessSignals {
  public enum Wish: Sendable, Equatable {
    /// SIGTERM or SIGINT.
    case stop(signal: Int32)
    /// SIGHUP.
    case reload
  }

  /// Call before anything starts a thread. Writing to a closed connection no longer ends the program, too.
  public static func block() {
    var signals = set
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
  }

  /// Waits for one of them.
  public static func wait() -> Wish {
    var signals = set
    var received: Int32 = 0
    while unsafe sigwait(&signals, &received) != 0 {}
    return received == SIGHUP ? .reload : .stop(signal: received)
  }

  private static var set: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&signals, signal) }
    return signals
  }
}
