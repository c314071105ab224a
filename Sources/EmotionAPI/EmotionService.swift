import EmotionRecognition
public import HTTPServing

/// The service's routes.
///
///     let service = EmotionService(models: Replaceable(models), metrics: metrics)
///     let server = try Server(configuration, router: service.router(), queue: queue)
public struct EmotionService: Sendable {
  /// Bytes of a request's body.
  public static let defaultBodyLimit = 64 << 20

  private let models: Replaceable<ModelSet>
  private let metrics: ServiceMetrics
  private let bodyLimit: Int

  public init(
    models: Replaceable<ModelSet>, metrics: ServiceMetrics, bodyLimit: Int = Self.defaultBodyLimit
  ) {
    self.models = models
    self.metrics = metrics
    self.bodyLimit = bodyLimit
  }

  /// - Parameters:
  ///   - exposure: What is served beside recognition, and to whom.
  ///   - policies: What every request has to pass.
  public func router(
    _ exposure: ServiceExposure = ServiceExposure(), policies: [RequestPolicy] = []
  ) -> Router {
    let own = [
      Route(.get, "/openapi.yaml", handler: Contract.answer),
      Route(
        .post, "/predict", body: .collect(limit: bodyLimit), admit: refusal, handler: predict),
    ]
    return Router(
      Health.routes(access: exposure.health) + exposure.operatorRoutes + own, policies: policies)
  }

  private func refusal(_ head: RequestHead) -> Response? {
    if let refusal = Upload.refusal(head) { return refusal }
    do throws(UnknownModel) {
      _ = try models.value.model(for: head)
      return nil
    } catch {
      return error.problem.response
    }
  }

  /// Reading a large form, decoding and inference all take the processor: they are work.
  private func predict(_ request: Request) -> Answer {
    let (models, metrics) = (models, metrics)
    return .work { answer(request, by: models.value, metrics) }
  }
}

private func answer(
  _ request: Request, by models: ModelSet, _ metrics: ServiceMetrics
) -> Response {
  do {
    let recognizer = try models.model(for: request.head)
    let prediction = try recognizer.predict(try Upload.audio(of: request))
    let response = try prediction.json().response()
    metrics.count(prediction)
    return response
  } catch let error as UnknownModel {
    return error.problem.response
  } catch let error as UploadError {
    return error.problem.response
  } catch let error as RecognitionError {
    return error.problem.response
  } catch {
    return Problem(.internalServerError).response
  }
}

extension ModelSet {
  /// The model that `?model=` names.
  fileprivate func model(for head: RequestHead) throws(UnknownModel) -> any SpeechRecognizing {
    guard let model = model(named: head.target["model"]) else {
      throw UnknownModel(names: identities.map(\.name))
    }
    return model
  }
}

/// A request names a model that is not served.
struct UnknownModel: Error {
  /// Those that are.
  let names: [String]
}
