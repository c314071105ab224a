import HTTPServing
import TestSupport
import Testing

private func guarded(_ header: Int = 4096) -> FramingGuard {
  FramingGuard(limits: FramingLimits(header: header))
}

/// What goes on of the bytes when they come in pieces of so many.
private func outcome(
  _ text: String, by step: Int, _ framing: FramingGuard
) -> (passed: String, framing: FramingGuard) {
  var framing = framing
  var passed: [UInt8] = []
  let bytes = Array(text.utf8)
  for start in stride(from: 0, to: bytes.count, by: step) {
    passed += framing.feed(Array(bytes[start..<min(bytes.count, start + step)]))
  }
  return (String(decoding: passed, as: UTF8.self), framing)
}

private let start = "POST /p HTTP/1.1\r\nHost: x\r\n"
private let chunked = start + "Transfer-Encoding: chunked\r\n\r\n"
private let steps = [1, 2, 3, 7, 64, 100_000]

/// Requests that are passed on byte for byte, alone and one after the other.
private let clean = [
  "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET / HTTP/1.0\r\n\r\n",
  "GET /a?b=c&d HTTP/1.1\r\nhOST:\t[::1]:80 \r\nX: \u{e9}\t~\r\nEmpty:\r\n\r\n",
  "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
  "GET http://x/y HTTP/1.1\r\nHost: x\r\n\r\n",
  "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
  "GET / HTTP/1.0\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  "POST / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
  start + "Content-Length: 12\r\n\r\n\0\n\r\n\r\nGET / ",
  start + "Content-Length: 0\r\n\r\n",
  start + "Content-Length: 0005\r\n\r\nabcde",
  chunked + "0\r\n\r\n",
  chunked + "5\r\n\r\n0\r\n\r\n00A;x=y\r\n0\r\n\r\nabcde\r\n0\r\n\r\n",
  start + "Transfer-Encoding: Chunked\r\n\r\n1 \r\na\r\n0\r\n\r\n",
]

private let endlessBody =
  "POST / HTTP/1.1\r\nHost: -\r\nContent-Length: 9000000000000000000\r\n\r\n"
private let endlessChunk = "7fffffffffff\r\n-"

/// Headers with one fault each.
private let faults: [(String, FramingFault)] = [
  ("GET  / HTTP/1.1\r\nHost: x\r\n\r\n", .requestLine),
  (" GET / HTTP/1.1\r\nHost: x\r\n\r\n", .requestLine),
  ("GET / HTTP/1.1 \r\nHost: x\r\n\r\n", .requestLine),
  ("GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", .requestLine),
  ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", .requestLine),
  ("GET / http/1.1\r\nHost: x\r\n\r\n", .requestLine),
  ("GET / HTTP/1.10\r\nHost: x\r\n\r\n", .requestLine),
  ("GET /\r\n\r\n", .requestLine),
  ("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", .requestLine),
  ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", .version),
  ("GET / HTTP/1.2\r\nHost: x\r\n\r\n", .version),
  ("GET / HTTP/0.9\r\nHost: x\r\n\r\n", .version),
  ("GET * HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("GET p HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("GET /#f HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("GET /\u{e9} HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n", .target),
  ("GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", .control),
  ("GET / HTTP/1.1\r\nHost: x\r\nX: \u{1b}\r\n\r\n", .control),
  ("GET / HTTP/1.1\r\nHost: x\r\nX\0: y\r\n\r\n", .control),
  ("GET / HTTP/1.1\r\nHost: x\r\nX: \u{7f}\r\n\r\n", .control),
  ("GET / HTTP/1.1\nHost: x\n\n", .lineEnd),
  ("GET / HTTP/1.1\r\nHost: x\r\n\n", .lineEnd),
  ("GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", .lineEnd),
  ("GET / HTTP/1.1\r\nHost: x\r\r\n\r\n", .lineEnd),
  (start + "Content-Length : 5\r\n\r\nabcde", .fieldName),
  (start + "Content-Length\t: 5\r\n\r\nabcde", .fieldName),
  (start + "no colon\r\n\r\n", .fieldName),
  (start + ": y\r\n\r\n", .fieldName),
  (start + "X\u{e9}: y\r\n\r\n", .fieldName),
  (start + "X: a\r\n b\r\n\r\n", .folded),
  (start + "Content-Length:\r\n\t5\r\n\r\nabcde", .contentLength),
  ("GET / HTTP/1.1\r\n Host: x\r\n\r\n", .folded),
  ("GET / HTTP/1.1\r\n\r\n", .host),
  ("GET / HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", .host),
  ("GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", .host),
  ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .host),
  ("GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", .host),
  ("GET / HTTP/1.1\r\nHost: x/y\r\n\r\n", .host),
  ("GET / HTTP/1.1\r\nHost: u@x\r\n\r\n", .host),
  (start + "Content-Length:\r\n\r\n", .contentLength),
  (start + "Content-Length: -1\r\n\r\n", .contentLength),
  (start + "Content-Length: +1\r\n\r\n", .contentLength),
  (start + "Content-Length: 0x5\r\n\r\n", .contentLength),
  (start + "Content-Length: 5, 5\r\n\r\n", .contentLength),
  (start + "Content-Length: 5 5\r\n\r\n", .contentLength),
  (start + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", .contentLength),
  (start + "Content-Length: 99999999999999999999\r\n\r\n", .bodyTooLong),
  (start + "Transfer-Encoding: gzip\r\n\r\n", .unknownTransferCoding),
  (start + "Transfer-Encoding: gzip, chunked\r\n\r\n", .unknownTransferCoding),
  (start + "Transfer-Encoding: chunked;x=y\r\n\r\n", .unknownTransferCoding),
  (start + "Transfer-Encoding: xchunked\r\n\r\n", .unknownTransferCoding),
  (start + "Transfer-Encoding: \u{b}chunked\r\n\r\n", .control),
  (start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", .contradiction),
  (start + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", .contradiction),
  ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .contradiction),
  ("GET /?" + repeated("a&", 64) + " HTTP/1.1\r\nHost: x\r\n\r\n", .tooManyParameters(limit: 64)),
  (start + repeated("A: b\r\n", 100) + "\r\n", .tooManyFields(limit: 100)),
  (start + "X: " + repeated("x", 5000), .headerTooLong),
  (start + "X: " + repeated("x", 5000) + "\0", .headerTooLong),
  ("GET /" + repeated("x", 5000), .targetTooLong),
]

/// Chunked bodies with one fault each: what goes on before it, and what is wrong.
private let chunkFaults: [(body: String, passed: String, fault: FramingFault)] = [
  ("x\r\n", "", .chunk),
  ("\r\n", "", .chunk),
  ("-1\r\na\r\n", "", .chunk),
  ("0x1\r\na\r\n", "", .chunk),
  (" 1\r\na\r\n", "", .chunk),
  ("1 a\r\na\r\n", "", .chunk),
  ("00000000000000001\r\na\r\n", "", .chunk),
  ("ffffffffffffffff\r\na\r\n", "", .chunk),
  ("1\na\n0\n\n", "", .lineEnd),
  ("1;\0\r\na\r\n", "", .control),
  ("1\r\nab\r\n0\r\n\r\n", "1\r\na\r\n", .chunk),
  ("1\r\na\n0\r\n\r\n", "1\r\na\r\n", .lineEnd),
  ("1;" + repeated("x", 300) + "\r\na\r\n", "", .chunkExtensions(limit: 256)),
  ("1;" + repeated("x", 100_000), "", .chunkExtensions(limit: 256)),
  ("0\r\nno colon\r\n\r\n", "", .trailer),
  ("0\r\nX : y\r\n\r\n", "", .trailer),
  ("0\r\n" + repeated("X: y\r\n", 1000) + "\r\n", "", .trailer),
]

private func repeated(_ text: String, _ count: Int) -> String {
  String(repeating: text, count: count)
}

@Suite("what of a connection's bytes reaches the HTTP library")
struct FramingGuardTests {
  @Test("well-framed requests pass byte for byte, however they are cut", arguments: steps)
  func clean(step: Int) {
    for text in HTTPServingTests.clean + [HTTPServingTests.clean.joined()] {
      let (passed, framing) = outcome(text, by: step, guarded())
      #expect(passed == text)
      #expect(framing.finding == nil)
      #expect(framing.heldCapacity == 0)
    }
  }

  @Test("a header at fault is replaced, and all that follows is its body", arguments: steps)
  func headers(step: Int) {
    for (text, fault) in faults {
      let before = HTTPServingTests.clean[0]
      let (passed, framing) = outcome(before + text + before, by: step, guarded())
      #expect(passed.hasPrefix(before + endlessBody), "\(text.prefix(200).debugDescription)")
      #expect(framing.finding?.fault == fault, "\(text.prefix(200).debugDescription)")
      #expect(framing.finding?.request == 2)
      #expect(framing.finding?.isInHeader == true)
      #expect(framing.heldCapacity == 0)
    }
  }

  @Test("a chunk at fault is replaced by one that does not end", arguments: steps)
  func chunks(step: Int) {
    for (body, before, fault) in chunkFaults {
      let (passed, framing) = outcome(chunked + body, by: step, guarded())
      #expect(passed.hasPrefix(chunked + before + endlessChunk), "\(body.prefix(200))")
      #expect(framing.finding?.fault == fault, "\(body.prefix(200).debugDescription)")
      #expect(framing.finding?.request == 1)
      #expect(framing.finding?.isInHeader == false)
    }
  }

  @Test("a request for a WebSocket gets a body without end: all that follows", arguments: steps)
  func upgrade(step: Int) {
    let before = HTTPServingTests.clean[0]
    let head = "GET / HTTP/1.1\r\nHost: x\r\nConnection: a, UPGRADE\r\nUpgrade: b,websocket\r\n"
    let (passed, framing) = outcome(
      before + head + "\r\n" + before + "\0\n", by: step, guarded())
    let length = "Content-Length: 9000000000000000000\r\n\r\n"
    #expect(passed == before + head + length + before + "\0\n")
    #expect(framing.upgrade == 2)
    #expect(framing.finding == nil)
    #expect(framing.heldCapacity == 0)
  }

  @Test("fields after the last chunk and an empty line before a request are left out")
  func leftOut() {
    let body = "1\r\na\r\n"
    let next = HTTPServingTests.clean[0]
    for step in steps {
      let text = "\r\n" + chunked + body + "000;x\r\nChecksum: 1\r\nHost: y\r\n\r\n\r\n" + next
      let (passed, framing) = outcome(text, by: step, guarded())
      #expect(passed == chunked + body + "0\r\n\r\n" + next)
      #expect(framing.finding == nil)
    }
  }

  @Test("nothing of a header goes on before it is complete, and no more is kept than it may have")
  func holding() {
    var framing = guarded(1000)
    #expect(framing.feed(Array((start + "X: ").utf8)).isEmpty)
    for _ in 0..<900 { #expect(framing.feed([65]).isEmpty) }
    #expect((900...4000).contains(framing.heldCapacity))
    #expect(framing.feed(Array("\r\n\r\n".utf8)).count > 900)
    #expect(framing.heldCapacity == 0)
  }

  @Test("as many fields and parameters as may be are taken")
  func limits() {
    let text =
      "GET /?" + repeated("a&", 63) + " HTTP/1.1\r\nHost: x\r\n" + repeated("A: b\r\n", 99) + "\r\n"
    #expect(outcome(text, by: 100_000, guarded()).passed == text)
  }

  @Test("whatever bytes come, how they are cut changes nothing")
  func random() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "GET / HTTP/1.1\r\n", "Host: x\r\n", "\r\n", "\n", "\r", "Content-Length: 3\r\n", "abc", ":",
      "Connection: Upgrade\r\nUpgrade: websocket\r\n", "Transfer-Encoding: chunked\r\n", "3\r\n",
      "0\r\n", ";", " ", "\0",
      "POST http://a/ HTTP/1.0\r\n",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 1...12, using: &generator)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }.joined()
      let whole = outcome(text, by: 100_000, guarded())
      let cut = outcome(text, by: 1, guarded())
      #expect(whole.framing.finding == cut.framing.finding, "\(text.debugDescription)")
      if whole.framing.finding == nil {
        #expect(whole.passed == cut.passed, "\(text.debugDescription)")
      }
    }
  }
}
