import AudioIO
import EmotionAPI
import Features
import Foundation
import HTTPServing
import Recognition
import Testing

private func json(_ inputs: String, _ parameters: String = "{}") -> String {
  #"{"inputs": "\#(inputs)", "parameters": \#(parameters)}"#
}

private func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

private func object(_ response: Response) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(response.content)) as? [String: Any])
}

@Suite("ways of sending a recording")
struct UploadTests {
  @Test(
    "JSON with base64 is answered as the bytes are, whatever Content-Type says",
    arguments: ["application/json", "application/x-www-form-urlencoded", "audio/wav"])
  func base64(type: String) throws {
    let expected = try respond(.post, "/predict", body: "12345678").text
    let plain = try respond(
      .post, "/predict", ["Content-Type": type], body: json(EmotionAPITests.base64("12345678")))
    #expect(plain.text == expected)
    let wrapped = try respond(.post, "/predict", body: " \n" + json("MTIzNDU2\\r\\nNzg="))
    #expect(wrapped.text == expected)
  }

  @Test("parameters in JSON mean what they mean in the query")
  func parameters() throws {
    let body = json(
      EmotionAPITests.base64("12345678"), #"{"top_k": 1, "threshold": 0.6, "x": null}"#)
    let response = try object(respond(.post, "/predict", body: body))
    #expect(response["emotion"] is NSNull)
    #expect(response["confidence"] as? Double == 0.5)
    #expect(response["probabilities"] as? [String: Double] == ["angry": 0.5])
    let query = try respond(.post, "/predict?top_k=1&threshold=0.6", body: "12345678")
    #expect(try respond(.post, "/predict", body: body).text == query.text)
  }

  @Test(
    "JSON that holds no recording is refused; what is a path or a URL is not followed",
    arguments: [
      "{", "{}", #"{"inputs": 3}"#, #"{"inputs": null}"#, #"{"inputs": ["AAAA"]}"#,
      #"{"inputs": "https://example.com/a.wav"}"#, #"{"inputs": "/etc/passwd!"}"#,
      #"{"inputs": "AAAA", "parameters": 3}"#, #"{"inputs": "AAAA", "parameters": {"top_k": []}}"#,
    ])
  func badJSON(body: String) throws {
    for path in ["/predict", "/predict?windows=true", "/audio-classification"] {
      let response = try respond(.post, path, body: body)
      #expect(response.status == .badRequest, "\(path)")
      #expect(response.text.contains("#malformed-json"), "\(path) \(response.text)")
    }
  }

  @Test("of several files each has its own result or problem, in their order")
  func manyFiles() throws {
    let body = part("file", "12345678") + part("other", "x") + part("file", "bad") + "--b--\r\n"
    let response = try respond(
      .post, "/predict?top_k=1", ["Content-Type": form], body: body,
      failures: ["bad": .features(.silent)])
    #expect(response.status == .ok)
    let items = try #require(
      try JSONSerialization.jsonObject(with: Data(response.content)) as? [[String: Any]])
    #expect(items.count == 2)
    #expect(items[0]["emotion"] as? String == "angry")
    #expect(items[1]["status"] as? Int == 422)
    #expect(items[1]["type"] as? String == "/openapi.yaml#silent")
  }

  @Test("headerless samples are taken when Content-Type describes them")
  func raw() throws {
    let response = try object(
      respond(
        .post, "/predict", ["Content-Type": "audio/L16; rate=16000; channels=1"], body: "{\"a\": 1}"
      ))
    let audio = try #require(response["audio"] as? [String: Any])
    #expect(audio["format"] as? String == "RAW")
    #expect(audio["sampleRate"] as? Int == 16_000)
    for type in [
      "audio/L16", "audio/l16; rate=x", "audio/L16; rate=0", "audio/L16; rate=8000; channels=0",
      "audio/L16; rate=8000; endianness=middle", "audio/L24", "audio/pcm",
      "audio/pcm; rate=8000; bits=12",
      "audio/L16; rate=8000; bits=24", "audio/PCMU; rate=0", "audio/PCMA; bits=16",
    ] {
      let refused = try respond(.post, "/predict", ["Content-Type": type], body: "1234")
      #expect(refused.status == .badRequest)
      #expect(refused.text.contains("#raw-format"))
    }
  }

  @Test(
    "raw types are read as they say",
    arguments: [
      RawBody("audio/basic", [0xA0], "RAW/ULAW", rate: 8000),
      RawBody("audio/PCMU", [0xA0], "RAW/ULAW", rate: 8000),
      RawBody(
        "audio/pcmu;rate=16000;channels=2", [0xA0], "RAW/ULAW", rate: 16_000, channels: 2),
      RawBody("audio/PCMA", [0x8A], "RAW/ALAW", rate: 8000),
      RawBody("audio/L16; rate=16000", [0x20, 0], "RAW/PCM_16", rate: 16_000),
      RawBody(
        "audio/L16; rate=8000; endianness=little-endian", [0, 0x20], "RAW/PCM_16", rate: 8000),
      RawBody("audio/L24; rate=48000", [0x20, 0, 0], "RAW/PCM_24", rate: 48_000),
      RawBody("audio/pcm; rate=16000", [0, 0x20], "RAW/PCM_16", rate: 16_000),
      RawBody("audio/pcm; rate=8000; endianness=big-endian", [0x20, 0], "RAW/PCM_16", rate: 8000),
      RawBody("audio/pcm; rate=8000; bits=24", [0, 0, 0x20], "RAW/PCM_24", rate: 8000),
      RawBody(
        "audio/pcm; rate=8000; bits=32; channels=2", [0, 0, 0, 0x20], "RAW/PCM_32", rate: 8000,
        channels: 2),
    ])
  func rawTypes(_ raw: RawBody) throws {
    let bytes = [[UInt8]](repeating: raw.sample, count: 2 * raw.rate * raw.channels).flatMap(\.self)
    let response = try object(
      respond(.post, "/predict?windows=true", ["Content-Type": raw.type], bytes: bytes))
    let audio = try #require(response["audio"] as? [String: Any])
    #expect(audio["format"] as? String == raw.format)
    #expect(audio["sampleRate"] as? Int == raw.rate)
    #expect(audio["channels"] as? Int == raw.channels)
    #expect(audio["duration"] as? Double == 2)
    // How loud it is, says the recognizer; resampling rings where it begins.
    let probabilities = try #require(response["probabilities"] as? [String: Double])
    #expect(abs((probabilities["angry"] ?? 0) - 0.25) < 0.05)
  }

  @Test("an AU file has a header, though its type is audio/basic")
  func basicFile() throws {
    let file: [UInt8] =
      Array(".snd".utf8) + [0, 0, 0, 24, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 3]
      + [0, 0, 0x3E, 0x80, 0, 0, 0, 1] + [UInt8](repeating: 0x20, count: 64_000)
    let response = try object(
      respond(.post, "/predict?windows=true", ["Content-Type": "audio/basic"], bytes: file))
    let audio = try #require(response["audio"] as? [String: Any])
    #expect(audio["format"] as? String == "AU/PCM_16")
  }

  @Test(
    "a parameter that is unknown or makes no sense is refused before the body is read",
    arguments: [
      "treshold=0.5", "threshold=1.1", "threshold=nan", "threshold=", "top_k=0", "top_k=1.5",
      "windows=maybe", "window=3", "windows=true&window=0", "windows=true&window=31",
      "windows=true&hop=5", "windows=true&window=10&hop=0.5", "windows=false&hop=1",
      "function_to_apply=relu", "labels=", "labels=,",
    ])
  func badParameters(query: String) throws {
    let response = try respond(.post, "/predict?\(query)", body: nil)
    #expect(response.status == .badRequest)
    #expect(response.text.contains("#bad-parameter"))
  }

  @Test("no emotion is named below the threshold, and its probability is told all the same")
  func threshold() throws {
    #expect(
      try respond(.post, "/predict?threshold=0.5", body: "1").text.contains(#""emotion":"angry""#))
    let unsure = try respond(.post, "/predict?threshold=0.51", body: "1").text
    #expect(unsure.hasPrefix(#"{"emotion":null,"confidence":0.5,"probabilities":{"neutral":0.25,"#))
  }

  @Test(
    "a body that is no recording is told how one is sent",
    arguments: [
      ("application/x-www-form-urlencoded", "--data-binary"), ("audio/wav", "audio/L16"),
      ("application/octet-stream", "MP3."),
    ])
  func sendingHints(type: String, hint: String) throws {
    let failures: [String: RecognitionError] = [
      "x": .audio(.unrecognized), "y": .audio(.tooLong(maximum: 9)),
    ]
    let answer = try respond(
      .post, "/predict", ["Content-Type": type], body: "x", failures: failures)
    #expect(answer.status == .badRequest && answer.text.contains(hint), "\(answer.text)")
    let long = try respond(
      .post, "/predict", ["Content-Type": type], body: "y", failures: failures
    ).text
    #expect(long.contains("Send at most 9.0 s. With windows=true it may be longer."), "\(long)")
  }

  @Test("notes on quality stand in the answer")
  func quality() throws {
    #expect(
      try respond(.post, "/predict", body: "1234").text.contains(#""quality":["short","noisy"]"#))
  }

  @Test("where nobody speaks no emotion is named, and the probabilities are told all the same")
  func noSpeech() throws {
    let answer = try respond(.post, "/predict", body: "a dial tone").text
    #expect(answer.hasPrefix(#"{"emotion":null,"confidence":null,"probabilities":{"neutral":"#))
    #expect(answer.contains(#""quality":["no-speech"]"#))
    let labels = try respond(.post, "/audio-classification", body: "a dial tone")
    #expect(labels.fields["X-Speech"] == "false" && labels.text.hasPrefix(#"[{"label":"angry""#))
    #expect(try respond(.post, "/audio-classification", body: "12").fields["X-Speech"] == nil)
  }

  @Test("Hugging Face's task has its own answer, sorted and cut to top_k")
  func audioClassification() throws {
    let all =
      #"[{"label":"angry","score":0.5},{"label":"neutral","score":0.25},{"label":"calm","score":0.25}]"#
    #expect(try respond(.post, "/audio-classification", body: "12").text == all)
    let body = json(EmotionAPITests.base64("12"), #"{"top_k": 1, "function_to_apply": "softmax"}"#)
    #expect(
      try respond(.post, "/audio-classification", body: body).text
        == #"[{"label":"angry","score":0.5}]"#)
    #expect(
      try respond(.post, "/audio-classification?windows=true", body: "12").status == .badRequest)
    let two = part("file", "1") + part("file", "2") + "--b--\r\n"
    #expect(
      try respond(.post, "/audio-classification", ["Content-Type": form], body: two).status
        == .badRequest)
  }

  @Test("the model card is served as JSON")
  func card() throws {
    let card = try object(respond(.get, "/model"))
    #expect(card["name"] as? String == "fake")
    #expect(card["labels"] as? [String] == ["neutral", "angry", "calm"])
    let members = card["members"] as? [[String: Any]]
    #expect(members?.count == 1 && members?[0]["name"] as? String == "main")
    #expect(members?[0]["weight"] as? Double == 0.3 && members?[0]["parameters"] as? Int == 7)
    #expect(members?[0]["features"] as? [String: Int] == ["hop": 160])
    #expect(card["parameters"] as? Int == 7)
  }
}

/// Samples without a header that are all the same.
struct RawBody: Sendable, CustomTestStringConvertible {
  var type: String
  var sample: [UInt8]
  var format: String
  var rate: Int
  var channels: Int

  init(
    _ type: String, _ sample: [UInt8], _ format: String, rate: Int, channels: Int = 1
  ) {
    (self.type, self.sample, self.format) = (type, sample, format)
    (self.rate, self.channels) = (rate, channels)
  }

  var testDescription: String { type }
}
