import Glibc

/// Mel-frequency cepstral coefficients (`librosa.feature.mfcc`).
public struct MFCC: SpectralFeature {
  let logMel: LogMel
  let transform: CosineTransform
  /// A factor for each coefficient; absent when all are 1.
  let lifter: [Float]?

  /// - Parameter lifter: raises higher coefficients by 1 + (lifter/2) · sin(π n/lifter); 0 leaves them.
  public init(
    bank: MelBank, coefficients: Int = 20, lifter: Double = 0, decibels: Decibels = .init()
  ) throws(SignalError) {
    try require(lifter >= 0 && lifter.isFinite, "lifter", lifter)
    logMel = LogMel(bank: bank, decibels: decibels)
    transform = try CosineTransform(inputs: bank.bandCount, outputs: coefficients)
    self.lifter =
      lifter == 0
      ? nil
      : (1...coefficients).map { Float(1 + lifter / 2 * sin(Double.pi * Double($0) / lifter)) }
  }

  public var width: Int { transform.outputs }
  public func rows(_ power: Frames) -> Frames { logMel.rows(power) }

  public func finish(_ rows: consuming Frames) -> Frames {
    let cepstrum = transform(logMel.finish(rows))
    guard let lifter else { return cepstrum }
    return cepstrum.map(to: lifter.count) { multiply($0, lifter.span, into: &$1, at: $2) }
  }
}
