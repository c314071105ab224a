public import AudioIO
import Glibc

extension Recognizer {
  /// Loads a weights file to serve it: beside what loading checks, it must answer a test signal with probabilities.
  ///
  /// A file whose weights are not numbers, or overflow, loads like any other and shows only when it is asked.
  public static func checked(
    modelAt path: String, name: String? = nil, limits: AudioLimits = .init(),
    decoders: DecoderPool = .shared,
    observe: @escaping StageObserver = { _, _ in }
  ) throws(ModelLoadError) -> Recognizer {
    let loaded = try Recognizer(
      modelAt: path, name: name, limits: limits, decoders: decoders)
    guard loaded.answersTestSignal else { throw .unusable(path: path) }
    return loaded.observed(by: observe)
  }

  private var answersTestSignal: Bool {
    guard let scores = try? scores(of: .testSignal) else { return false }
    let total = scores.reduce(0) { $0 + $1.probability }
    return scores.allSatisfy { $0.probability.isFinite } && abs(total - 1) < 1e-3
  }
}

extension Waveform {
  /// Two seconds of a gliding tone, loud enough for every front end.
  fileprivate static var testSignal: Waveform {
    let rate = 16_000
    let samples = (0..<2 * rate).map { index in
      let time = Float(index) / Float(rate)
      return 0.5 * sin(2 * Float.pi * (200 + 400 * time) * time)
    }
    return Waveform(samples: samples, sampleRate: rate)
  }
}
