import EmotionRecognition
import FoundationEssentials
import HTTPServing

/// The body of an inference request of the Open Inference Protocol.
struct InferenceRequest: Decodable {
  let id: String?
  let inputs: [Tensor]
  let outputs: [Output]?

  struct Tensor: Decodable {
    let name: String
    let shape: [Int]
    let datatype: String
    let parameters: Parameters?
    /// BYTES have no form in JSON: each recording is written as base64.
    let data: [String]?

    struct Parameters: Decodable {
      /// The tensor's bytes follow the JSON.
      let binarySize: Int?

      enum CodingKeys: String, CodingKey { case binarySize = "binary_data_size" }
    }
  }

  struct Output: Decodable {
    let name: String
  }

  static func answer(
    _ request: Request, by model: any SpeechRecognizing, _ context: ServiceContext
  ) -> Response {
    do {
      let body = try InferenceBody(request)
      let content: InferenceRequest
      do { content = try JSONDecoder().decode(Self.self, from: Data(body.json)) } catch {
        throw UploadError.json(JSONProblem(error))
      }
      return try content.answer(content.recordings(body.binary), by: model, context).response()
    } catch {
      let problem = problem(error)
      return failure(
        problem.status, [problem.title, problem.detail].compactMap(\.self).joined(separator: ". "))
    }
  }

  /// The recordings in the one input there must be.
  private func recordings(_ binary: ArraySlice<UInt8>) throws(TensorError) -> [EncodedRecording] {
    guard inputs.count == 1, let input = inputs.first, input.name == "audio" else { throw .input }
    guard input.datatype == "BYTES" else { throw .datatype }
    let recordings = try Self.elements(input, binary)
    guard (1...InferenceProtocol.batchLimit).contains(recordings.count) else { throw .batch }
    // Checked before it is multiplied: numbers from outside may overflow.
    guard (1...2).contains(input.shape.count),
      input.shape.allSatisfy({ 0...recordings.count ~= $0 }),
      input.shape.reduce(1, *) == recordings.count
    else { throw .shape }
    return recordings.map { EncodedRecording($0) }
  }

  private static func elements(
    _ input: Tensor, _ binary: ArraySlice<UInt8>
  ) throws(TensorError) -> [[UInt8]] {
    guard let size = input.parameters?.binarySize else { return try elements(input.data) }
    return try elements(binary, size: size)
  }

  private static func elements(_ data: [String]?) throws(TensorError) -> [[UInt8]] {
    guard let data else { throw .noData }
    var elements: [[UInt8]] = []
    for text in data {
      guard let bytes = decodedBase64(text) else { throw .base64 }
      elements.append(bytes)
    }
    return elements
  }

  /// Each element follows its length, four bytes with the lowest first.
  private static func elements(
    _ binary: ArraySlice<UInt8>, size: Int
  ) throws(TensorError) -> [[UInt8]] {
    guard size == binary.count else { throw .binarySize }
    var elements: [[UInt8]] = []
    var rest = binary
    while !rest.isEmpty {
      guard rest.count >= 4 else { throw .binarySize }
      let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length <= rest.count else { throw .binarySize }
      elements.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    return elements
  }

  private func answer(
    _ recordings: [EncodedRecording], by model: any SpeechRecognizing, _ context: ServiceContext
  ) throws -> JSON {
    let predictions = try recordings.map { try context.predict($0, by: model) }
    let scores = predictions.flatMap(\.scores)
    let count = predictions.count
    let all = [
      ("emotion", tensor("emotion", "BYTES", [count], predictions.map { .string($0.emotion) })),
      (
        "confidence",
        tensor("confidence", "FP32", [count], predictions.map { .float($0.confidence) })
      ),
      (
        "probabilities",
        tensor(
          "probabilities", "FP32", [count, scores.count / count],
          scores.map { .float($0.probability) })
      ),
    ]
    let wanted = outputs.flatMap { $0.isEmpty ? nil : $0.map(\.name) } ?? all.map(\.0)
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
  case input = "There must be one input, named audio."
  case datatype = "The datatype of audio is BYTES."
  case noData = "The input has neither data nor binary_data_size."
  case base64 = "In JSON each element of audio is a recording in base64."
  case binarySize = "The binary data is not as long as the request says."
  case batch = "Send 1 to 64 recordings at once."
  case shape = "The shape of audio is not that of its data."
  case output = "The outputs are emotion, confidence and probabilities."
  case headerLength = "Inference-Header-Content-Length is not a length within the body."
}
