import CommandLineTool
import Glibc
import Synchronization

/// Standard error for a server: a reader that does not keep up loses lines, and holds nobody up.
final class ErrorStream: Sendable {
  private let lost = Mutex(0)

  func write(_ line: String) {
    // One at a time: the room that one thread has seen must not be taken by another.
    lost.withLock { lost in
      if lost > 0, hasRoom {
        Terminal.printError("\(lost) lines of the log are lost: nobody read them in time")
        lost = 0
      }
      if lost == 0, hasRoom { Terminal.printError(line) } else { lost += 1 }
    }
  }

  /// A pipe has it while a page is free, which is more than a line takes; a file has it always.
  private var hasRoom: Bool {
    var stream = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&stream, 1, 0) > 0
  }
}
