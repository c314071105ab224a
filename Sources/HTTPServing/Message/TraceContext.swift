/// Where a request stands in a trace that spans several services (W3C Trace Context, `traceparent`).
public struct TraceContext: Sendable, Equatable {
  /// 32 hexadecimal digits, of the whole trace.
  public let traceID: String
  /// 16 hexadecimal digits: the caller's step.
  public let parentID: String
  /// 16 hexadecimal digits: this server's step.
  public let spanID: String
  /// Two hexadecimal digits, handed on as they came.
  public let flags: String

  /// - Returns: nil for what the standard calls invalid; such a field is to be ignored.
  public init?(_ traceparent: String, spanID: String? = nil) {
    let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count >= 4, Self.isHexadecimal(parts[0], 2), parts[0] != "ff",
      // Later versions may have more parts; this one has four.
      parts.count == 4 || parts[0] != "00",
      Self.isHexadecimal(parts[1], 32), parts[1].contains(where: { $0 != "0" }),
      Self.isHexadecimal(parts[2], 16), parts[2].contains(where: { $0 != "0" }),
      Self.isHexadecimal(parts[3], 2)
    else { return nil }
    traceID = parts[1]
    parentID = parts[2]
    flags = parts[3]
    self.spanID = spanID ?? RequestID.fresh()
  }

  /// The field that names this server's step as the parent of what follows.
  public var traceparent: String { "00-\(traceID)-\(spanID)-\(flags)" }

  private static func isHexadecimal(_ text: String, _ count: Int) -> Bool {
    text.utf8.count == count
      && text.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}
