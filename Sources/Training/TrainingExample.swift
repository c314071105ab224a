public import Corpora
public import Features

/// A clip as training sees it: features of the recording and of its augmented copies, the recording
/// itself first; none of them normalised yet.
public struct TrainingExample: Sendable {
  /// What is known of the recording: file, corpus, speaker, emotion.
  public var clip: Clip
  /// Index of its label among the model's, from 0.
  public var label: Int
  /// Maps (T, F, C) of the recording first, then of its copies at other speeds and pitches.
  public var variants: [CompactMap]
  /// Features of copies under the degradations of the augmentation.
  public var degraded: [CompactMap]
  /// The fraction of listeners who voted for each of the model's labels; nil where nobody was asked.
  public var votes: [Float]?
  /// What teachers say of each copy, the variants first: a logit for each of the model's labels; nil without teachers.
  public var teacherLogits: [[Float]]?
  /// Chance of taking part in an epoch: less than 1 where a large corpus would drown the others.
  public var samplingRate: Float

  /// Whether its corpus is auxiliary: training may use it, but it does not decide which epoch is kept.
  public var isAuxiliary: Bool

  /// Features of the recording itself.
  public var recording: FeatureMap { variants[0].map }

  /// - Parameter variants: At least the recording's own features.
  public init(
    clip: Clip, label: Int, variants: [CompactMap], degraded: [CompactMap] = [],
    votes: [Float]? = nil, samplingRate: Float = 1, isAuxiliary: Bool = false
  ) {
    self.clip = clip
    self.label = label
    self.variants = variants
    self.degraded = degraded
    self.votes = votes
    self.samplingRate = samplingRate
    self.isAuxiliary = isAuxiliary
  }
}
