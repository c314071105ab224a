import EmotionRecognition
public import HTTPServing

/// The service's routes.
///
///     let service = EmotionService(recognizer: recognizer)
///     let server = try Server(configuration, router: service.router, queue: queue)
public struct EmotionService: Sendable {
  /// Bytes of a request's body.
  public static let defaultBodyLimit = 64 << 20

  private let recognizer: any SpeechRecognizing
  private let bodyLimit: Int

  public init(recognizer: any SpeechRecognizing, bodyLimit: Int = Self.defaultBodyLimit) {
    self.recognizer = recognizer
    self.bodyLimit = bodyLimit
  }

  public var router: Router {
    Router([
      Route(.get, "/healthz", whileDraining: .answer, handler: Health.alive),
      Route(.get, "/readyz", whileDraining: .answer, handler: Health.ready),
      Route(.get, "/openapi.yaml", handler: Contract.answer),
      Route(
        .post, "/predict", body: .collect(limit: bodyLimit), admit: Upload.refusal,
        handler: predict),
    ])
  }

  /// Reading a large form, decoding and inference all take the processor: they are work.
  private func predict(_ request: Request) -> Answer {
    let recognizer = self.recognizer
    return .work { answer(request, by: recognizer) }
  }
}

private func answer(_ request: Request, by recognizer: any SpeechRecognizing) -> Response {
  do {
    let prediction = try recognizer.predict(try Upload.audio(of: request))
    return try prediction.json().response()
  } catch let error as UploadError {
    return error.problem.response
  } catch let error as RecognitionError {
    return error.problem.response
  } catch {
    return Problem(.internalServerError).response
  }
}
