import CommandLineTool
import EmotionAPI
import Glibc
import HTTPServing

enum LogStyle: String, CaseIterable { case auto, text, json }

/// Each level includes those before it.
enum LogLevel: String, CaseIterable { case error, warning, info, debug }

/// Writes to standard error: text for people, one JSON object a line for machines. Nobody ever waits for it.
struct Log: Sendable {
  private let isJSON: Bool
  private let level: LogLevel
  private let lines: LineWriter

  /// - Parameter onLoss: Is told of lines that nobody read in time.
  init(
    style: LogStyle, level: LogLevel, onLoss: @escaping @Sendable (Int) -> Void
  ) throws(StartError) {
    let isJSON = style == .json || (style == .auto && !Terminal.showsErrors)
    self.isJSON = isJSON
    self.level = level
    do {
      lines = try LineWriter(STDERR_FILENO, onLoss: onLoss) { count in
        line("warning", "\(count) lines of the log are lost: nobody read them in time", isJSON)
      }
    } catch {
      throw .server(error)
    }
  }

  /// Waits a moment for what has not been written yet.
  func flush() { lines.flush(atMost: .seconds(1)) }

  func error(_ message: String) { write("error", message) }

  func info(_ message: String) {
    if includes(.info) { write("info", message) }
  }

  func debug(_ message: String) {
    if includes(.debug) { write("debug", message) }
  }

  func request(_ record: RequestRecord) {
    guard includes(RequestLog.isWarning(record) ? .warning : .info) else { return }
    let line =
      isJSON
      ? RequestLog.json(record, time: now(.full)) : RequestLog.text(record, time: now(.clock))
    lines.write(line)
  }

  private func includes(_ other: LogLevel) -> Bool {
    let levels = LogLevel.allCases
    return (levels.firstIndex(of: other) ?? 0) <= (levels.firstIndex(of: level) ?? 0)
  }

  private func write(_ level: String, _ message: String) {
    lines.write(line(level, message, isJSON))
  }
}

/// Bytes of a message at most, so that with all that JSON escapes it still fits in a line.
private let longestMessage = 600

private func line(_ level: String, _ message: String, _ isJSON: Bool) -> String {
  guard isJSON else { return "\(now(.clock)) \(message)" }
  return JSON.object([
    "time": .string(now(.full)), "level": .string(level), "event": .string("message"),
    "message": .string(message.cut(toBytes: longestMessage)),
  ]).text
}

private enum TimeForm: String {
  case full = "%Y-%m-%dT%H:%M:%S"
  case clock = "%H:%M:%S"
}

/// The time in UTC, to the millisecond.
private func now(_ form: TimeForm) -> String {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  var parts = unsafe tm()
  unsafe gmtime_r(&now.tv_sec, &parts)
  let seconds = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) {
    let count = unsafe strftime($0.baseAddress, $0.count, form.rawValue, &parts)
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: $0.baseAddress, count: count), as: UTF8.self)
  }
  if form == .clock { return seconds }
  let milliseconds = String(now.tv_nsec / 1_000_000 + 1000).dropFirst()
  return "\(seconds).\(milliseconds)Z"
}
