import EmotionAPI
import Foundation
import HTTPServing
import Testing

private func infer(_ json: String, binary: [UInt8] = [], header: Bool = false) throws -> Response {
  let path = "/v2/models/fake/infer"
  let body = Array(json.utf8) + binary
  guard header else { return try respond(.post, path, bytes: body) }
  return try respond(
    .post, path, ["Inference-Header-Content-Length": "\(json.utf8.count)"], bytes: body)
}

private func request(
  name: String = "audio", shape: String = "[1]", type: String = "BYTES", rest: String,
  after: String = ""
) -> String {
  #"{"id":"7","inputs":[{"name":"\#(name)","shape":\#(shape),"datatype":"\#(type)",\#(rest)}]\#(after)}"#
}

@Suite("the Open Inference Protocol")
struct InferenceProtocolTests {
  private let answer =
    #"{"model_name":"fake","id":"7","outputs":["#
    + #"{"name":"emotion","datatype":"BYTES","shape":[1],"data":["angry"]},"#
    + #"{"name":"confidence","datatype":"FP32","shape":[1],"data":[0.5]},"#
    + #"{"name":"probabilities","datatype":"FP32","shape":[1,3],"data":[0.25,0.5,0.25]}]}"#

  @Test("a recording comes as base64 in JSON, or as binary data behind it")
  func ways() throws {
    #expect(try infer(request(rest: #""data":["AAAA"]"#)).text == answer)
    let binary: [UInt8] = [3, 0, 0, 0, 0, 0, 0]
    let response = try infer(
      request(rest: #""parameters":{"binary_data_size":7}"#), binary: binary, header: true)
    #expect(response.text == answer)
  }

  @Test("where nobody speaks the emotion is empty and the confidence 0")
  func noSpeech() throws {
    // "a dial tone"
    let answer = try infer(request(rest: #""data":["YSBkaWFsIHRvbmU="]"#)).text
    #expect(answer.contains(#""shape":[1],"data":[""]},"#) && answer.contains(#""data":[0.0]},"#))
    #expect(answer.hasSuffix(#""data":[0.25,0.5,0.25]}]}"#))
  }

  @Test("several recordings are one request; only the outputs asked for come")
  func batches() throws {
    let response = try infer(
      request(
        shape: "[2,1]", rest: #""data":["AAAA","AAAAAAAA"]"#,
        after: #","outputs":[{"name":"confidence"}]"#))
    #expect(response.text.hasSuffix(#""shape":[2],"data":[0.5,0.5]}]}"#))
    #expect(!response.text.contains("probabilities"))
  }

  @Test(
    "what is not as the protocol says is refused in its words",
    arguments: [
      "", "{}", "[]",
      request(type: "FP32", rest: #""data":["AAAA"]"#), request(rest: #""data":["!"]"#),
      request(rest: #""data":[[1]]"#), request(rest: #""x":1"#),
      request(shape: "[2]", rest: #""data":["AAAA"]"#),
      request(shape: "[-1]", rest: #""data":["AAAA"]"#),
      request(
        shape: "[9000000000000000000,9000000000000000000]", rest: #""data":["AAAA"]"#),
      request(shape: "[]", rest: #""data":["AAAA"]"#), request(shape: "[0]", rest: #""data":[]"#),
      request(rest: #""parameters":{"binary_data_size":7}"#),
      request(rest: #""parameters":{"binary_data_size":-1}"#),
      request(rest: #""data":["AAAA"]"#, after: #","outputs":[{"name":"x"}]"#),
    ])
  func refusals(json: String) throws {
    let response = try infer(json)
    #expect(response.status == .badRequest)
    #expect(response.text.hasPrefix(#"{"error":""#))
  }

  @Test("lengths in binary data that do not add up are refused")
  func binaryLengths() throws {
    for bytes: [UInt8] in [[3, 0, 0, 0, 1], [255, 255, 255, 255, 1], [1, 0, 0]] {
      let json = request(rest: #""parameters":{"binary_data_size":\#(bytes.count)}"#)
      #expect(try infer(json, binary: bytes, header: true).status == .badRequest)
    }
    let response = try respond(
      .post, "/v2/models/fake/infer", ["Inference-Header-Content-Length": "99"], body: "{}")
    #expect(response.status == .badRequest)
  }

  @Test("server and model say what they are and whether they are ready")
  func metadata() throws {
    #expect(try respond(.get, "/v2").text.contains("binary_tensor_data"))
    #expect(try respond(.get, "/v2/health/live").text == #"{"live":true}"#)
    #expect(try respond(.get, "/v2/models/fake").text.contains(#""shape":[-1,3]"#))
    for path in ["/v2/health/ready", "/v2/models/fake/ready"] {
      #expect(try respond(.get, path).text == #"{"ready":true}"#)
      var full = ServerLoad()
      full.queued = 1
      #expect(try respond(.get, path, load: full).status == .serviceUnavailable)
    }
    for path in ["/v2/models/other", "/v2/models/other/ready"] {
      #expect(try respond(.get, path).status == .notFound)
    }
    #expect(try respond(.post, "/v2/models/other/infer", body: "{}").status == .notFound)
  }
}
