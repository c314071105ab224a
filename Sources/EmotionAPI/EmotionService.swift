public import HTTPServing
import Recognition

/// The service's routes.
///
///     let service = EmotionService(models: Reloadable(models), metrics: metrics)
///     let server = try Server(configuration, router: service.router(), queue: queue)
public struct EmotionService: Sendable {
  private let context: ServiceContext

  public init(
    models: Reloadable<ModelSet>, metrics: ServiceMetrics, limits: ServiceLimits = .init()
  ) {
    context = ServiceContext(models: models, metrics: metrics, limits: limits)
  }

  /// - Parameters:
  ///   - exposure: What is served beside recognition, and to whom.
  ///   - policies: What every request has to pass.
  public func router(
    _ exposure: ServiceExposure = ServiceExposure(), policies: [RequestPolicy] = []
  ) -> Router {
    let descriptions = [
      Route(.get, "/", access: .anyone, handler: Page.answer),
      Route(.get, "/openapi.yaml", handler: Contract.answer),
      Route(.get, "/model", admit: context.refusal, handler: card),
      Route(.get, "/models") { [context] _ in .response(context.models.value.json.response()) },
    ]
    return Router(
      Health.routes(access: exposure.health) + exposure.operatorRoutes + descriptions + recordings
        + InferenceProtocol(context: context).routes(health: exposure.health),
      policies: policies)
  }

  private var recordings: [Route] {
    let limits = context.limits
    return [
      Route(
        streaming: .post, "/predict", limit: limits.streamedBody, when: isTimeline,
        admit: refusal, handler: follow),
      Route(
        .post, "/predict", body: .collect(limit: limits.body), admit: refusal, handler: predict),
      Route(
        webSocket: "/live", limit: limits.streamedBody, messageLimit: limits.body,
        admit: { LiveSocket.refusal($0) ?? context.refusal($0) },
        handler: { LiveSocket(context: context, socket: $0).run() }),
      Route(
        .post, "/audio-classification", body: .collect(limit: limits.body),
        admit: { AudioClassification.refusal($0) ?? context.refusal($0) }, handler: classify),
    ]
  }

  private func refusal(_ head: RequestHead) -> Response? {
    Upload.refusal(head) ?? context.refusal(head)
  }

  private func predict(_ request: Request) -> Answer {
    context.work(on: request) { [context] allowance, stream in
      do {
        let upload = try Upload(request.head, request.body)
        return try context.answer(to: upload, request.head, allowance, stream)
      } catch {
        return problem(error, in: request.head).response
      }
    }
  }

  private func follow(_ request: StreamedRequest) -> Response? {
    let allowance = context.allowance(request.context.workers)
    return LiveTimeline(context: context, request: request, allowance: allowance).answer()
  }

  private func classify(_ request: Request) -> Answer {
    context.work(on: request) { [context] allowance, _ in
      AudioClassification.answer(request, context, allowance)
    }
  }

  private func card(_ request: Request) -> Answer {
    do {
      return .response(try context.model(for: request.head).card.json.response())
    } catch {
      return .response(problem(error).response)
    }
  }
}

/// A form is only whole at its end.
private func isTimeline(_ head: RequestHead) -> Bool {
  !head.isForm && (try? Upload.options(head).windows) != nil
}
