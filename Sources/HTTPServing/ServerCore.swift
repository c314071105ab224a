import Synchronization

/// What all requests of a server share. The daemon holds it; it holds no daemon.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let router: Router
  let queue: WorkQueue
  let events: ServerEvents
  let lifecycle: Lifecycle
  private let bodyMemory = Atomic<Int>(0)
  private let streams = Atomic<Int>(0)

  init(
    _ configuration: ServerConfiguration, router: Router, queue: WorkQueue, events: ServerEvents,
    lifecycle: Lifecycle
  ) {
    self.configuration = configuration
    self.lifecycle = lifecycle
    self.router = router
    self.queue = queue
    self.events = events
  }

  var load: ServerLoad {
    let (queued, running) = queue.load
    var load = ServerLoad()
    load.isDraining = lifecycle.isDraining
    load.queued = queued
    load.running = running
    load.workers = queue.workers
    load.queueCapacity = queue.capacity
    load.openRequests = lifecycle.openRequests
    return load
  }

  /// Takes a place for a body that is used while it arrives; false when there is none.
  func takeStream() -> Bool {
    let count = streams.add(1, ordering: .relaxed).newValue
    if count <= configuration.maxStreams { return true }
    returnStream()
    return false
  }

  func returnStream() { streams.subtract(1, ordering: .relaxed) }

  /// Takes memory for a piece of a body; false when all bodies together would hold too much.
  func takeBodyMemory(_ count: Int) -> Bool {
    let total = bodyMemory.add(count, ordering: .relaxed).newValue
    if total <= configuration.maxBodyMemory { return true }
    returnBodyMemory(count)
    return false
  }

  func returnBodyMemory(_ count: Int) { bodyMemory.subtract(count, ordering: .relaxed) }
}
