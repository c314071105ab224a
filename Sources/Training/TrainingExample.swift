public import Corpora
public import Features

/// A clip as training sees it: features of the recording and of its varied copies, the recording
/// itself first; none of them normalised yet.
public struct TrainingExample: Sendable {
  public var clip: Clip
  /// Index of its label among the model's.
  public var label: Int
  /// The recording first, then at other speeds.
  public var variants: [FeatureMap]
  /// Features of copies under the conditions of the augmentation.
  public var degraded: [FeatureMap]
  /// Chance of taking part in an epoch: 1 for the corpus a model is for, less for a large corpus
  /// that helps.
  public var share: Float

  /// Whether its corpus is not what a model is for.
  public var isHelper: Bool { share < 1 }

  public init(
    clip: Clip, label: Int, variants: [FeatureMap], degraded: [FeatureMap] = [], share: Float = 1
  ) {
    self.clip = clip
    self.label = label
    self.variants = variants
    self.degraded = degraded
    self.share = share
  }
}
