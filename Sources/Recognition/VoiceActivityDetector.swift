import Glibc
public import SignalProcessing

/// How much of a stretch of sound is a voice, and how far it stands above the noise.
public struct VoiceActivity: Sendable, Equatable {
  /// Seconds.
  public let duration: Double
  /// Seconds of voiced sound.
  public let voiced: Double
  /// Seconds of voiced sound and what is next to it: the consonants.
  public let speech: Double
  /// Seconds from the first voiced sound to the last.
  public let extent: Double
  /// The standard deviation of the voiced frames' level, dB. Speech moves from syllable to syllable, hum does not.
  public let levelDeviation: Double
  /// Of neighbouring voiced frames, the fraction whose pitch is the same. A voice's pitch moves all the time; that of signals, machines and
  /// most instruments stands still.
  public let steadiness: Double
  /// The voiced frames' power over that of the quietest tenth of all frames, dB.
  public let speechToNoise: Double
  /// Where nobody speaks for a second or more between two voiced sounds: samples, without 0.1 s at either end.
  public let pauses: [Range<Int>]

  public init(
    duration: Double, voiced: Double, speech: Double, extent: Double = 0, levelDeviation: Double,
    steadiness: Double = 0, speechToNoise: Double, pauses: [Range<Int>] = []
  ) {
    self.duration = duration
    self.voiced = voiced
    self.speech = speech
    self.extent = extent
    self.levelDeviation = levelDeviation
    self.steadiness = steadiness
    self.speechToNoise = speechToNoise
    self.pauses = pauses
  }

  /// Whether somebody speaks: a fifth of a second of voice, in short stretches a tenth of them.
  public var isSpeech: Bool {
    voiced >= min(0.2, duration / 10) && levelDeviation >= 0.5 && steadiness <= 0.5
  }
}

/// Finds speech by its voiced sounds: periodic with a voice's pitch, for 60 ms at least, not far below the loudest, and with a pitch
/// that moves.
public struct VoiceActivityDetector: Sendable {
  /// Of 0 to 1.
  private static let leastPeriodicity: Float = 0.55
  /// dB of full scale.
  private static let leastLevel: Float = -70
  /// dB below the loudest frame.
  private static let range: Float = 35
  /// From one frame to the next, relative: a smaller change of the period is none.
  private static let leastMove: Float = 0.003
  /// Frames in a row.
  private static let leastRun = 3
  /// Frames around a voiced one that count as speech: 0.1 s.
  private static let margin = 5

  private let periodicity: Periodicity
  private let sampleRate: Int

  /// - Parameter sampleRate: Hz
  public init(sampleRate: Int) throws(SignalError) {
    periodicity = try Periodicity(sampleRate: sampleRate)
    self.sampleRate = sampleRate
  }

  /// Samples from one frame to the next.
  var hopLength: Int { periodicity.hopLength }

  /// Whether each frame is voiced.
  func voicedFrames(_ samples: Span<Float>) -> [Bool] { voicedFrames(periodicity(samples)) }

  public func callAsFunction(_ samples: Span<Float>) -> VoiceActivity {
    let frames = periodicity(samples)
    let voiced = voicedFrames(frames)
    let levels = frames.indices.filter { voiced[$0] }.map { Double(frames[$0].level) }
    let seconds = Double(periodicity.hopLength) / Double(sampleRate)
    let near = frames.indices.count { frame in
      voiced[max(0, frame - Self.margin)...min(frame + Self.margin, frames.count - 1)]
        .contains(true)
    }
    return VoiceActivity(
      duration: Double(samples.count) / Double(sampleRate),
      voiced: Double(levels.count) * seconds, speech: Double(near) * seconds,
      extent: Double(extent(of: voiced)) * seconds,
      levelDeviation: deviation(levels), steadiness: steadiness(frames, voiced),
      speechToNoise: meanPower(levels) - floor(of: frames), pauses: pauses(between: voiced))
  }

  private func pauses(between voiced: [Bool]) -> [Range<Int>] {
    var pauses: [Range<Int>] = []
    var last: Int?
    for frame in voiced.indices where voiced[frame] {
      if let last, (frame - last) * hopLength >= sampleRate {
        pauses.append((last + Self.margin) * hopLength..<(frame - Self.margin) * hopLength)
      }
      last = frame
    }
    return pauses
  }

  private func voicedFrames(_ frames: [Periodicity.Frame]) -> [Bool] {
    let loudest = frames.map(\.level).max() ?? 0
    let least = max(Self.leastLevel, loudest - Self.range)
    var voiced = frames.map { $0.periodicity > Self.leastPeriodicity && $0.level > least }
    var start = 0
    while start < voiced.count {
      let end = voiced[start...].firstIndex { $0 != voiced[start] } ?? voiced.count
      if end - start < Self.leastRun { for frame in start..<end { voiced[frame] = false } }
      start = end
    }
    return voiced
  }

  /// Frames from the first voiced one to the last.
  private func extent(of voiced: [Bool]) -> Int {
    guard let first = voiced.firstIndex(of: true), let last = voiced.lastIndex(of: true) else {
      return 0
    }
    return last - first + 1
  }

  private func steadiness(_ frames: [Periodicity.Frame], _ voiced: [Bool]) -> Double {
    let pairs = frames.indices.dropFirst().filter { voiced[$0 - 1] && voiced[$0] }
    let steady = pairs.count {
      abs(frames[$0].period - frames[$0 - 1].period) < Self.leastMove * frames[$0].period
    }
    return pairs.isEmpty ? 0 : Double(steady) / Double(pairs.count)
  }

  /// The level that a tenth of all frames stay below, dB.
  private func floor(of frames: [Periodicity.Frame]) -> Double {
    let sorted = frames.map(\.level).sorted()
    return sorted.isEmpty ? 0 : Double(sorted[sorted.count / 10])
  }

  /// dB; 0 for nothing.
  private func meanPower(_ levels: [Double]) -> Double {
    guard !levels.isEmpty else { return 0 }
    return 10 * log10(levels.reduce(0) { $0 + pow(10, $1 / 10) } / Double(levels.count))
  }

  private func deviation(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}
