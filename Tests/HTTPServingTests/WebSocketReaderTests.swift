import HTTPServing
import TestSupport
import Testing

// In the order of the Autobahn test suite's groups: 1 framing, 2 pings and pongs, 3 reserved bits, 4 opcodes, 5 fragmentation,
// 6 UTF-8, 7 closing, 9 limits. Groups 12 and 13 are about compression, which is not offered.

private typealias Event = WebSocketReader.Event

private func reader() -> WebSocketReader { WebSocketReader(.init(binary: 100_000)) }

/// What is read of bytes that come in pieces of so many, with neighbouring pieces of data joined.
private func events(_ bytes: [UInt8], by step: Int = 100_000_000) -> [Event] {
  var reader = reader()
  var events: [Event] = []
  for start in stride(from: 0, to: bytes.count, by: step) {
    for event in reader.feed(Array(bytes[start..<min(bytes.count, start + step)])) {
      if case .data(let more) = event, case .data(let before) = events.last {
        events[events.count - 1] = .data(before + more)
      } else {
        events.append(event)
      }
    }
  }
  return events
}

private let text = Array("κόσμε".utf8)

@Suite("frames of a WebSocket")
struct WebSocketReaderTests {
  @Test(
    "a message of any length is read whole, however it is cut",
    arguments: [0, 1, 125, 126, 127, 128, 65535, 65536, 100_000])
  func lengths(count: Int) {
    let payload = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let bytes = maskedFrame(0x82, payload) + maskedFrame(0x81, Array("end".utf8))
    let expected = (count > 0 ? [Event.data(payload)] : []) + [.text("end")]
    for step in [1, 7, 1000, 1_000_000] { #expect(events(bytes, by: step) == expected) }
  }

  @Test("RFC 6455's example is read as it says")
  func example() {
    #expect(
      events([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58])
        == [.text("Hello")])
  }

  @Test("pings carry up to 125 bytes, and pongs are put up with", arguments: [0, 1, 125])
  func pings(count: Int) {
    let payload = [UInt8](repeating: 0xFE, count: count)
    #expect(
      events(maskedFrame(0x89, payload) + maskedFrame(0x8A, payload)) == [.ping(payload), .pong])
  }

  @Test("control frames come between the pieces of a message")
  func interleaved() {
    let bytes =
      maskedFrame(0x01, Array(text.prefix(3))) + maskedFrame(0x89, [1])
      + maskedFrame(0x00, []) + maskedFrame(0x8A) + maskedFrame(0x80, Array(text.dropFirst(3)))
      + maskedFrame(0x02, [1, 2]) + maskedFrame(0x89, []) + maskedFrame(0x80, [3])
    for step in [1, 5, 1000] {
      #expect(
        events(bytes, by: step)
          == [.ping([1]), .pong, .text("κόσμε"), .data([1, 2]), .ping([]), .data([3])])
    }
  }

  @Test(
    "what breaks the protocol ends it, and nothing after it is read",
    arguments: [
      ([0x81, 0x05], WebSocketFault.header),  // no mask
      ([0xC2, 0x80], .header), ([0xA2, 0x80], .header), ([0x92, 0x80], .header),  // reserved bits
      ([0x83, 0x80], .header), ([0x87, 0x80], .header),  // reserved opcodes
      ([0x8B, 0x80], .header), ([0x8F, 0x80], .header),
      ([0x09, 0x80], .control), ([0x08, 0x80], .control),  // a control frame in pieces
      ([0x89, 0xFE], .control), ([0x88, 0xFF], .control),  // a control frame that is long
      ([0x82, 0xFE, 0, 125, 1, 2, 3, 4], .length),  // lengths that have a shorter form
      ([0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 1, 2, 3, 4], .length),
      ([0x82, 0xFF, 0x80, 0, 0, 0, 0, 1, 0, 0, 1, 2, 3, 4], .length),  // the highest bit is set
      (maskedFrame(0x80, [1]), .sequence), (maskedFrame(0x00, [1]), .sequence),
      (maskedFrame(0x02, []) + maskedFrame(0x82, []), .sequence),
      (maskedFrame(0x01, []) + maskedFrame(0x81, []), .sequence),
      ([0x82, 0xFF, 0x7F, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3, 4], .tooLong),
      (maskedFrame(0x82, [UInt8](repeating: 0, count: 100_001)), .tooLong),
      (maskedFrame(0x81, [UInt8](repeating: 65, count: 4097)), .tooLong),
      (maskedFrame(0x01, [UInt8](repeating: 65, count: 4096)) + maskedFrame(0x80, [65]), .tooLong),
      (maskedFrame(0x88, [3]), .closeCode),
    ] as [([UInt8], WebSocketFault)])
  func faults(bytes: [UInt8], fault: WebSocketFault) {
    for step in [1, 1_000_000] {
      #expect(events(bytes + maskedFrame(0x89), by: step) == [.fault(fault)])
    }
  }

  @Test(
    "texts are UTF-8, and may be cut within a character",
    arguments: [
      [0xCE], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0xAF],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
      [0xFF], [0x80],
    ] as [[UInt8]])
  func unicode(bytes: [UInt8]) {
    #expect(events(maskedFrame(0x81, text + bytes)) == [.fault(.notUTF8)])
    #expect(events(maskedFrame(0x88, [3, 0xE8] + bytes)) == [.fault(.notUTF8)])
    let pieces = text.flatMap { maskedFrame(0, [$0]) }
    #expect(events(maskedFrame(1) + pieces + maskedFrame(0x80)) == [.text("κόσμε")])
  }

  @Test(
    "a close may have a code that clients may send, and a reason",
    arguments: [
      (1000, true), (1003, true), (1007, true), (1011, true), (1014, true), (3000, true),
      (4999, true),
      (0, false), (999, false), (1004, false), (1005, false), (1006, false), (1015, false),
      (1016, false), (2999, false), (5000, false), (65535, false),
    ])
  func closing(code: Int, isValid: Bool) {
    let payload = [UInt8(code >> 8), UInt8(code & 0xFF)] + text
    let found = events(maskedFrame(0x88, payload) + maskedFrame(0x89))
    #expect(found == [isValid ? .close(UInt16(code)) : .fault(.closeCode)])
    #expect(events(maskedFrame(0x88)) == [.close(nil)])
  }

  @Test("whatever bytes come, how they are cut changes nothing")
  func random() {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      maskedFrame(0x82, [1, 2, 3]), maskedFrame(0x02, [4]), maskedFrame(0x00, [5, 6]),
      maskedFrame(0x80), maskedFrame(0x81, text), maskedFrame(0x01, Array(text.prefix(1))),
      maskedFrame(0x89, [7]), maskedFrame(0x88), [0x82], [0xFE], [0],
    ]
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 1...12, using: &generator)).flatMap { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &generator)]
      }
      #expect(events(bytes, by: 1) == events(bytes), "\(bytes)")
    }
  }
}
