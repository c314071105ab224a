import Glibc

/// Writes lines to a descriptor, such as a log's, without ever making whoever has something to say wait: a thread of its
/// own writes, and what finds no room among the lines that wait is lost, and counted.
public final class LineWriter: Sendable {
  private struct State: Sendable {
    /// Whole lines, with their ends.
    var waiting: [UInt8] = []
    /// Bytes that are being written.
    var moving = 0
    /// Lines lost of which nothing has been said yet.
    var lost = 0
    var isClosed = false
  }

  /// Bytes of a line at most, its end included.
  public static let longestLine = 4096

  private let capacity: Int
  private let onLoss: @Sendable (Int) -> Void
  private let state = Monitor(State())

  /// - Parameters:
  ///   - descriptor: Stays the caller's. It may block.
  ///   - capacity: Bytes of the lines that wait.
  ///   - onLoss: Is told of lines that are lost, as often as some are.
  ///   - lossLine: Says, as a line, that so many are lost.
  /// - Throws: `noThreads`.
  public init(
    _ descriptor: Int32, capacity: Int = 1 << 20,
    onLoss: @escaping @Sendable (Int) -> Void = { _ in },
    lossLine: @escaping @Sendable (Int) -> String
  ) throws(ServerError) {
    self.capacity = capacity
    self.onLoss = onLoss
    let state = self.state
    guard startThread({ Self.work(on: state, descriptor, onLoss, lossLine) }) else {
      throw .noThreads
    }
  }

  deinit { state.withLock { $0.isClosed = true } }

  /// Puts a line among those that wait. A line too long is cut between two characters.
  public func write(_ line: String) {
    let isLost = state.withLock(waking: .all) { state in
      let free = capacity - state.waiting.count - state.moving
      let isLost = !state.waiting.appendLine(line, upTo: min(free, Self.longestLine))
      if isLost { state.lost += 1 }
      return isLost
    }
    if isLost { onLoss(1) }
  }

  /// Waits until all lines are written.
  /// - Returns: false when they were not in that time.
  @discardableResult
  public func flush(atMost: Duration) -> Bool {
    state.wait(at: atMost) { $0.waiting.isEmpty && $0.moving == 0 && $0.lost == 0 }
  }

  private static func work(
    on state: Monitor<State>, _ descriptor: Int32, _ onLoss: (Int) -> Void,
    _ lossLine: (Int) -> String
  ) {
    while let bytes = state.wait(for: { next(&$0, lossLine) }) {
      let isWritten = write(bytes, to: descriptor)
      state.withLock { $0.moving = 0 }
      if !isWritten { onLoss(bytes.count { $0 == .lineFeed }) }
    }
  }

  /// Takes what waits, with a line about what is lost at its end, where it is missing.
  private static func next(_ state: inout State, _ lossLine: (Int) -> String) -> [UInt8]?? {
    // What is lost is said also when nothing is written after it.
    if state.waiting.isEmpty && state.lost == 0 { return state.isClosed ? .some(nil) : nil }
    var bytes = state.waiting
    state.waiting = []
    if state.lost > 0, bytes.appendLine(lossLine(state.lost), upTo: longestLine) { state.lost = 0 }
    state.moving = bytes.count
    return bytes
  }

  /// - Returns: false when the descriptor is gone.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      switch (count, errno) {
      case (1..., _): rest = rest.dropFirst(count)
      case (_, EINTR): continue
      case (_, EAGAIN): waitForRoom(descriptor)
      default: return false
      }
    }
    return true
  }

  private static func waitForRoom(_ descriptor: Int32) {
    var stream = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = unsafe poll(&stream, 1, -1)
  }
}

extension [UInt8] {
  /// - Returns: false, with nothing appended, when so many bytes are not enough for what is left of the line.
  fileprivate mutating func appendLine(_ line: String, upTo limit: Int) -> Bool {
    let text = line.cut(toBytes: LineWriter.longestLine - 1).utf8
    guard text.count < limit else { return false }
    append(contentsOf: text)
    append(.lineFeed)
    return true
  }
}

extension String {
  /// As many of the first characters as so many bytes of UTF-8 hold. Never a part of one scalar value; of a character
  /// that is put together of several, the first ones may be left alone.
  public func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    var end = utf8.index(startIndex, offsetBy: limit)
    while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
    return String(decoding: utf8[..<end], as: UTF8.self)
  }
}
