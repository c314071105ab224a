import Glibc

/// Waits until something is so. Only a hang ends it otherwise: after a minute it traps.
public func waitUntil(_ isSo: () throws -> Bool) rethrows {
  for _ in 0..<60_000 {
    if try isSo() { return }
    usleep(1000)
  }
  preconditionFailure("waited a minute in vain")
}

/// A thread for tests in which two things happen at once.
public enum Thread {
  /// Runs `body` on a thread of its own.
  public static func start(_ body: @escaping @Sendable () -> Void) {
    let box = unsafe Unmanaged.passRetained(Body(run: body)).toOpaque()
    var thread = pthread_t()
    unsafe pthread_create(&thread, nil, run, box)
    pthread_detach(thread)
  }

  fileprivate final class Body: Sendable {
    let run: @Sendable () -> Void
    init(run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

private func run(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let box = unsafe box else { return nil }
  unsafe Unmanaged<Thread.Body>.fromOpaque(box).takeRetainedValue().run()
  return nil
}
