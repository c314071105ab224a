import AudioCodecs
import AudioIO
import EmotionAPI
import Foundation
import HTTPServing
import TestSupport
import Testing

/// Five seconds, of which the first and the last are loud; each louder than the one before.
private func recording(rate: Int = 16_000) throws -> [UInt8] {
  let samples = (0..<5 * rate).map { n -> Float in
    let second = n / rate
    guard second != 2 && second != 3 else { return 0 }
    return 0.1 * Float(second + 1) * sin(Float(n % 100) / 100 * 2 * .pi)
  }
  return try Waveform(samples: samples, sampleRate: rate).wavFile(encoding: .pcm16)
}

private func items(_ text: String) throws -> [[String: Any]] {
  let answer = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
  return try #require(answer?["windows"] as? [[String: Any]])
}

@Suite("timelines over HTTP")
struct TimelineAnswerTests {
  @Test("windows have their times, and are labelled where somebody speaks")
  func windows() throws {
    let response = try respond(
      .post, "/predict?windows=true&window=1&hop=1", bytes: recording())
    #expect(response.status == .ok)
    let found = try items(response.text)
    #expect(found.map { $0["start"] as? Double } == [0, 1, 2, 3, 4])
    #expect(found.map { $0["end"] as? Double } == [1, 2, 3, 4, 5])
    #expect(found.map { $0["speech"] as? Bool } == [true, true, false, false, true])
    #expect(found[2]["emotion"] is NSNull && found[2]["probabilities"] is NSNull)
    #expect(found[4]["emotion"] as? String == "angry")
    // The mean of 0.1, 0.2 and 0.5.
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(response.content)) as? [String: Any])
    let probabilities = try #require(whole["probabilities"] as? [String: Double])
    #expect(abs((probabilities["angry"] ?? 0) - 0.8 / 3) < 1e-3)
    #expect((whole["audio"] as? [String: Any])?["duration"] as? Double == 5)
  }

  @Test("CSV has a line for each window, live or not; labels restrict them")
  func csv() throws {
    let bytes = try recording()
    let path = "/predict?windows=true&window=1&hop=1&labels=angry"
    let answer = try respond(.post, path, ["Accept": "text/csv"], bytes: bytes)
    #expect(answer.fields["X-Accel-Buffering"] == "no")
    let row = ",angry,1.0,1.0,,\r\n"
    #expect(
      answer.text
        == "file,start,end,emotion,confidence,angry,quality,problem\r\n,0.0,1.0\(row),1.0,2.0\(row)"
        + ",2.0,3.0,,,,no-speech,\r\n,3.0,4.0,,,,no-speech,\r\n,4.0,5.0\(row)")
    let body = Array(part("file", "").utf8.dropLast(2)) + bytes + Array("\r\n--b--\r\n".utf8)
    let whole = try respond(
      .post, path, ["Accept": "text/csv", "Content-Type": form], bytes: body)
    #expect(whole.text == answer.text.replacing("\r\n,", with: "\r\nx,"))
  }

  @Test("utterances are windows with speech, and have no length of their own")
  func utterances() throws {
    let response = try respond(.post, "/predict?segments=utterances", bytes: recording())
    #expect(response.status == .ok)
    let found = try items(response.text)
    #expect(!found.isEmpty && found.allSatisfy { $0["speech"] as? Bool == true })
    for query in ["segments=utterances&window=2", "segments=words", "segments=utterances&hop=1"] {
      let refused = try respond(.post, "/predict?\(query)", bytes: recording())
      #expect(refused.text.contains("#bad-parameter"))
    }
  }

  @Test("every way of sending has the same windows: raw, form, JSON")
  func ways() throws {
    let bytes = try recording()
    let expected = try respond(.post, "/predict?windows=true", bytes: bytes).text
    let body =
      Array("--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n".utf8) + bytes
      + Array("\r\n--b--\r\n".utf8)
    let multipart = try respond(
      .post, "/predict?windows=true", ["Content-Type": form], bytes: body)
    #expect(multipart.text == expected)
    let encoded = Data(bytes).base64EncodedString()
    let json = #"{"inputs":"\#(encoded)","parameters":{"windows":true}}"#
    #expect(try respond(.post, "/predict", body: json).text == expected)
    #expect(try respond(.post, "/predict?windows=true", body: json).text == expected)
  }

  @Test("JSON is held as a whole, and so may not be as long as what is read as it comes")
  func longJSON() throws {
    let body = "{" + String(repeating: " ", count: 300_000) + "}"
    #expect(try respond(.post, "/predict?windows=true", body: body).status == .contentTooLarge)
  }

  @Test("thresholds and top_k count for windows, too")
  func options() throws {
    let response = try respond(
      .post, "/predict?windows=true&window=1&hop=1&threshold=0.45&top_k=1", bytes: recording())
    let found = try items(response.text)
    #expect(found[0]["emotion"] is NSNull)
    #expect(found.allSatisfy { ($0["probabilities"] as? [String: Double])?.count ?? 1 == 1 })
    #expect(found[4]["emotion"] as? String == "angry")
  }

  @Test("what cannot be read is refused as ever; what goes wrong late is the last line")
  func failures() throws {
    let refused = try respond(.post, "/predict?windows=true", body: "no recording")
    #expect(refused.status == .badRequest)
    #expect(refused.text.contains("#not-audio"))
    let long = try Waveform(
      samples: [Float](repeating: 0.1, count: 16_000 * 61), sampleRate: 16_000
    ).wavFile(encoding: .pcm16)
    #expect(try respond(.post, "/predict?windows=true", bytes: long).status == .contentTooLarge)
    let lines = try respond(
      .post, "/predict?windows=true", ["Accept": "application/x-ndjson"], bytes: long
    ).text.split(separator: "\n")
    #expect(lines.count > 50)
    #expect(lines.last?.contains(#""type":"/openapi.yaml#too-long""#) == true)
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix(#"{"start":"#) })
  }

  @Test("a live upload is answered line by line, with the windows of the finished file")
  func live() throws {
    let bytes = try recording(rate: 44_100)
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    let server = try Server(
      configuration, router: EmotionService(recognizer: FakeRecognizer()).router(),
      queue: WorkQueue(workers: 2, capacity: 8))
    defer { server.stop() }
    let target = "/predict?windows=true&window=1&hop=0.5"
    let finished = try HTTPClient(port: server.port).exchange("POST", target, body: bytes).text
    let client = try HTTPClient(port: server.port)
    client.readsByChunk = true
    client.send("POST \(target) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    // A second and a half are there: the first window comes before the rest is sent.
    client.sendChunk(Array(bytes.prefix(132_300)))
    let reply = try client.reply()
    #expect(reply.status == 200)
    #expect(reply.fields["content-type"] == "application/x-ndjson")
    var text = String(decoding: try #require(try client.readChunk()), as: UTF8.self)
    #expect(text.hasPrefix(#"{"start":0.0,"end":1.0,"#))
    var rest = bytes.dropFirst(132_300)
    while !rest.isEmpty {
      client.sendChunk(Array(rest.prefix(10_007)))
      rest = rest.dropFirst(10_007)
    }
    client.sendChunk([])
    while let chunk = try client.readChunk() { text += String(decoding: chunk, as: UTF8.self) }
    let lines = text.split(separator: "\n").map(String.init)
    let windows = try #require(finished.firstRange(of: #""windows":["#))
    let list = finished[windows.upperBound...].prefix { $0 != "]" }
    #expect(lines.dropLast().joined(separator: ",") == list)
    #expect(lines.count == 10)
    #expect(finished.replacing(#""windows":[\#(list)],"#, with: "") == lines.last)
  }
}
