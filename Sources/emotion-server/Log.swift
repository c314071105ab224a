import CommandLineTool
import EmotionAPI
import Glibc
import HTTPServing

enum LogStyle: String, CaseIterable { case auto, text, json }

/// Each level includes those before it.
enum LogLevel: String, CaseIterable { case error, warning, info, debug }

/// Writes to standard error: text for people, one JSON object a line for machines.
struct Log: Sendable {
  private let isJSON: Bool
  private let level: LogLevel
  private let errors = ErrorStream()

  init(style: LogStyle, level: LogLevel) {
    isJSON = style == .json || (style == .auto && !Terminal.showsErrors)
    self.level = level
  }

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
    errors.write(line)
  }

  private func includes(_ other: LogLevel) -> Bool {
    let levels = LogLevel.allCases
    return (levels.firstIndex(of: other) ?? 0) <= (levels.firstIndex(of: level) ?? 0)
  }

  private func write(_ level: String, _ message: String) {
    guard isJSON else { return errors.write("\(now(.clock)) \(message)") }
    errors.write(
      JSON.object([
        "time": .string(now(.full)), "level": .string(level), "event": .string("message"),
        "message": .string(message),
      ]).text)
  }
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
