import AudioCodecs
import AudioIO
import EmotionAPI
import Foundation
import HTTPServing
import Hashing
import TestSupport
import Testing

/// Three seconds of a tone, as samples of 16 bits, little-endian.
private let samples = (0..<48_000).flatMap { n -> [UInt8] in
  let sample = Int16(8000 * sin(Double(n) / 8))
  return [UInt8(truncatingIfNeeded: sample), UInt8(truncatingIfNeeded: sample >> 8)]
}

private let pcm = "type=audio/pcm;rate=16000"

@Suite("recordings over a WebSocket")
struct LiveSocketTests {
  private func withServer(
    _ policies: [RequestPolicy] = [], _ body: (Int) throws -> Void
  ) throws {
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    let server = try Server(
      configuration,
      router: EmotionService(recognizer: FakeRecognizer()).router(policies: policies),
      queue: WorkQueue(workers: 2, capacity: 8))
    defer { server.stop() }
    try body(server.port)
  }

  /// The texts, and the code of the close, that answer these messages.
  private func answers(
    _ port: Int, _ query: String, _ messages: [(UInt8, [UInt8])]
  ) throws -> (texts: [String], code: Int?) {
    let client = try HTTPClient(port: port)
    #expect(try client.open("/live?" + query).status == 101)
    for (first, payload) in messages { client.sendFrame(first, payload) }
    var texts: [String] = []
    while true {
      let frame = try client.readFrame()
      guard frame.first == 0x81 else { return (texts, frame.closeCode) }
      texts.append(frame.text)
    }
  }

  private let end = (UInt8(0x81), Array(#"{"end": true}"#.utf8))

  @Test("the lines are those of a live answer over HTTP")
  func lines() throws {
    try withServer { port throws in
      let client = try HTTPClient(port: port)
      client.send(
        "POST /predict?windows=true&window=1&hop=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
          + "Content-Type: audio/pcm; rate=16000\r\n\r\n")
      client.sendChunk(samples)
      client.sendChunk([])
      let expected = try client.reply().text.split(separator: "\n").map(String.init)
      #expect(expected.count == 4)
      let pieces = stride(from: 0, to: samples.count, by: 5001).map {
        (UInt8(0x82), Array(samples[$0..<min(samples.count, $0 + 5001)]))
      }
      let (texts, code) = try answers(port, pcm + "&window=1&hop=1", pieces + [end])
      #expect(texts == expected)
      #expect(code == 1000)
    }
  }

  @Test("a line comes as soon as its window has, and a message of any length is taken")
  func soon() throws {
    try withServer { port throws in
      let client = try HTTPClient(port: port)
      _ = try client.open("/live?window=1&hop=1&" + pcm)
      client.sendFrame(0x82, Array(samples.prefix(40_000)))
      #expect(try client.readFrame().text.contains(#""start":0.0,"end":1.0"#))
      client.sendFrame(0x82, Array(samples.dropFirst(40_000)))
      #expect(try client.readFrame().text.contains(#""start":1.0,"end":2.0"#))
    }
  }

  @Test("a container is recognised by its bytes")
  func container() throws {
    let waveform = Waveform(samples: [Float](repeating: 0.1, count: 8000), sampleRate: 16_000)
    let wav = try waveform.wavFile(encoding: .pcm16)
    try withServer { port throws in
      let (texts, code) = try answers(port, "", [(0x82, wav), end])
      #expect(code == 1000)
      #expect(texts.last?.contains(#""format":"WAV/PCM_16""#) == true)
    }
  }

  @Test("what goes wrong is a text, and a code that goes with it")
  func problems() throws {
    try withServer { port throws in
      let noise = try answers(port, "", [(0x82, Array("no recording".utf8)), end])
      #expect(noise.texts.count == 1 && noise.texts[0].contains("#not-audio"))
      #expect(noise.code == 1007)
      let empty = try answers(port, "", [end])
      #expect(empty.texts.count == 1 && empty.texts[0].contains("The body is empty."))
      let unknown = try answers(port, pcm, [(0x82, samples), (0x81, Array("stop".utf8))])
      #expect(unknown.texts.last?.contains(#"{\"end\": true}"#) == true)
      #expect(unknown.code == 1003)
    }
  }

  @Test("a client that closes gets its goodbye, and no answer about the whole")
  func closing() throws {
    try withServer { port throws in
      let (texts, code) = try answers(
        port, pcm, [(0x82, Array(samples.prefix(1000))), (0x88, [3, 0xE9])])
      #expect(texts.isEmpty)
      #expect(code == 1001)
    }
  }

  @Test(
    "what could not be answered is refused before the socket is open",
    arguments: [
      ("type=audio/l16", 400), ("window=99", 400), ("rate=16000", 400), ("hop=0.01", 400),
      ("model=other", 404),
    ])
  func refusals(query: String, status: Int) throws {
    try withServer { port throws in
      #expect(try HTTPClient(port: port).open("/live?" + query).status == status)
      #expect(try HTTPClient(port: port).exchange("GET", "/live").status == 426)
    }
  }

  @Test(
    "a key comes as Authorization, or as a protocol behind the word bearer",
    arguments: [
      ("X: y", 401), ("Sec-WebSocket-Protocol: bearer, OTHER", 401),
      ("Sec-WebSocket-Protocol: KEY", 401), ("Sec-WebSocket-Protocol: bearer, KEY", 101),
      ("Authorization: Bearer KEY", 101),
    ])
  func keys(field: String, status: Int) throws {
    let hash = sha256(Array("KEY".utf8).span)
    try withServer([Reloadable(try APIKeys("team \(hash)")).policy]) { port throws in
      #expect(try HTTPClient(port: port).open("/live", [field]).status == status)
    }
  }
}
