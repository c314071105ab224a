import HTTPServing

/// What load balancers ask.
enum Health {
  /// The process answers.
  static func alive(_ request: Request) -> Answer {
    .response(JSON.object(["status": .string("ok")]).response())
  }

  /// The next recording would be taken.
  static func ready(_ request: Request) -> Answer {
    if request.load.isDraining { return notReady("The server is shutting down.") }
    if request.load.isFull { return notReady("The queue is full.") }
    return .response(JSON.object(["status": .string("ready")]).response())
  }

  private static func notReady(_ reason: String) -> Answer {
    .response(.problem(.serviceUnavailable, detail: reason).with("Retry-After", "1"))
  }
}
