import Glibc
import HTTPServing
import Synchronization
import TestSupport
import Testing

/// A pipe and what comes out of it.
private final class Pipe: Sendable {
  let input: Int32
  private let output: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    try #require(unsafe pipe(&ends) == 0)
    (output, input) = (ends[0], ends[1])
  }

  /// Reads so many lines.
  func lines(_ count: Int) -> [String] {
    var bytes: [UInt8] = []
    while bytes.count(where: { $0 == 10 }) < count {
      var byte: UInt8 = 0
      guard unsafe read(output, &byte, 1) == 1 else { break }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func closeOutput() { close(output) }
}

@Suite("lines that nobody waits for")
struct LineWriterTests {
  @Test("lines come whole and in order")
  func order() throws {
    let pipe = try Pipe()
    let writer = try LineWriter(pipe.input) { "\($0) lost" }
    let lines = (0..<1000).map { "line \($0)" }
    for line in lines { writer.write(line) }
    #expect(pipe.lines(1000) == lines)
    #expect(writer.flush(atMost: .seconds(30)))
  }

  @Test("with nobody reading, writing goes on, what has no room is lost, and the log says so")
  func lost() throws {
    let pipe = try Pipe()
    let lost = Mutex(0)
    let count: @Sendable (Int) -> Void = { count in lost.withLock { $0 += count } }
    let writer = try LineWriter(pipe.input, capacity: 100_000, onLoss: count) { "\($0) lost" }
    // Far more than the pipe and the queue take.
    let line = String(repeating: "x", count: 999)
    for _ in 0..<1000 { writer.write(line) }
    #expect(!writer.flush(atMost: .milliseconds(10)))
    let missing = lost.withLock { $0 }
    #expect(missing > 700)
    var (whole, said) = (0, 0)
    while whole < 1000 - missing || said < missing {
      let next = pipe.lines(1)[0]
      if next == line { whole += 1 } else { said += try #require(Int(next.dropLast(5))) }
    }
    #expect(whole == 1000 - missing && said == missing)
    #expect(writer.flush(atMost: .seconds(30)))
    writer.write("after")
    #expect(pipe.lines(1) == ["after"])
  }

  @Test("a long line is cut between two characters")
  func cut() throws {
    let pipe = try Pipe()
    let writer = try LineWriter(pipe.input) { "\($0) lost" }
    writer.write("a" + String(repeating: "é", count: 5000))
    let line = pipe.lines(1)[0]
    #expect(line == "a" + String(repeating: "é", count: 2047))
    #expect(line.utf8.count < LineWriter.longestLine)
  }

  @Test("what cannot be written because its reader has gone is counted")
  func gone() throws {
    signal(SIGPIPE, SIG_IGN)
    let pipe = try Pipe()
    pipe.closeOutput()
    let lost = Mutex(0)
    let count: @Sendable (Int) -> Void = { count in lost.withLock { $0 += count } }
    let writer = try LineWriter(pipe.input, onLoss: count) { "\($0) lost" }
    writer.write("a")
    waitUntil { lost.withLock { $0 } == 1 }
    #expect(writer.flush(atMost: .seconds(30)))
  }

  @Test(
    "text is cut to bytes between scalar values",
    arguments: [
      ("abc", 3, "abc"), ("abc", 2, "ab"), ("aé", 2, "a"), ("aé", 3, "aé"), ("😀", 3, ""),
      ("e\u{301}x", 3, "e\u{301}"),
      ("e\u{301}x", 2, "e"),
    ])
  func bytes(text: String, limit: Int, expected: String) {
    #expect(Array(text.cut(toBytes: limit).utf8) == Array(expected.utf8))
  }

  @Test("a character of any length is cut")
  func grapheme() {
    let text = "a" + String(repeating: "\u{301}", count: 12_000)
    #expect(text.count == 1)
    #expect(text.cut(toBytes: 100).utf8.count == 99)
  }
}
