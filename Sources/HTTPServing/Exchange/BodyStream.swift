/// A request's body while it arrives: one thread puts bytes in, another takes them out in order.
///
/// It holds little. Whoever brings more than it should is asked to pause, and resumed once the bytes are taken.
public final class BodyStream: Sendable {
  private struct State: Sendable {
    var bytes: [UInt8] = []
    var isComplete = false
    var refusal: Response?
    var isPaused = false
  }

  /// Bytes after which the sender pauses.
  static let capacity = 256 * 1024

  private let resume: @Sendable () -> Void
  private let state = Monitor(State())

  init(resume: @escaping @Sendable () -> Void) { self.resume = resume }

  /// A body that is there already: for tests without a socket.
  convenience init(_ bytes: [UInt8]) {
    self.init(resume: {})
    state.withLock { $0 = State(bytes: bytes, isComplete: true) }
  }

  /// Waits for the next bytes and takes all there are.
  /// - Returns: nil at the end, also where the connection is lost.
  public func next() -> [UInt8]? {
    state.wait { state -> [UInt8]?? in
      guard !state.bytes.isEmpty else { return state.isComplete ? .some(nil) : nil }
      defer {
        state.bytes = []
        self.resume(&state)
      }
      return state.bytes
    }
  }

  /// Waits until `next` has something to say.
  /// - Returns: false when it had not in that time.
  func isReady(within time: Duration) -> Bool {
    state.wait(at: time) { !$0.bytes.isEmpty || $0.isComplete }
  }

  /// Why the server ended the body before the client did, where whoever uses it is to say so.
  var refusal: Response? { state.read { $0.refusal } }

  /// - Parameter pause: Stops the sender; false where it cannot be stopped.
  func append(_ bytes: UnsafeRawBufferPointer, pause: () -> Bool) {
    state.withLock { state in
      guard !state.isComplete else { return }
      unsafe state.bytes.append(contentsOf: bytes)
      // Once: several chunks may arrive in one go, and the library must not suspend a connection twice.
      if state.bytes.count >= Self.capacity && !state.isPaused { state.isPaused = pause() }
    }
  }

  /// Nothing more will come.
  /// - Returns: Whether the sender pauses; from now on that is its own business.
  func finish() -> Bool {
    state.withLock { state in
      defer { state.isPaused = false }
      state.isComplete = true
      return state.isPaused
    }
  }

  /// Nothing more is wanted: what comes is dropped.
  /// - Parameter refusal: Why, where whoever uses the body is to say so.
  func close(_ refusal: Response? = nil) {
    state.withLock { state in
      if !state.isComplete { state.refusal = refusal }
      state.isComplete = true
      state.bytes = []
      resume(&state)
    }
  }

  /// Within the lock, so that the sender is never resumed before it has paused.
  private func resume(_ state: inout State) {
    guard state.isPaused else { return }
    state.isPaused = false
    resume()
  }
}
