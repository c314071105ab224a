public import HTTPServing

/// What a listener serves beside recognition, and to whom.
public struct ServiceExposure: Sendable {
  /// Who may ask for `/healthz` and `/readyz`.
  public var health = RouteAccess.anyone
  /// nil when operators have a listener of their own.
  public var operations: Operations?
  /// Who may ask for `/metrics`.
  public var metrics = RouteAccess.anyone
  /// Whether `POST /-/reload` is served: only where keys tell an operator from a client.
  public var offersReload = false

  public init() {}

  var operatorRoutes: [Route] {
    guard let operations else { return [] }
    let metrics = operations.metrics(access: self.metrics)
    return [metrics, offersReload ? operations.reload(access: .operators) : Operations.noReload]
  }
}
