/// Stands between a socket and the HTTP library, which is lenient: passes on what RFC 9112 allows, byte for byte, and
/// nothing else.
///
/// A header is held back until it is complete and has been checked. Where a header is at fault, the library gets a
/// request in its place whose body never ends; where a chunk is, a chunk that never ends. `fault` says what was wrong,
/// so that the request is answered accordingly, and all that follows is part of a body that is dropped.
///
/// A request for a WebSocket gets a body, too, in the library's eyes: all that follows.
public struct FramingGuard: Sendable {
  /// What is wrong, and with which request of the connection, counted from 1.
  public struct Finding: Sendable, Equatable {
    public let fault: FramingFault
    public let request: Int
    /// Whether the request's header is another one than the client sent.
    public let isInHeader: Bool
  }

  private enum Phase: Sendable {
    case header
    /// So many bytes of a body are still to come.
    case body(UInt64)
    case chunkLine
    /// So many bytes of a chunk are still to come.
    case chunk(UInt64)
    case chunkEnd
    case trailer
    /// Whatever comes is passed on.
    case endless
  }

  private let limits: FramingLimits
  private var phase = Phase.header
  private var scanner = LineScanner()
  private var chunks: ChunkSyntax
  /// Bytes of fields after the last chunk.
  private var trailerLength = 0
  /// The beginning of what is not complete yet.
  private var held: [UInt8] = []
  /// What goes on next, from `readyStart` on.
  private var ready: [UInt8] = []
  private var readyStart = 0
  /// Headers that were complete.
  private var requests = 0
  public private(set) var finding: Finding?
  /// The request that asks for a WebSocket, counted from 1.
  public private(set) var upgrade: Int?

  public init(limits: FramingLimits) {
    self.limits = limits
    chunks = ChunkSyntax(limits: limits)
  }

  /// Bytes that wait to be taken.
  public var readyCount: Int { ready.count - readyStart }

  /// Bytes of memory that the connection costs beyond the library's own.
  public var heldCapacity: Int { held.capacity + ready.capacity }

  /// Looks at bytes that have come.
  /// - Returns: How many of the first go on as they are. What else goes on waits for `takeReady`, behind them.
  public mutating func admit(_ bytes: Span<UInt8>) -> Int {
    var (passed, index) = (0, 0)
    while index < bytes.count {
      do throws(FramingFault) {
        try advance(bytes, &index, &passed)
      } catch {
        // The rest of these bytes is dropped; what comes later is the body that never ends.
        refuse(error)
        break
      }
    }
    return passed
  }

  /// Takes what waits, as far as there is room.
  /// - Returns: How many bytes were put to the buffer's beginning.
  mutating func takeReady(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(readyCount, buffer.count)
    guard count > 0 else { return 0 }
    unsafe buffer.copyBytes(from: ready[readyStart..<readyStart + count])
    readyStart += count
    if readyCount == 0 { (ready, readyStart) = ([], 0) }
    return count
  }

  /// One piece: of a body as much as there is, else a header or a line.
  private mutating func advance(
    _ bytes: Span<UInt8>, _ index: inout Int, _ passed: inout Int
  ) throws(FramingFault) {
    let rest = UInt64(bytes.count - index)
    switch phase {
    case .endless:
      pass(bytes, &index, Int(rest), &passed)
    case .body(let left):
      phase = left > rest ? .body(left - rest) : .header
      pass(bytes, &index, Int(min(left, rest)), &passed)
    case .chunk(let left):
      phase = left > rest ? .chunk(left - rest) : .chunkEnd
      pass(bytes, &index, Int(min(left, rest)), &passed)
    case .header, .chunkLine, .chunkEnd, .trailer:
      try advanceUnit(bytes, &index, &passed)
    }
  }

  /// Goes on to the end of a header or a line, or keeps what there is of it.
  private mutating func advanceUnit(
    _ bytes: Span<UInt8>, _ index: inout Int, _ passed: inout Int
  ) throws(FramingFault) {
    var unit = LineScanner.Unit.line
    if case .header = phase { unit = .header }
    // Not further than one byte beyond the limit: how bytes are cut must not decide which fault is found first.
    let last = min(bytes.count, index + unitLimit.length + 1 - scanner.length)
    let end = try scanner.end(of: unit, in: bytes.extracting(..<last), from: index)
    guard scanner.length <= unitLimit.length else { throw unitLimit.fault }
    let piece = bytes.extracting(index..<(end ?? bytes.count))
    guard end != nil else {
      held.append(piece)
      index = bytes.count
      return
    }
    if held.isEmpty {
      let skipped = try concludeUnit(piece)
      if let skipped {
        index += skipped
        pass(bytes, &index, piece.count - skipped, &passed)
      } else {
        index += piece.count
      }
    } else {
      held.append(piece)
      index += piece.count
      let whole = held
      if let skipped = try concludeUnit(whole.span) { ready += whole[skipped...] }
      held = []
    }
  }

  /// The longest that the header or line under way may be, in bytes, and what is wrong with a longer one.
  private var unitLimit: (length: Int, fault: FramingFault) {
    switch phase {
    case .header: (limits.header, scanner.lines == 0 ? .targetTooLong : .headerTooLong)
    case .chunkLine:
      (chunks.longestLine, .chunkExtensions(limit: limits.chunkExtensions))
    case .trailer: (limits.trailer - trailerLength, .trailer)
    case .chunkEnd, .body, .chunk, .endless: (2, .chunk)
    }
  }

  /// Checks a complete header or line, and says how many of its first bytes do not go on; nil for all.
  private mutating func concludeUnit(_ unit: Span<UInt8>) throws(FramingFault) -> Int? {
    let lead = scanner.lead
    scanner = LineScanner()
    switch phase {
    case .header:
      var syntax = RequestSyntax(limits: limits)
      let header = unit.extracting(lead...)
      let framing = try syntax.framing(of: header)
      follow(framing)
      if framing == .upgrade {
        ready += header.bytes(withField: Self.endlessBody)
        return nil
      }
      guard let line = syntax.blankLengthLine else { return lead }
      ready += header.bytes(withBlanksOf: line)
      return nil
    case .chunkLine:
      let size = try chunks.size(unit)
      phase = size == 0 ? .trailer : .chunk(size)
      // The last chunk's line goes on when all after it has been seen to be right.
      return size == 0 ? nil : 0
    case .chunkEnd:
      guard unit.count == 2 else { throw .chunk }
      phase = .chunkLine
      return 0
    case .trailer:
      try concludeTrailer(unit)
      return nil
    case .body, .chunk, .endless: return nil
    }
  }

  private mutating func follow(_ framing: BodyFraming) {
    requests += 1
    switch framing {
    case .none, .length(0): phase = .header
    case .length(let length): phase = .body(length)
    case .chunked:
      chunks = ChunkSyntax(limits: limits)
      trailerLength = 0
      phase = .chunkLine
    case .upgrade:
      upgrade = requests
      phase = .endless
    }
  }

  private mutating func concludeTrailer(_ line: Span<UInt8>) throws(FramingFault) {
    trailerLength += line.count
    guard line.count == 2 else { return try chunks.checkTrailer(line) }
    ready += Array("0\r\n\r\n".utf8)
    phase = .header
  }

  private mutating func pass(
    _ bytes: Span<UInt8>, _ index: inout Int, _ count: Int, _ passed: inout Int
  ) {
    if readyCount == 0 && index == passed {
      passed += count
    } else {
      ready.append(bytes.extracting(index..<index + count))
    }
    index += count
  }

  /// No client can say it: a length of so many digits is refused.
  private static let endlessBody = "Content-Length: 9000000000000000000\r\n"

  /// Puts in the place of what is at fault what the library takes for a body without end.
  private mutating func refuse(_ fault: FramingFault) {
    held = []
    var isInHeader = false
    let endless = "7fffffffffff\r\n-"
    switch phase {
    case .header:
      isInHeader = true
      requests += 1
      ready += Array("POST / HTTP/1.1\r\nHost: -\r\n\(Self.endlessBody)\r\n".utf8)
    case .chunkEnd: ready += Array(("\r\n" + endless).utf8)
    default: ready += Array(endless.utf8)
    }
    finding = Finding(fault: fault, request: requests, isInHeader: isInHeader)
    phase = .endless
  }
}

extension FramingGuard {
  /// Looks at bytes that have come.
  /// - Returns: All that goes on to the library because of them.
  public mutating func feed(_ bytes: [UInt8]) -> [UInt8] {
    let passed = admit(bytes.span)
    var waiting = [UInt8](repeating: 0, count: readyCount)
    _ = unsafe waiting.withUnsafeMutableBytes { unsafe takeReady(into: $0) }
    return bytes[..<passed] + waiting
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}

extension Span<UInt8> {
  /// This header with one more field at its end.
  fileprivate func bytes(withField field: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(extracting(first: count - 2))
    return bytes + Array((field + "\r\n").utf8)
  }

  /// These bytes with the blanks at the end of a line moved to where its value begins: the same field to everybody.
  fileprivate func bytes(withBlanksOf line: Range<Int>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(self)
    let blanks = bytes[line].reversed().prefix { $0.isBlank }.count
    let value = bytes[line].firstIndex(of: UInt8(ascii: ":"))! + 1
    let moved = Array(bytes[line.upperBound - blanks..<line.upperBound])
    bytes.removeSubrange(line.upperBound - blanks..<line.upperBound)
    bytes.insert(contentsOf: moved, at: value)
    return bytes
  }
}
