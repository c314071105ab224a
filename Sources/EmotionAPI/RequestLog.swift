public import HTTPServing

/// Writes one line for each request: JSON for machines, or text for people. It holds no audio and no file name, and of what
/// a client makes up so many bytes at most.
public enum RequestLog {
  private static let longestPath = 512

  /// One JSON object.
  /// - Parameter time: The moment, in RFC 3339's form.
  public static func json(_ record: RequestRecord, time: String) -> String {
    let times = record.times
    return JSON.object([
      "time": .string(time),
      "level": .string(isWarning(record) ? "warning" : "info"),
      "event": .string("request"),
      "id": (record.head?.id).map(JSON.string),
      "method": (record.head?.method.rawValue).map { .string($0.cut(toBytes: 32)) },
      "path": (record.head?.target.path).map { .string($0.cut(toBytes: longestPath)) },
      "route": record.route.map(JSON.string),
      "status": record.status.map(JSON.integer),
      "outcome": .string(record.outcome.rawValue),
      "peer": (record.head?.peer).map(JSON.string),
      "agent": (record.head?.fields["User-Agent"]).map { .string($0.cut(toBytes: 256)) },
      "client": (record.head?.client).map { .string($0.cut(toBytes: 128)) },
      "traceId": (record.head?.trace?.traceID).map(JSON.string),
      "spanId": (record.head?.trace?.spanID).map(JSON.string),
      "parentId": (record.head?.trace?.parentID).map(JSON.string),
      "bytesIn": .integer(record.receivedBytes),
      "bytesOut": .integer(record.sentBytes),
      "receiveMs": .number(milliseconds(times.receive)),
      "queueMs": .number(milliseconds(times.queue)),
      "workMs": .number(milliseconds(times.work)),
      "totalMs": .number(milliseconds(times.total)),
    ]).text
  }

  /// `POST /predict 200 12.3 ms, 262144 bytes in, 192.0.2.7, 5f1c…`
  public static func text(_ record: RequestRecord, time: String) -> String {
    let method = record.head?.method.rawValue.cut(toBytes: 32) ?? "-"
    let path = record.head?.target.path.cut(toBytes: longestPath) ?? "-"
    let status = record.status.map { "\($0)" } ?? "-"
    let outcome = record.outcome == .answered ? "" : " (\(record.outcome.rawValue))"
    let line =
      "\(time) \(method) \(path) \(status)\(outcome) \(milliseconds(record.times.total)) ms, "
      + "\(record.receivedBytes) bytes in, \(record.head?.peer ?? "-"), \(record.head?.id ?? "-")"
    return printable(line)
  }

  /// Whether the server could not do what it was asked.
  public static func isWarning(_ record: RequestRecord) -> Bool { (record.status ?? 0) >= 500 }

  /// To a hundredth.
  private static func milliseconds(_ duration: Duration) -> Double {
    (duration / .milliseconds(1) * 100).rounded() / 100
  }

  /// A terminal must not obey what a client sends.
  private static func printable(_ line: String) -> String {
    String(
      String.UnicodeScalarView(
        line.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
  }
}
