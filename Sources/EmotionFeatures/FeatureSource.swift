public import SignalProcessing

/// The features there are, with librosa's definitions.
public enum FeatureSource: Sendable, Equatable {
  /// `melspectrogram`
  case mel(MelConfiguration)
  /// `power_to_db(melspectrogram)`
  case logMel(LogMelConfiguration)
  /// `mfcc`
  case mfcc(MFCCConfiguration)
  /// `rms`, in frames as long as the transform
  case rms
  /// `zero_crossing_rate`, in frames as long as the transform
  case zeroCrossingRate
}

/// `librosa.filters.mel`
public struct MelConfiguration: Codable, Sendable, Equatable {
  public var bands: Int
  /// Hz
  public var low: Double
  /// Hz; half the sample rate when absent.
  public var high: Double?
  public var scale = MelScale.slaney
  public var norm = MelBank.Norm.slaney

  public init(bands: Int = 80, low: Double = 20, high: Double? = 8000) {
    self.bands = bands
    self.low = low
    self.high = high
  }
}

public struct LogMelConfiguration: Codable, Sendable, Equatable {
  public var mel = MelConfiguration()
  /// Power that smaller ones count as.
  public var floor = 1e-10
  /// Limits how far below the loudest value others lie, in dB; librosa's 80 would tie quiet parts to the loudest.
  public var range: Double?

  public init(mel: MelConfiguration = .init()) {
    self.mel = mel
  }
}

public struct MFCCConfiguration: Codable, Sendable, Equatable {
  public var coefficients = 40
  /// librosa's bands: 128, from 0 Hz to half the sample rate.
  public var mel = MelConfiguration(bands: 128, low: 0, high: nil)
  /// 0: none.
  public var lifter = 0.0
  /// Power that smaller ones count as.
  public var floor = 1e-10
  /// dB below the loudest value; librosa's default.
  public var range: Double? = 80

  public init(coefficients: Int = 40) {
    self.coefficients = coefficients
  }
}
