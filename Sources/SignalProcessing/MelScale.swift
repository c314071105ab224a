import Glibc

/// How pitch grows with frequency (`librosa.hz_to_mel`, `librosa.mel_to_hz`).
public enum MelScale: String, Sendable, Codable, CaseIterable {
  /// Slaney's Auditory Toolbox: linear below 1 kHz, logarithmic above. librosa's default.
  case slaney
  /// 2595 log10(1 + f/700)
  case htk

  // Slaney's: 15 mel at 1 kHz, and 27 steps for a factor of 6.4.
  private static let linearStep = 200.0 / 3
  private static let kneeFrequency = 1000.0
  private static let kneeMel = kneeFrequency / linearStep
  private static let logStep = log(6.4) / 27

  public func mel(_ hertz: Double) -> Double {
    switch self {
    case .htk: 2595 * log10(1 + hertz / 700)
    case .slaney where hertz < Self.kneeFrequency: hertz / Self.linearStep
    case .slaney: Self.kneeMel + log(hertz / Self.kneeFrequency) / Self.logStep
    }
  }

  public func hertz(_ mel: Double) -> Double {
    switch self {
    case .htk: 700 * (pow(10, mel / 2595) - 1)
    case .slaney where mel < Self.kneeMel: mel * Self.linearStep
    case .slaney: Self.kneeFrequency * exp(Self.logStep * (mel - Self.kneeMel))
    }
  }

  /// `count` frequencies in Hz, evenly spaced in mel (`librosa.mel_frequencies`).
  package func frequencies(_ count: Int, from low: Double, to high: Double) -> [Double] {
    let (first, last) = (mel(low), mel(high))
    return (0..<count).map { hertz(first + (last - first) * Double($0) / Double(count - 1)) }
  }
}
