import CommandLineTool
import Evaluation

/// How much of a file came: on a terminal one line that is written over, else a line each tenth.
final class ByteLine {
  private var line: ProgressLine?
  private var lastTenth = 0

  func update(_ done: Int, of total: Int?) {
    guard let total else { return }
    if Terminal.showsErrors {
      let line = line ?? ProgressLine("KiB", total: total >> 10)
      self.line = line
      line.update(min(done, total - 1) >> 10)
    } else if done * 10 / max(total, 1) > lastTenth {
      lastTenth = done * 10 / max(total, 1)
      Terminal.printError("\(megabytes(done)) of \(megabytes(total)) MB")
    }
  }

  func end() {
    if line != nil { Terminal.printError("") }
  }

  private func megabytes(_ bytes: Int) -> String { fixed(Double(bytes) / 1e6, 1) }
}
