import Synchronization

/// An HTTP/1.1 server on libmicrohttpd: a few threads serve all connections through epoll, work runs elsewhere.
///
///     let server = try Server(configuration, router: router, queue: queue)
///     ProcessSignals.wait()
///     server.stop()
public final class Server: Sendable {
  /// The port it listens on.
  public let port: Int
  private let core: ServerCore
  private let daemon: Mutex<Daemon?>

  /// Starts to listen and to answer.
  public convenience init(
    _ configuration: ServerConfiguration, router: Router, queue: WorkQueue,
    events: ServerEvents = ServerEvents()
  ) throws(ServerError) {
    try self.init(
      configuration, socket: try ListeningSocket(configuration), router: router, queue: queue,
      events: events)
  }

  /// Starts to answer on a socket of this configuration.
  /// - Parameter sibling: A server whose load this one tells of, and with which it drains: an operators' listener.
  public init(
    _ configuration: ServerConfiguration, socket: consuming ListeningSocket, router: Router,
    queue: WorkQueue, events: ServerEvents = ServerEvents(), beside sibling: Server? = nil
  ) throws(ServerError) {
    port = socket.port
    let blockingThreads =
      sibling?.core.blockingThreads ?? BlockingThreads(queue: queue)
    guard queue.workers > 0, blockingThreads.whole.threads > 0 else { throw .noThreads }
    core = ServerCore(
      configuration, router: router, queue: queue, blockingThreads: blockingThreads, events: events,
      lifecycle: sibling?.core.lifecycle ?? Lifecycle())
    // They are made last, since of many threads some may not be had; who asks before they are there waits for them.
    if sibling == nil { blockingThreads.streams.promise(configuration.maxStreams) }
    daemon = Mutex(try Daemon(core, socket: socket))
    if sibling == nil { blockingThreads.streams.start(configuration.maxStreams, isPromised: true) }
  }

  deinit { stop() }

  public var load: ServerLoad { core.load }

  /// Open connections.
  public var connections: Int { daemon.withLock { $0?.connections ?? 0 } }

  /// From now on new requests are refused with 503, those that run go on.
  public func drain() { core.lifecycle.beginDraining() }

  /// Drains, waits for running requests up to the grace time, then closes everything.
  /// - Returns: Whether every request was answered in time. When not, the rest got 503 or was cut off.
  @discardableResult
  public func stop() -> Bool {
    daemon.withLock { daemon in
      guard let running = daemon else { return true }
      daemon = nil
      return stop(running)
    }
  }

  private func stop(_ daemon: Daemon) -> Bool {
    drain()
    let isComplete = core.lifecycle.waitUntilIdle(at: core.configuration.graceTime)
    daemon.stopListening()
    let abandoned = core.lifecycle.beginStopping().filter { $0.abandonWork() }
    // The last answers are on their way to the sockets: give them a moment.
    _ = core.lifecycle.waitUntilIdle(at: .seconds(1))
    daemon.stop()
    return isComplete && abandoned.isEmpty
  }
}
