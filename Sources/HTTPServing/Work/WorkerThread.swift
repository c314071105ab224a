import CSystemCalls
import Glibc

/// Starts a thread that runs `body` and ends with it; nobody waits for it.
/// - Parameter isNice: Whether it leaves the processor to all others.
/// - Returns: false when the system gives no thread.
func startThread(isNice: Bool = false, _ body: @escaping @Sendable () -> Void) -> Bool {
  let box = unsafe Unmanaged.passRetained(ThreadBody(isNice, body))
  var thread = pthread_t()
  guard unsafe pthread_create(&thread, nil, runThread, box.toOpaque()) == 0 else {
    unsafe box.release()
    return false
  }
  pthread_detach(thread)
  return true
}

private final class ThreadBody: Sendable {
  private let isNice: Bool
  private let body: @Sendable () -> Void

  init(_ isNice: Bool, _ body: @escaping @Sendable () -> Void) {
    self.isNice = isNice
    self.body = body
  }

  func run() {
    if isNice { csys_be_nice() }
    body()
  }
}

private func runThread(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let box = unsafe box else { return nil }
  unsafe Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().run()
  return nil
}
