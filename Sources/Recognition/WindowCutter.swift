import AudioIO

/// Cuts samples that come in pieces into windows that may overlap, and keeps no more than one window.
///
/// Windows begin at every hop. The last is shorter, and there only where the one before leaves samples over.
struct WindowCutter: SegmentCutter {
  private let signal: Int
  private let sampleRate: Int
  private let length: Int
  private let hop: Int
  private var samples: [Float] = []
  /// Where `samples` begins.
  private var start = 0
  /// Where the next window begins.
  private var next = 0

  init(_ plan: WindowPlan, of signal: Int, sampleRate: Int) {
    self.signal = signal
    self.sampleRate = sampleRate
    (length, hop) = plan.samples(at: sampleRate)
  }

  mutating func append(_ new: [Float]) { samples += new }

  mutating func cut(isOver: Bool) -> RecordingWindow? {
    drop(before: next)
    guard next >= start, next - start + length <= samples.count else {
      return isOver ? rest() : nil
    }
    defer { next += hop }
    return window(next..<next + length)
  }

  private mutating func rest() -> RecordingWindow? {
    let end = start + samples.count
    let covered = next == 0 ? 0 : next - hop + length
    guard end > covered, next < end else { return nil }
    defer { next = end }
    return window(next..<end)
  }

  private func window(_ range: Range<Int>) -> RecordingWindow {
    RecordingWindow(
      signal: signal, start: Double(range.lowerBound) / Double(sampleRate),
      waveform: Waveform(
        samples: Array(samples[range.lowerBound - start..<range.upperBound - start]),
        sampleRate: sampleRate))
  }

  /// In large steps: moving what remains costs time.
  private mutating func drop(before position: Int) {
    let count = min(position - start, samples.count)
    guard count > 0, count >= length || count == samples.count else { return }
    samples.removeFirst(count)
    start += count
  }
}
