/// How each clip is varied every time training sees it, so that the network learns what stays.
///
/// Changes of the waveform are another thing: `CopyOptions`. Changes of the spectrogram are drawn anew each
/// time; the warp needs bands along a frequency axis.
public struct AugmentationOptions: Codable, Sendable, Equatable {
  /// Chance of taking a degraded copy of a clip, where there are some.
  public var degradationChance: Float = 0.3
  /// Largest change of tempo on the spectrogram: 0.2 draws 0.8 to 1.2 times the length. Together
  /// with copies at other speeds it changes pitch without tempo.
  public var timeStretch: Float = 0.08
  /// Largest shift of the spectral envelope along the bands (vocal tract length perturbation,
  /// Jaitly and Hinton 2013): 0.1 draws 0.9 to 1.1.
  public var bandWarp: Float = 0.06
  /// Largest gain in decibels of each of three smooth curves along the bands, which are added to a clip: microphones and rooms
  /// colour a voice alike. It needs log-mel bands.
  public var equalizer: Float = 0
  /// Chance of moving a clip's bands by what distinguishes its speaker's mean recording from that of another training speaker, or
  /// part of the way: a voice, a microphone and a room are not to be taken for an emotion. After MixStyle (Zhou et al. 2021) along
  /// frequency (Kim et al. 2022), which move a clip to another clip. It needs log-mel bands.
  public var speakerStyleChance: Float = 0
  /// Chance of putting another clip of the same speaker and label behind a clip that is not degraded: recordings hold more than one
  /// sentence.
  public var joinChance: Float = 0
  /// Chance of taking a stretch of a clip, of half of it at least.
  public var cropChance: Float = 0
  /// Frequency masks (SpecAugment, Park et al. 2019): how many, and their largest width in bands.
  public var bandMasks = 0
  public var bandMaskWidth = 8
  /// Time masks: how many, and their largest width in frames.
  public var timeMasks = 0
  public var timeMaskWidth = 20
  /// Chance of mixing a clip with another, and the Beta distribution's parameter for the weights.
  public var mixupChance: Float = 0
  public var mixup: Float = 0.4

  public init() {}

  /// Leaves every clip as it is.
  public static var none: AugmentationOptions {
    var none = AugmentationOptions()
    none.timeStretch = 0
    none.bandWarp = 0
    return none
  }
}
