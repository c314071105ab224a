import Glibc
import Synchronization

/// Ctrl-C asks for an orderly end: the work in hand notices at its next step. A second one ends the
/// program at once.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  static func watch() {
    for name in [SIGINT, SIGTERM] {
      signal(name) { name in
        // Only what is safe in a signal handler.
        if Interruption.requested.exchange(true, ordering: .relaxed) { _exit(128 + name) }
      }
    }
  }
}
