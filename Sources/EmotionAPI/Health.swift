import HTTPServing

/// What load balancers ask.
enum Health {
  static func routes(access: RouteAccess) -> [Route] {
    [
      Route(.get, "/healthz", access: access, whileDraining: .answer, handler: alive),
      Route(.get, "/readyz", access: access, whileDraining: .answer, handler: ready),
    ]
  }

  /// The process answers.
  private static func alive(_ request: Request) -> Answer {
    .response(JSON.object(["status": .string("ok")]).response())
  }

  /// The next recording would be taken.
  private static func ready(_ request: Request) -> Answer {
    if request.load.isDraining { return notReady("The server is shutting down.") }
    if request.load.isFull { return notReady("The queue is full.") }
    return .response(JSON.object(["status": .string("ready")]).response())
  }

  private static func notReady(_ reason: String) -> Answer {
    .response(.problem(.serviceUnavailable, detail: reason).with("Retry-After", "1"))
  }
}
