public import SignalProcessing

/// Everything about the features that a network's weights depend on; stored with them as JSON. Its defaults are those of
/// the default network.
public struct FrontEndConfiguration: Encodable, Sendable, Equatable {
  /// Hz; recordings of another rate are resampled.
  public var sampleRate = 16_000
  /// Silence cut off at both ends; none when absent.
  public var trim: TrimConfiguration? = .init()
  /// A recording is silent when no frame's RMS level reaches this, in dB of full scale.
  public var silenceFloor = -80.0
  /// Seconds that must be left after trimming.
  public var minimumDuration = 0.25
  /// Samples from one frame to the next, for all features.
  public var hopLength = 160
  /// How frames become spectra, where a feature doesn't say otherwise.
  public var spectrum = SpectrumConfiguration()
  /// The channels of the feature map, all with as many bands.
  public var channels: [ChannelConfiguration] = [.init(features: [.init(.logMel(.init()))])]
  /// Of the channels that do not say otherwise.
  public var normalization = Normalization.utterance
  public var length = LengthRule.any
  /// Statistics over time that replace the map; nil leaves the map.
  public var functionals: FunctionalsConfiguration?

  public init() {}

  enum CodingKeys: String, CodingKey {
    case sampleRate, trim, silenceFloor, minimumDuration, hopLength, spectrum, channels
    case normalization, length, functionals
  }
}

extension FrontEndConfiguration {
  /// F: bands of a feature map, before functionals.
  public var bands: Int { channels.first?.bands ?? 0 }

  /// C: channels of a feature map, before functionals.
  public var channelCount: Int { channels.count }

  /// What a network gets: bands and channels of each frame, and whether there is one frame a recording.
  public var networkInput: (bands: Int, channels: Int, isVector: Bool) {
    if let functionals { (1, functionals.count, true) } else { (bands, channelCount, false) }
  }

  /// Whether every channel is log-mel bands and nothing else, which a microphone or a voice changes by adding to them.
  package var isLogarithmic: Bool {
    channels.allSatisfy {
      $0.features.count == 1 && $0.features[0].source.options is LogMelConfiguration
    }
  }

  /// Whether training has to find the statistics that normalise maps.
  public var needsStatistics: Bool { normalization == .fixed(nil) }

  /// How a channel is brought to a common scale: by its own rule or, where it has none, the front end's.
  func rule(of channel: ChannelConfiguration) -> Normalization {
    channel.normalization ?? normalization
  }

  /// Seconds from one frame to the next.
  public var frameDuration: Double { Double(hopLength) / Double(sampleRate) }
}

/// `librosa.effects.trim`
public struct TrimConfiguration: Codable, Sendable, Equatable {
  /// Frames this far below the loudest are silent, in dB.
  public var decibels = 38.0
  /// Frames less than this above the noise floor are silent too, in dB; nil knows no floor.
  public var margin: Double?
  /// Samples in a frame: 25 ms at 16 kHz.
  public var frameLength = 400
  /// Samples from one frame to the next: 10 ms at 16 kHz.
  public var hopLength = 160

  public init() {}
}

public struct SpectrumConfiguration: Codable, Sendable, Equatable, Hashable {
  /// Points of the Fourier transform.
  public var fftSize = 512
  /// Samples under the window: 25 ms at 16 kHz.
  public var windowLength = 400
  public var window = Window.hann
  /// Takes the spectrum of the recording resampled to this fraction of the sample rate, 1 when absent: low frequencies are
  /// resolved as finely by a transform so many times shorter. `fftSize` and `windowLength` count its samples, the hop does not.
  public var decimation: Int?

  public init(
    fftSize: Int = 512, windowLength: Int = 400, window: Window = .hann, decimation: Int? = nil
  ) {
    self.fftSize = fftSize
    self.windowLength = windowLength
    self.window = window
    self.decimation = decimation
  }
}

/// One channel of the feature map: features one above the other along the band axis.
public struct ChannelConfiguration: Codable, Sendable, Equatable {
  public var features: [FeatureConfiguration]
  /// Stretches or squeezes the band axis to that many bands, by linear interpolation.
  public var resizedBands: Int?
  /// Replaces the front end's rule for this channel; not `fixed`, whose statistics are the front end's.
  public var normalization: Normalization?

  public init(
    features: [FeatureConfiguration], resizedBands: Int? = nil, normalization: Normalization? = nil
  ) {
    self.features = features
    self.resizedBands = resizedBands
    self.normalization = normalization
  }
}

/// A feature, or its change over time.
public struct FeatureConfiguration: Codable, Sendable, Equatable {
  public var source: FeatureSource
  /// Takes the derivative over time.
  public var delta: DeltaConfiguration?
  /// Replaces the front end's spectrum for this feature.
  public var spectrum: SpectrumConfiguration?

  public init(
    _ source: FeatureSource, delta: DeltaConfiguration? = nil,
    spectrum: SpectrumConfiguration? = nil
  ) {
    self.source = source
    self.delta = delta
    self.spectrum = spectrum
  }
}

/// `librosa.feature.delta`
public struct DeltaConfiguration: Codable, Sendable, Equatable {
  /// Which derivative.
  public var order = 1
  /// Frames of the window, odd.
  public var width = 9

  public init(order: Int = 1, width: Int = 9) {
    self.order = order
    self.width = width
  }
}

/// How a map is brought to a common scale.
public enum Normalization: Sendable, Equatable {
  /// Not at all.
  case none
  /// One mean and deviation for each channel of the recording: takes the level out and keeps the spectral tilt.
  case utterance
  /// A mean and deviation for each band of each channel of the recording.
  case perBand
  /// A mean and deviation for each feature of each channel of the recording.
  case perFeature
  /// A mean and deviation for each band of each channel, found on the training part; nil until they are.
  case fixed(FeatureStatistics?)
}

/// How many frames a map has in the end.
public enum LengthRule: Sendable, Equatable {
  /// As many as the recording gives.
  case any
  /// Longer maps keep their middle; shorter ones, already normalised, get zeros at one end.
  case fixed(frames: Int, padding: Padding = .after)
  /// The time axis is stretched or squeezed by linear interpolation, as a picture would be.
  case resized(frames: Int)

  /// Where zeros go. Before the sound, they leave a recurrent network with the sound's end in mind.
  public enum Padding: String, Codable, Sendable {
    case before, after
  }
}
