import AudioIO

/// Cuts samples that come in pieces at the speaker's pauses, and keeps no more than one utterance. The pauses are segments,
/// too: those in which nobody speaks.
///
/// A pause has half a second without voiced sound. An utterance keeps 0.2 s on both sides for the consonants. A longer one than
/// the network is good at is cut at its widest gap between voiced sounds. The samples are looked at anew with every quarter of a
/// second, so that an utterance is given three quarters after its last voiced sound at the latest.
struct UtteranceCutter: SegmentCutter {
  /// Seconds.
  private static let pause = 0.5
  private static let margin = 0.2
  private static let step = 0.25
  /// The network learned from single sentences.
  static let longest = 4.2
  /// Where a long utterance may be cut first.
  private static let shortest = 1.5

  private let detector: VoiceActivityDetector
  private let signal: Int
  private let sampleRate: Int
  private var samples: [Float] = []
  /// Where `samples` begins in the recording.
  private var start = 0
  /// How many of `samples` were looked at without finding an end.
  private var seen = 0

  init(_ detector: VoiceActivityDetector, of signal: Int, sampleRate: Int) {
    self.detector = detector
    self.signal = signal
    self.sampleRate = sampleRate
  }

  mutating func append(_ new: [Float]) { samples += new }

  mutating func cut(isOver: Bool) -> RecordingWindow? {
    while seen + count(Self.step) <= samples.count {
      seen += count(Self.step)
      if let end = end(among: seen) { return take(end) }
    }
    return isOver && !samples.isEmpty ? take(samples.count) : nil
  }

  /// Where the segment ends that the first `length` samples begin with; nil where they do not tell.
  private func end(among length: Int) -> Int? {
    let voiced = detector.voicedFrames(samples.span.extracting(..<length))
    let gaps = gaps(in: voiced)
    let (margin, isLong) = (count(Self.margin), length >= count(Self.longest))
    guard let first = gaps.first, first.upperBound < voiced.count else {
      return isLong ? length - margin : nil
    }
    let onset = first.upperBound * detector.hopLength - margin
    if onset >= margin { return onset }
    let pauses = gaps.dropFirst()
    if let pause = pauses.first(where: { $0.count * detector.hopLength >= count(Self.pause) }) {
      return min(pause.lowerBound * detector.hopLength + margin, length)
    }
    return isLong ? weakest(of: pauses) ?? length : nil
  }

  /// The runs of frames without voice: before the first voiced one, between them and after the last, also where there are none.
  private func gaps(in voiced: [Bool]) -> [Range<Int>] {
    let places = voiced.indices.filter { voiced[$0] }
    return zip([-1] + places, places + [voiced.count]).compactMap { before, next in
      before < 0 || next == voiced.count || next > before + 1 ? before + 1..<next : nil
    }
  }

  /// The middle of the widest gap that leaves enough before it.
  private func weakest(of gaps: ArraySlice<Range<Int>>) -> Int? {
    let inside = gaps.filter { $0.lowerBound * detector.hopLength >= count(Self.shortest) }
    guard let widest = inside.max(by: { $0.count < $1.count }) else { return nil }
    return (widest.lowerBound + widest.upperBound) / 2 * detector.hopLength
  }

  private mutating func take(_ end: Int) -> RecordingWindow {
    defer {
      samples.removeFirst(end)
      start += end
      seen = 0
    }
    return RecordingWindow(
      signal: signal, start: Double(start) / Double(sampleRate),
      waveform: Waveform(samples: Array(samples[..<end]), sampleRate: sampleRate))
  }

  private func count(_ seconds: Double) -> Int { Int(seconds * Double(sampleRate)) }
}
