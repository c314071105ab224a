import HTTPServing
import Recognition

/// The Open Inference Protocol, version 2, over HTTP, with its extension for binary tensors.
///
/// One input, `audio`, holds recordings as BYTES; the outputs are `emotion`, `confidence` and `probabilities`.
struct InferenceProtocol {
  /// Recordings in one request.
  static let batchLimit = 64

  let context: ServiceContext

  /// - Parameter health: Who may ask whether server and model are ready.
  func routes(health: RouteAccess) -> [Route] {
    [
      Route(.get, "/v2", handler: server),
      Route(
        .get, "/v2/health/live", access: health, whileDraining: .answer,
        handler: { _ in .response(JSON.object(["live": .bool(true)]).response()) }),
      Route(
        .get, "/v2/health/ready", access: health, whileDraining: .answer,
        handler: { .response(ready($0)) }),
      Route(
        .get, "/v2/models/{name}",
        handler: { request in answer(request) { .response(metadata(of: $0).response()) } }),
      Route(
        .get, "/v2/models/{name}/ready", access: health, whileDraining: .answer,
        handler: { request in answer(request) { _ in .response(ready(request)) } }),
      Route(
        .post, "/v2/models/{name}/infer", body: .collect(limit: context.limits.body),
        admit: Upload.encodingRefusal, handler: infer),
    ]
  }

  private func server(_ request: Request) -> Answer {
    .response(
      JSON.object([
        "name": .string("emotion-server"), "version": .string(context.metrics.version),
        "extensions": .array([.string("binary_tensor_data")]),
      ]).response())
  }

  private func ready(_ request: Request) -> Response {
    let isReady = !request.load.isDraining && !request.load.isFull
    return JSON.object(["ready": .bool(isReady)]).response(isReady ? .ok : .serviceUnavailable)
  }

  /// Answers about the model that the path names, if it is served.
  private func answer(
    _ request: Request, _ answer: (any SpeechRecognizing) -> Answer
  ) -> Answer {
    guard let model = context.models.value.model(named: request.parameters["name"]) else {
      return .response(failure(.notFound, "There is no model of this name; see /model."))
    }
    return answer(model)
  }

  private func metadata(of model: any SpeechRecognizing) -> JSON {
    let card = model.card
    return .object([
      "name": .string(card.identity.name),
      "versions": .array([.string("1")]),
      "platform": .string("speech-emotion"),
      "inputs": .array([tensor("audio", "BYTES", [-1])]),
      "outputs": .array([
        tensor("emotion", "BYTES", [-1]), tensor("confidence", "FP32", [-1]),
        tensor("probabilities", "FP32", [-1, card.labels.count]),
      ]),
    ])
  }

  private func infer(_ request: Request) -> Answer {
    answer(request) { model in
      .blocking { [context] blocking in
        InferenceRequest.answer(request, by: model, context, context.allowance(blocking.workers))
      }
    }
  }
}

/// A tensor's description, with its data where there is some.
func tensor(_ name: String, _ type: String, _ shape: [Int], _ data: [JSON]? = nil) -> JSON {
  .object([
    "name": .string(name), "datatype": .string(type), "shape": .array(shape.map(JSON.integer)),
    "data": data.map(JSON.array),
  ])
}

/// An error in the protocol's form.
func failure(_ status: Status, _ message: String) -> Response {
  JSON.object(["error": .string(message)]).response(status)
}
