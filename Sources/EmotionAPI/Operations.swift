public import HTTPServing
public import Recognition

/// What operators are served: `/metrics` and `POST /-/reload`.
public struct Operations: Sendable {
  /// Loads models, keys and certificate anew. All succeed or nothing changes.
  public typealias Reload = @Sendable () throws(ReloadError) -> [ModelIdentity]

  private let models: Reloadable<ModelSet>
  private let metrics: ServiceMetrics
  private let reload: Reload

  public init(
    models: Reloadable<ModelSet>, metrics: ServiceMetrics, reload: @escaping Reload
  ) {
    self.models = models
    self.metrics = metrics
    self.reload = reload
  }

  /// A listener for operators alone, who need no key on it.
  public var router: Router {
    Router(Health.routes(access: .anyone) + [metrics(access: .anyone), reload(access: .anyone)])
  }

  func metrics(access: RouteAccess) -> Route {
    Route(.get, "/metrics", access: access, whileDraining: .answer) { request in
      let page = metrics.page(request.load, models.value.identities)
      return .response(Response(contentType: ServiceMetrics.contentType, body: Array(page.utf8)))
    }
  }

  func reload(access: RouteAccess) -> Route {
    Route(.post, "/-/reload", access: access) { _ in .dedicatedThread(answerToReload) }
  }

  /// Without keys nobody can show to be an operator.
  static let noReload = Route(
    .post, "/-/reload",
    admit: { _ in
      .problem(
        .forbidden, detail: "This needs API keys (--api-keys) or another port (--admin-port).")
    },
    handler: { _ in .response(.problem(.forbidden)) })

  private func answerToReload() -> Response {
    do throws(ReloadError) {
      let models = try reload()
      return JSON.object(["models": .array(models.map(\.json))]).response()
    } catch {
      return ProblemKind.reloadFailed("Nothing has changed: \(error.reason).").response
    }
  }
}

/// Why models, keys or certificate could not be loaded anew.
public struct ReloadError: Error {
  public let reason: String

  public init(reason: String) { self.reason = reason }
}
