import EmotionAPI
import Features
import Foundation
import HTTPServing
import Recognition
import Testing

private func named(_ name: String, _ content: String) -> String {
  part("file", content).replacingOccurrences(of: "filename=\"x\"", with: "filename=\"\(name)\"")
}

private func object(_ response: Response) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(response.content)) as? [String: Any])
}

@Suite("what is asked of an answer")
struct AnswerFormTests {
  @Test("labels restrict the answer and share out its probability, on every route")
  func labels() throws {
    let answer = try respond(.post, "/predict?labels=calm,neutral", body: "12345678").text
    #expect(
      answer.hasPrefix(
        #"{"emotion":"neutral","confidence":0.5,"probabilities":{"neutral":0.5,"calm":0.5},"#))
    let json = #"{"inputs":"MTIzNDU2Nzg=","parameters":{"labels":"calm,neutral"}}"#
    #expect(try respond(.post, "/predict", body: json).text == answer)
    #expect(
      try respond(.post, "/audio-classification?labels=angry,calm", body: "12345678").text
        == #"[{"label":"angry","score":0.666667},{"label":"calm","score":0.333333}]"#)
    let infer =
      #"{"inputs":[{"name":"x","shape":[1],"datatype":"BYTES","data":["AAAA"]}],"parameters":{"labels":"angry","other":1}}"#
    let tensors = try respond(.post, "/v2/models/fake/infer", body: infer).text
    #expect(tensors.contains(#""shape":[1,1],"data":[1.0]"#), "\(tensors)")
  }

  @Test(
    "a label that the model does not know is refused with those that it does",
    arguments: ["/predict", "/predict?windows=true", "/audio-classification"])
  func unknownLabels(path: String) throws {
    let separator = path.contains("?") ? "&" : "?"
    let json = #"{"inputs":"MTIzNDU2Nzg=","parameters":{"labels":"angry,glad"}}"#
    for refused in [
      try respond(.post, path + separator + "labels=angry,glad", body: "12345678"),
      try respond(.post, path, body: json),
    ] {
      #expect(refused.status == .badRequest)
      #expect(refused.text.contains("neutral, angry, calm") && refused.text.contains("#bad-param"))
    }
  }

  @Test("the functions of Hugging Face's task are answered from logits that sum to zero")
  func functions() throws {
    let path = "/audio-classification?top_k=all&function_to_apply="
    // ln 2 is between the logits.
    let none = try respond(.post, path + "none", body: "12345678").text
    #expect(
      none
        == #"[{"label":"angry","score":0.462098},{"label":"neutral","score":-0.231049},{"label":"calm","score":-0.231049}]"#
    )
    let sigmoid = try respond(.post, path + "sigmoid", body: "12345678").text
    #expect(sigmoid.hasPrefix(#"[{"label":"angry","score":0.613512},"#), "\(sigmoid)")
    let predict = try object(
      respond(.post, "/predict?function_to_apply=none&top_k=1", body: "12345678"))
    #expect(predict["scores"] as? [String: Double] == ["angry": 0.462098])
    #expect(predict["probabilities"] as? [String: Double] == ["angry": 0.5])
  }

  @Test("top_k of null is all of them, as in transformers")
  func all() throws {
    let json = #"{"inputs":"MTIzNDU2Nzg=","parameters":{"top_k":null}}"#
    let answer = try respond(.post, "/audio-classification", body: json).text
    #expect(answer.components(separatedBy: "label").count == 4)
    let predict = try respond(.post, "/predict", body: json).text
    #expect(predict.contains(#""probabilities":{"angry":0.5,"neutral":0.25,"calm":0.25}"#))
  }

  @Test(
    "Accept is weighed",
    arguments: [
      ("text/csv", "text/csv"), ("text/html, TEXT/CSV;q=0.5, */*;q=0.8", "text/csv"),
      ("text/csv;q=0.2, application/json", "application/json"), ("*/*", "application/json"),
      ("text/csv;q=0", "application/json"), ("text/csv, application/json", "text/csv"),
      ("application/x-ndjson", "application/x-ndjson"),
    ])
  func accept(fields: String, type: String) throws {
    let answer = try respond(.post, "/predict", ["Accept": fields], body: "12345678")
    #expect(answer.fields["Content-Type"]?.hasPrefix(type) == true)
  }

  @Test("CSV has a header and a line for each file, with its name or its problem")
  func csv() throws {
    let body =
      named("a, b.wav", "12345678") + named("=SUM(1).wav", "a dial tone") + named("c.wav", "bad")
      + "--b--\r\n"
    let answer = try respond(
      .post, "/predict", ["Content-Type": form, "Accept": "text/csv"], body: body,
      failures: ["bad": .features(.silent)])
    #expect(answer.fields["Content-Type"] == "text/csv; charset=utf-8; header=present")
    #expect(
      answer.text
        == "file,emotion,confidence,neutral,angry,calm,quality,problem\r\n"
        + "\"a, b.wav\",angry,0.5,0.25,0.5,0.25,,\r\n"
        + "'=SUM(1).wav,,,0.25,0.5,0.25,no-speech,\r\n"
        + "c.wav,,,,,,,The recording is silent. Nothing in it is louder than the quietest speech.\r\n"
    )
  }

  @Test("a problem with the only file is the answer's status, whatever its form")
  func single() throws {
    for form in ["text/csv", "application/x-ndjson", "application/json"] {
      let answer = try respond(
        .post, "/predict", ["Accept": form], body: "bad", failures: ["bad": .features(.silent)])
      #expect(answer.status == .unprocessableContent)
    }
  }

  @Test("files of a form come back with their names, in an array and in lines")
  func names() throws {
    let body = named("%22a%22.wav", "12345678") + named("b\u{202E}\t.wav", "bad") + "--b--\r\n"
    let array = try respond(
      .post, "/predict", ["Content-Type": form], body: body,
      failures: ["bad": .features(.silent)]
    ).text
    #expect(array.hasPrefix(#"[{"file":"\"a\".wav","emotion":"angry""#))
    #expect(array.contains("{\"file\":\"b\u{FFFD}\u{FFFD}.wav\",\"type\":"))
    let lines = try respond(
      .post, "/predict", ["Content-Type": form, "Accept": "application/x-ndjson"], body: body,
      failures: ["bad": .features(.silent)]
    ).text
    #expect("[" + lines.dropLast().replacing("\n", with: ",") + "]" == array)
  }
}
