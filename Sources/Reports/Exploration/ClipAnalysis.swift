import AudioIO
import Features
import Glibc
import SignalProcessing

/// Everything about one clip that the pictures of a corpus show.
struct ClipAnalysis: Sendable {
  let samples: [Float]
  let sampleRate: Int
  /// Seconds from one frame to the next.
  let hopDuration: Double
  /// Decibels
  let logMel: Frames
  /// Hz, of each mel band.
  let melCentres: [Double]
  let mfcc: Frames
  /// Hz, of the frames that are voiced.
  let pitch: [Float?]
  /// Level of each frame, dB of full scale.
  let level: [Float]
  /// Hz, of each frame.
  let centroid: [Float]

  var duration: Double { Double(samples.count) / Double(sampleRate) }
}

/// Computes them: 16 kHz, frames of 25 ms every 10 ms, 64 mel bands, 20 coefficients.
struct ClipAnalyzer: Sendable {
  private static let sampleRate = 16_000
  private static let hopLength = 160
  private static let melBands = 64
  /// A frame less periodic than this, or this far below the loudest, has no pitch to speak of.
  private static let largestAperiodicity: Float = 0.3
  private static let quietest: Float = 35

  private let stft: STFT
  private let bank: MelBank
  private let mfcc: MFCC
  private let tracker: PitchTracker
  private let energy: FrameEnergy
  private let shape: SpectralShape

  init() throws(SignalError) {
    stft = try STFT(fftSize: 512, windowLength: 400, hopLength: Self.hopLength)
    bank = try MelBank(
      sampleRate: Self.sampleRate, fftSize: 512, bandCount: Self.melBands, low: 20, high: 8000)
    mfcc = try MFCC(bank: bank, coefficients: 20)
    tracker = try PitchTracker(
      sampleRate: Self.sampleRate, low: 65, high: 600, frameLength: 800,
      hopLength: Self.hopLength)
    energy = try FrameEnergy(frameLength: 400, hopLength: Self.hopLength)
    shape = try SpectralShape(.centroid, sampleRate: Self.sampleRate, fftSize: 512)
  }

  func callAsFunction(_ recording: Waveform) throws(FeatureError) -> ClipAnalysis {
    let samples = try recording.resampled(to: Self.sampleRate).samples
    let power = stft.power(of: samples.span)
    let level = energy(samples.span).values.map { 20 * log10(max($0, 1e-5)) }
    let loudest = level.max() ?? 0
    let pitch = tracker(samples.span).enumerated().map { t, pitch -> Float? in
      let isVoiced =
        pitch.aperiodicity < Self.largestAperiodicity && t < level.count
        && level[t] > loudest - Self.quietest
      return isVoiced ? pitch.frequency : nil
    }
    return ClipAnalysis(
      samples: samples, sampleRate: Self.sampleRate,
      hopDuration: Double(Self.hopLength) / Double(Self.sampleRate),
      logMel: LogMel(bank: bank)(power), melCentres: melCentres, mfcc: mfcc(power), pitch: pitch,
      level: level, centroid: shape(power).values)
  }

  private var melCentres: [Double] {
    MelScale.slaney.frequencies(Self.melBands + 2, from: 20, to: 8000).dropFirst().dropLast()
      .map { $0 }
  }
}
