import CommandLineTool
import EmotionAPI
import HTTPServing

/// The sockets that are served: one for clients, and perhaps one for operators.
struct Listeners {
  private let main: Server
  private let admin: Server?

  init(
    _ configuration: ServerConfiguration, _ arguments: Arguments, _ loading: Loading,
    _ operations: Operations,
    _ metrics: ServiceMetrics, _ log: Log
  ) throws(StartError) {
    let adminConfiguration = adminConfiguration(arguments)
    let service = EmotionService(
      models: loading.models, metrics: metrics, limits: limits(arguments))
    let queue = WorkQueue(
      workers: arguments[ServerOptions.workers], capacity: arguments[ServerOptions.queue])
    let events = ServerEvents(
      requestEnded: { record in
        metrics.count(record)
        log.request(record)
      }, libraryMessage: log.debug)
    let router = service.router(
      exposure(arguments, adminConfiguration == nil ? operations : nil),
      policies: policies(arguments, loading))
    do {
      // Both ports are bound before one answers: who hears "ready" at one finds the other, and a port in use ends the
      // program before it has taken a request.
      let socket = try ListeningSocket(configuration)
      let adminSocket = try adminConfiguration.map(ListeningSocket.init)
      let main = try Server(
        configuration, socket: socket, router: router, queue: queue, events: events)
      self.main = main
      if let adminConfiguration, let adminSocket {
        admin = try Server(
          adminConfiguration, socket: adminSocket, router: operations.router, queue: queue,
          events: events, beside: main)
      } else {
        admin = nil
      }
    } catch {
      throw .server(error)
    }
  }

  var description: String {
    "listening on port \(main.port)" + (admin.map { " (operators: \($0.port))" } ?? "")
  }

  /// The operators' listener answers until clients are done.
  /// - Returns: Whether every running request was finished.
  func stop() -> Bool {
    let isComplete = main.stop()
    admin?.stop()
    return isComplete
  }
}

private func exposure(_ arguments: Arguments, _ operations: Operations?) -> ServiceExposure {
  var exposure = ServiceExposure()
  exposure.operations = operations
  exposure.health = arguments[ServerOptions.protectHealth] ? .clients : .anyone
  exposure.metrics = arguments[ServerOptions.protectMetrics] ? .clients : .anyone
  exposure.offersReload = arguments[ServerOptions.apiKeys] != nil
  return exposure
}

private func policies(_ arguments: Arguments, _ loading: Loading) -> [RequestPolicy] {
  var policies: [RequestPolicy] = []
  let origins = arguments[ServerOptions.origins]
  let crossOrigin = CrossOrigin(origins: origins)
  if !origins.isEmpty { policies.append(crossOrigin.policy) }
  policies.append(crossOrigin.socketPolicy)
  if let keys = loading.keys { policies.append(keys.policy) }
  let perSecond = arguments[ServerOptions.rateLimit]
  if perSecond > 0 {
    let burst = arguments[ServerOptions.rateBurst]
    policies.append(RateLimiter(perSecond: perSecond, burst: burst).policy)
  }
  return policies
}
