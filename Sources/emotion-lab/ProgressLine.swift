import CommandLineTool
import FoundationEssentials
import Glibc

/// One line on a terminal that is written over and over, with the time still to go. Where standard
/// error is no terminal, nothing.
final class ProgressLine {
  private let title: String
  private(set) var total: Int
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now - .seconds(1)

  init(_ title: String, total: Int) {
    self.title = title
    self.total = total
  }

  /// Fewer are needed than was thought.
  func expect(_ total: Int) { self.total = total }

  func update(_ done: Int, note: String = "") {
    guard Terminal.showsErrors, ContinuousClock.now - shown > .milliseconds(100) || done == total
    else { return }
    shown = .now
    let text =
      "\(title) \(done)/\(total) \(note) \(done == total ? "" : clock(left(after: done)) + " left")"
    write("\r\u{1B}[K" + text)
    if done == total { write("\n") }
  }

  /// Seconds still to go, if the rest is as fast as what was done.
  func left(after done: Int) -> Double {
    let spent = (ContinuousClock.now - start) / .seconds(1)
    return done > 0 ? spent / Double(done) * Double(total - done) : 0
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// Seconds as 1:02:03 or 2:03.
func clock(_ seconds: Double) -> String {
  let whole = Int(seconds.rounded())
  let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
  func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
  return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
}
