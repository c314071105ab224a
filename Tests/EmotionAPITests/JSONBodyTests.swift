import EmotionAPI
import Foundation
import HTTPServing
import Testing

/// JSON that is small as text and large as a tree: a body of about `size` bytes of each kind.
private func bomb(_ kind: String, _ size: Int) -> String {
  func filled(_ start: String, _ piece: String, _ end: String) -> String {
    start + String(repeating: piece, count: size / piece.utf8.count) + end
  }
  return switch kind {
  case "shape":
    filled(#"{"inputs":[{"name":"audio","datatype":"BYTES","data":[],"shape":["#, "1,", "1]}]}")
  case "tensors":
    filled(
      #"{"inputs":["#, #"{"name":"","datatype":"","shape":[]},"#,
      #"{"name":"","datatype":"","shape":[]}]}"#)
  case "data":
    filled(
      #"{"inputs":[{"name":"audio","datatype":"BYTES","shape":[1],"data":["#, "\"\",", "\"\"]}]}")
  case "parameters": filled(#"{"inputs":"","parameters":{"#, #""a":"x","#, #""b":"x"}}"#)
  case "numbers": filled(#"{"inputs":"","a":["#, "1,", "1]}")
  case "number": filled(#"{"inputs":"","a":"#, "1", "}")
  case "objects": filled(#"{"inputs":"","a":["#, "{},", "1]}")
  case "name": filled("{\"", "a", #"":1,"inputs":"QQ=="}"#)
  case "space": filled("{", " ", #""inputs":"QQ=="}"#)
  case "spaceBehind": filled(#"{"inputs":"QQ=="}"#, " ", "")
  case "gap": filled(#"{"inputs":"QQ"#, #"\n"#, #"=="}"#)
  default: filled(#"{"inputs":"","a":"#, "[", "}")
  }
}

private let kinds = [
  "shape", "tensors", "data", "parameters", "numbers", "number", "objects", "name", "space",
  "spaceBehind", "gap", "deep",
]

@Suite("JSON that is not what it seems")
struct JSONBodyTests {
  @Test("text that would be a large tree is refused on every way in", arguments: kinds)
  func bombs(kind: String) throws {
    let body = bomb(kind, 100_000)
    for path in ["/predict", "/predict?windows=true", "/audio-classification"] {
      let response = try respond(.post, path, body: body)
      #expect(response.status == .badRequest)
      #expect(response.text.contains("#malformed-json"), "\(path): \(response.text)")
    }
    let inference = try respond(.post, "/v2/models/fake/infer", body: body)
    #expect(inference.status == .badRequest)
    #expect(inference.text.hasPrefix(#"{"error":""#))
  }

  @Test(
    "what is refused is named, with its place",
    arguments: [
      (#"{"inputs":"QQ=="]"#, "It is not valid JSON at byte 16."),
      (#"{"inputs":3}"#, "Its member inputs is missing or of another type."),
      (#"{"parameters":{}}"#, "Its member inputs is missing or of another type."),
      (
        #"{"inputs":"QQ==","parameters":[]}"#,
        "Its member parameters is missing or of another type."
      ),
      (#"{"inputs":"QQ==","inputs":"QQ=="}"#, "Its member inputs stands twice."),
      (
        #"{"inputs":"QQ==","parameters":{"top_k":1,"top_k":2}}"#,
        "Its member parameters.top_k stands twice."
      ),
      (
        #"{"inputs":"QQ==","parameters":{"secret":1,"secret":2}}"#,
        "Its member parameters.* stands twice."
      ),
      (#"{"inputs":"QQ==","x":"\ud800"}"#, "The string near byte 22 is not valid UTF-8."),
      (#"{"inputs":"clip.wav"}"#, "Its member inputs is not a recording in base64."),
    ])
  func details(body: String, detail: String) throws {
    let response = try respond(.post, "/predict", body: body)
    #expect(response.status == .badRequest)
    #expect(response.text.contains(detail), "\(response.text)")
  }

  @Test("a tensor's member is named with its path; an output may be asked for once")
  func tensorDetails() throws {
    let start = #"{"inputs":[{"name":"audio","datatype":"BYTES","data":["QQ=="],"shape":"#
    let shape = try respond(.post, "/v2/models/fake/infer", body: start + #"["1"]}]}"#)
    #expect(shape.text.contains("Its member inputs.shape is missing or of another type."))
    let twice = #"[1]}],"outputs":[{"name":"confidence"},{"name":"confidence"}]}"#
    let outputs = try respond(.post, "/v2/models/fake/infer", body: start + twice)
    #expect(outputs.text.contains("each once"))
  }

  @Test("members that are unknown may be anything, and the known ones stand in any order")
  func unknownMembers() throws {
    let expected = try respond(.post, "/predict?top_k=1", body: "12345678").text
    let body =
      #"{"x":[{"inputs":[1e999,"\ud83d\ude00",{}]}],"parameters":{"top_k":1.0,"y":null},"x":1,"#
      + #""in\u0070uts":"MTIz\nNDU2\/\/8=","é":0}"#
    #expect(try respond(.post, "/predict", body: body).status == .ok)
    let same = body.replacing(#"MTIz\nNDU2\/\/8="#, with: "MTIz\\r\\nNDU2\\u004Ezg=")
    #expect(try respond(.post, "/predict", body: same).text == expected)
  }

  @Test("parts of a batch in binary data may be empty, and no more than 64")
  func emptyElements() throws {
    let count = 1000
    let json =
      #"{"inputs":[{"name":"audio","shape":[\#(count)],"datatype":"BYTES","parameters":{"binary_data_size":\#(4 * count)}}]}"#
    let response = try respond(
      .post, "/v2/models/fake/infer", ["Inference-Header-Content-Length": "\(json.utf8.count)"],
      bytes: Array(json.utf8) + [UInt8](repeating: 0, count: 4 * count))
    #expect(response.status == .badRequest)
    #expect(response.text.contains("Send 1 to 64 recordings at once."))
  }
}
