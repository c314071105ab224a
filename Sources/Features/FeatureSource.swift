public import SignalProcessing

/// The features there are, with librosa's definitions.
public enum FeatureSource: Sendable, Equatable {
  /// `melspectrogram`
  case mel(MelConfiguration)
  /// `power_to_db(melspectrogram)`
  case logMel(LogMelConfiguration)
  /// `mfcc`
  case mfcc(MFCCConfiguration)
  /// `chroma_stft`
  case chroma(ChromaConfiguration)
  /// `spectral_contrast`
  case contrast(ContrastConfiguration)
  /// `spectral_centroid`, Hz
  case centroid
  /// `spectral_bandwidth`, Hz
  case bandwidth
  /// `spectral_rolloff`, Hz
  case rolloff(RolloffConfiguration)
  /// `spectral_flatness`
  case flatness
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

public struct ChromaConfiguration: Codable, Sendable, Equatable {
  /// Pitch classes in an octave.
  public var classes = 12
  /// Deviation from A440 in fractions of a class; estimated from the recording when absent, librosa's default.
  public var tuning: Double?

  public init(classes: Int = 12, tuning: Double? = nil) {
    self.classes = classes
    self.tuning = tuning
  }
}

public struct ContrastConfiguration: Codable, Sendable, Equatable {
  /// Octaves above `low`; there is one band more, for what lies below.
  public var octaves = 6
  /// Hz
  public var low = 200.0
  /// Share of an octave's bins that count as peak, and as valley.
  public var quantile = 0.02
  /// Differences of magnitudes, not of decibels.
  public var isLinear = false

  public init(octaves: Int = 6) {
    self.octaves = octaves
  }
}

public struct RolloffConfiguration: Codable, Sendable, Equatable {
  /// Share of the magnitude that lies below.
  public var fraction = 0.85

  public init(fraction: Double = 0.85) {
    self.fraction = fraction
  }
}
