import EmotionAPI
import HTTPServing
import TestSupport
import Testing

@Suite struct SocketTests {
  private func withClient(_ body: (HTTPClient) throws -> Void) throws {
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    let server = try Server(
      configuration,
      router: EmotionService(recognizer: FakeRecognizer()).router(),
      queue: WorkQueue(workers: 2, capacity: 8))
    defer { server.stop() }
    try body(HTTPClient(port: server.port))
  }

  @Test("a recording goes in raw, chunked or as a form, over one connection")
  func predict() throws {
    let audio = (0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let form =
      Array("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n".utf8)
      + audio + Array("\r\n--b--\r\n".utf8)
    try withClient { client in
      let raw = try client.exchange("POST", "/predict", body: audio)
      #expect(raw.status == 200)
      #expect(raw.text.contains(#""duration":1.042"#))
      let fields = ["Content-Type: multipart/form-data; boundary=b"]
      #expect(try client.exchange("POST", "/predict", fields, body: form).text == raw.text)
      client.send("POST /predict HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
      client.send(Array("C350\r\n".utf8) + audio + Array("\r\n0\r\n\r\n".utf8))
      #expect(try client.reply().text == raw.text)
      #expect(try client.exchange("HEAD", "/readyz").status == 200)
    }
  }

  @Test("what cannot be used is refused before it is sent")
  func refusals() throws {
    try withClient { client in
      client.send(
        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nExpect: 100-continue\r\n"
          + "Content-Length: 10\r\n\r\n")
      let reply = try client.reply()
      #expect(reply.status == 415)
      #expect(reply.fields["accept-encoding"] == "identity")
    }
  }

  @Test("JSON that is collected on the live path counts among all bodies, and is given back")
  func bodyMemory() throws {
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    configuration.maxBodyMemory = 200_000
    let server = try Server(
      configuration, router: EmotionService(recognizer: FakeRecognizer()).router(),
      queue: WorkQueue(workers: 2, capacity: 8))
    defer { server.stop() }
    func post(_ size: Int) throws -> HTTPClient.Reply {
      let body = "{\"inputs\":\"" + String(repeating: "A", count: size) + "\"}"
      return try HTTPClient(port: server.port)
        .exchange("POST", "/predict?windows=true", body: Array(body.utf8))
    }
    // Each fits, all together would not.
    for _ in 0..<4 { #expect(try post(120_000).text.contains("#not-audio")) }
    #expect(try post(240_000).status == 503)
    #expect(try post(120_000).text.contains("#not-audio"))
  }
}
