import AudioIO
import HTTPServing
import Recognition
import StrictJSON

/// The body of an inference request of the Open Inference Protocol.
struct InferenceRequest {
  var id: String?
  var inputs: [Tensor] = []
  /// The outputs that are wished for; all of them where there is none.
  var outputs: [String] = []
  /// Those that may be the answer; nil for all of the model's.
  var labels: Set<String>?

  struct Tensor {
    var name = ""
    var shape: [Int] = []
    var datatype = ""
    /// The tensor's bytes follow the JSON.
    var binarySize: Int?
    /// BYTES have no form in JSON: each recording is written as base64.
    var data: [Base64Text]?
  }

  static func answer(
    _ request: Request, by model: any SpeechRecognizing, _ context: ServiceContext,
    _ allowance: RequestAllowance
  ) -> Response {
    do {
      let body = try InferenceBody(request)
      let content = try parsed(body.json)
      return try content.answer(content.recordings(body.binary), by: model, context, allowance)
        .response()
    } catch {
      let problem = problem(error)
      return failure(
        problem.status, [problem.title, problem.detail].compactMap(\.self).joined(separator: ". "))
    }
  }

  private static func parsed(_ json: ArraySlice<UInt8>) throws -> InferenceRequest {
    do { return try InferenceRequest(json) } catch let error as JSONError {
      if case .notBase64 = error { throw TensorError.base64 }
      throw UploadError.json(error)
    }
  }

  /// The recordings in the one input there must be.
  private func recordings(_ binary: ArraySlice<UInt8>) throws(TensorError) -> [EncodedRecording] {
    guard inputs.count == 1, let input = inputs.first else { throw .input }
    guard input.datatype == "BYTES" else { throw .datatype }
    let recordings = try Self.elements(input, binary)
    guard (1...InferenceProtocol.batchLimit).contains(recordings.count) else { throw .batch }
    // Checked before it is multiplied: numbers from outside may overflow.
    guard (1...2).contains(input.shape.count),
      input.shape.allSatisfy({ 0...recordings.count ~= $0 }),
      input.shape.reduce(1, *) == recordings.count
    else { throw .shape }
    return recordings
  }

  private static func elements(
    _ input: Tensor, _ binary: ArraySlice<UInt8>
  ) throws(TensorError) -> [EncodedRecording] {
    if let size = input.binarySize { return try elements(binary, size: size) }
    guard let data = input.data else { throw .noData }
    return data.map { EncodedRecording(Base64Source(text: $0)) }
  }

  /// Each element follows its length, four bytes with the lowest first.
  private static func elements(
    _ binary: ArraySlice<UInt8>, size: Int
  ) throws(TensorError) -> [EncodedRecording] {
    guard size == binary.count else { throw .binarySize }
    var elements: [EncodedRecording] = []
    var rest = binary
    while !rest.isEmpty {
      guard rest.count >= 4 else { throw .binarySize }
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length <= rest.count else { throw .binarySize }
      // Elements without bytes would be as many as the body has room for.
      guard elements.count < InferenceProtocol.batchLimit else { throw .batch }
      elements.append(EncodedRecording(MemorySource(rest.prefix(length))))
      rest = rest.dropFirst(length)
    }
    return elements
  }

  private func answer(
    _ recordings: [EncodedRecording], by model: any SpeechRecognizing, _ context: ServiceContext,
    _ allowance: RequestAllowance
  ) throws -> JSON {
    guard Set(outputs).count == outputs.count else { throw TensorError.output }
    let predictions = try recordings.map { try context.predict($0, by: model, labels, allowance) }
    let scores = predictions.flatMap(\.scores)
    let count = predictions.count
    let all = [
      (
        "emotion",
        tensor("emotion", "BYTES", [count], predictions.map { .string($0.emotion ?? "") })
      ),
      (
        "confidence",
        tensor(
          "confidence", "FP32", [count],
          predictions.map { .float($0.confidence ?? 0) })
      ),
      (
        "probabilities",
        tensor(
          "probabilities", "FP32", [count, scores.count / count],
          scores.map { .float($0.probability) })
      ),
    ]
    let wanted = outputs.isEmpty ? all.map(\.0) : outputs
    return .object([
      "model_name": .string(model.identity.name),
      "id": id.map(JSON.string),
      "outputs": .array(
        try wanted.map { name in
          guard let output = all.first(where: { $0.0 == name }) else { throw TensorError.output }
          return output.1
        }),
    ])
  }
}

/// The JSON of an inference request and what follows it.
private struct InferenceBody {
  let json: ArraySlice<UInt8>
  let binary: ArraySlice<UInt8>

  init(_ request: Request) throws(TensorError) {
    guard let field = request.head.fields["Inference-Header-Content-Length"] else {
      json = request.body[...]
      binary = []
      return
    }
    guard let length = Int(field), (0...request.body.count).contains(length) else {
      throw .headerLength
    }
    json = request.body[..<length]
    binary = request.body[length...]
  }
}

/// What is wrong with the tensors of an inference request.
enum TensorError: String, Error {
  case input = "There must be one input."
  case datatype = "The input's datatype is BYTES."
  case noData = "The input has neither data nor binary_data_size."
  case base64 = "In JSON each element is a recording in base64."
  case binarySize = "The binary data is not as long as the request says."
  case batch = "Send 1 to 64 recordings at once."
  case shape = "The input's shape is not that of its data."
  case output = "The outputs are emotion, confidence and probabilities, each once."
  case headerLength = "Inference-Header-Content-Length is not a length within the body."
}
