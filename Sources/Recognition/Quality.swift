import AudioIO
import SignalProcessing

/// What makes a recording hard to classify.
public enum QualityNote: String, Sendable, CaseIterable {
  /// Nobody seems to speak.
  case noSpeech = "no-speech"
  /// Less than a second of speech.
  case short
  /// Less than a quarter of the recording is speech.
  case mostlySilence = "mostly-silence"
  /// Speech is less than 11 dB above what is between words.
  case noisy
  /// More than a thousandth of the samples stands at full scale, in a format that cannot go past it.
  case clipped
  /// Its windows disagree: most of the speech sounds like something else than the whole does.
  case mixed
  /// Two channels were mixed that hold different voices.
  case stereoDiffers = "stereo-differs"
  /// Recorded with fewer samples a second than the model takes.
  case lowRate = "low-rate"
  /// The recording ends before the samples that its header names.
  case truncated
}

/// Counts samples at full scale of formats that lose what is louder, as they were decoded: resampling hides them.
struct ClippingCount: Sendable {
  private static let fullScale: Float = 0.999

  private var samples = 0
  private var clipped = 0

  mutating func add(_ samples: ArraySlice<Float>) {
    self.samples += samples.count
    // Most recordings clip nowhere, and the peak is found sixteen samples at a time.
    guard peakMagnitude(samples.span) >= Self.fullScale else { return }
    clipped += samples.count { $0.magnitude >= Self.fullScale }
  }

  /// Of 0 to 1.
  var fraction: Double { samples == 0 ? 0 : Double(clipped) / Double(samples) }
}

/// Gathers what a recording's quality is told from, stretch by stretch. Stretches may overlap.
struct QualityGauge: Sendable {
  private var duration = 0.0
  private var speech = 0.0
  private var voiced = 0.0
  private var speechToNoise = 0.0

  init() {}

  init(_ activity: VoiceActivity) { add(activity) }

  mutating func add(_ activity: VoiceActivity) {
    duration += activity.duration
    guard activity.isSpeech else { return }
    speech += activity.speech
    voiced += activity.voiced
    speechToNoise += activity.speechToNoise * activity.voiced
  }

  /// - Parameters:
  ///   - recording: What was decoded.
  ///   - clipped: The fraction of its samples at full scale.
  ///   - modelRate: Hz that the model takes.
  func notes(
    on recording: AudioDescription, clipped: Double, modelRate: Int
  ) -> [QualityNote] {
    let fraction = duration > 0 ? speech / duration : 0
    return QualityNote.allCases.filter { note in
      switch note {
      case .noSpeech: speech == 0
      case .short: speech > 0 && fraction * recording.duration < 1
      case .mostlySilence: speech > 0 && fraction < 0.25
      case .noisy: speech > 0 && speechToNoise < 11 * voiced
      case .clipped: clipped > 0.001
      // Known to who classified the windows.
      case .mixed: false
      case .stereoDiffers: speech > 0 && recording.mixesVoices
      case .lowRate: recording.sampleRate < modelRate
      case .truncated: recording.isTruncated
      }
    }
  }
}
