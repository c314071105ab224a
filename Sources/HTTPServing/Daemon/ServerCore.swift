import Synchronization

/// What all requests of a server share. The daemon holds it; it holds no daemon.
final class ServerCore: Sendable {
  let configuration: ServerConfiguration
  let router: Router
  let queue: WorkQueue
  let blockingThreads: BlockingThreads
  let events: ServerEvents
  let lifecycle: Lifecycle
  private let bodyMemory = Atomic<Int>(0)

  init(
    _ configuration: ServerConfiguration, router: Router, queue: WorkQueue,
    blockingThreads: BlockingThreads, events: ServerEvents, lifecycle: Lifecycle
  ) {
    self.configuration = configuration
    self.lifecycle = lifecycle
    self.router = router
    self.queue = queue
    self.blockingThreads = blockingThreads
    self.events = events
  }

  var load: ServerLoad {
    let (queued, running) = queue.light.load
    var load = ServerLoad()
    load.isDraining = lifecycle.isDraining
    load.queued = queued + blockingThreads.whole.load.queued
    load.running = running
    load.workers = queue.workers
    load.queueCapacity = queue.capacity
    load.openRequests = lifecycle.openRequests
    return load
  }

  /// Takes memory for a piece of a body; false when all bodies together would hold too much.
  func takeBodyMemory(_ count: Int) -> Bool {
    let total = bodyMemory.add(count, ordering: .relaxed).newValue
    if total <= configuration.maxBodyMemory { return true }
    returnBodyMemory(count)
    return false
  }

  func returnBodyMemory(_ count: Int) { bodyMemory.subtract(count, ordering: .relaxed) }
}
