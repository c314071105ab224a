import Recognition
import StrictJSON

/// A recording in JSON: `{"inputs": "<base64>", "parameters": {"top_k": 3}}`, the shape of Hugging Face's tasks.
///
/// `inputs` is the recording itself, never a path or a URL to follow.
struct JSONUpload {
  let recording: EncodedRecording
  private(set) var parameters: [(name: String, value: String)] = []

  /// Whether a body is JSON: no container of audio begins with a brace.
  static func begins(_ body: some Sequence<UInt8>) -> Bool {
    body.first { ![9, 10, 13, 32].contains($0) } == UInt8(ascii: "{")
  }

  init(_ body: ArraySlice<UInt8>) throws(JSONError) {
    var scanner = JSONScanner(body)
    var inputs: Base64Text?
    var parameters: [(name: String, value: String)] = []
    try scanner.object(["inputs", "parameters"], required: ["inputs"]) {
      (name, scanner) throws(JSONError) in
      if name == "inputs" {
        inputs = try scanner.base64()
      } else {
        parameters = try scanner.parameters()
      }
    }
    try scanner.finish()
    guard let inputs else { throw .member("inputs") }
    recording = EncodedRecording(Base64Source(text: inputs))
    self.parameters = parameters
  }
}

extension JSONScanner {
  /// Each as it would stand in a query; those that are null are left out. `top_k` is all of them then, as in
  /// transformers.
  fileprivate mutating func parameters() throws(JSONError) -> [(name: String, value: String)] {
    if try takesNull() { return [] }
    var values: [String: String] = [:]
    try members { (name, scanner) throws(JSONError) in
      let scalar = try scanner.scalar()
      guard let value = scalar.query ?? (name == "top_k" ? "all" : nil) else { return }
      guard values.updateValue(value, forKey: name) == nil else {
        // A name that is not known here is not repeated to anybody.
        throw .repeated(PredictionOptions.names.contains(name) ? name : "*")
      }
    }
    return values.map { ($0, $1) }.sorted { $0.name < $1.name }
  }
}

extension JSONScalar {
  /// nil for null. A number that a query would hardly hold stays what it is, and is refused there.
  fileprivate var query: String? {
    switch self {
    case .string(let text): text
    case .bool(let bool): "\(bool)"
    case .number(let text): Double(text).flatMap(Int.init(exactly:)).map(String.init) ?? text
    case .null: nil
    }
  }
}
