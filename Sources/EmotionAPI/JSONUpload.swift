import EmotionRecognition
import FoundationEssentials

/// A recording in JSON: `{"inputs": "<base64>", "parameters": {"top_k": 3}}`, the shape of Hugging Face's tasks.
///
/// `inputs` is the recording itself, never a path or a URL to follow.
struct JSONUpload {
  let recording: EncodedRecording
  let parameters: [(name: String, value: String)]

  /// Whether a body is JSON: no container of audio begins with a brace.
  static func begins(_ body: some Sequence<UInt8>) -> Bool {
    body.first { !isSpace($0) } == UInt8(ascii: "{")
  }

  init(_ body: [UInt8]) throws(UploadError) {
    let content: Content
    do { content = try JSONDecoder().decode(Content.self, from: Data(body)) } catch {
      throw .json(JSONProblem(error))
    }
    guard let bytes = decodedBase64(content.inputs) else { throw .json(.notBase64) }
    recording = EncodedRecording(bytes)
    parameters = (content.parameters ?? [:]).compactMap { name, value in
      value.text.map { (name, $0) }
    }.sorted { $0.name < $1.name }
  }

  private struct Content: Decodable {
    let inputs: String
    let parameters: [String: Scalar]?
  }
}

/// What is wrong with a JSON body.
enum JSONProblem: Error, Equatable {
  case syntax
  /// The member is missing or of another type.
  case member(String)
  case notBase64

  init(_ error: any Error) {
    switch error {
    case DecodingError.keyNotFound(let key, _): self = .member(key.stringValue)
    case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
      self = .member(context.codingPath.first?.stringValue ?? "")
    default: self = .syntax
    }
  }
}

/// A parameter's value, as it would stand in a query; nil for null.
private struct Scalar: Decodable {
  let text: String?

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      text = nil
    } else if let bool = try? container.decode(Bool.self) {
      text = "\(bool)"
    } else if let integer = try? container.decode(Int.self) {
      text = "\(integer)"
    } else if let number = try? container.decode(Double.self) {
      text = "\(number)"
    } else {
      text = try container.decode(String.self)
    }
  }
}

/// The bytes of base64 (RFC 4648, 4), which may be broken into lines.
func decodedBase64(_ text: String) -> [UInt8]? {
  let bytes = text.utf8.filter { !isSpace($0) }
  return Data(base64Encoded: Data(bytes)).map { Array($0) }
}

private func isSpace(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }
