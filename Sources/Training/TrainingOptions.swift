public import Augmentation
import Foundation

/// How a network is trained: everything but the data and the network. Part of a preset, and written
/// beside the weights.
public struct TrainingOptions: Codable, Sendable, Equatable {
  /// Passes over the training part.
  public var epochs = 40
  /// How often an epoch takes each clip, each time varied anew.
  public var passesPerEpoch = 1
  /// Clips an optimiser step looks at.
  public var batchSize = 32
  /// Clips that are normalised together and run on one core. A batch is cut into shards, not into as
  /// many parts as there are cores, so that the result is the same on any machine.
  public var shardSize = 16
  /// Learning rate of each step.
  public var schedule = LearningRateSchedule.oneCycle(peak: 3e-3, warmup: 0.1)
  /// AdamW's (Loshchilov and Hutter 2019; `torch.optim.AdamW`), of matrices and kernels; with 0 it is Adam.
  public var weightDecay: Float = 0.01
  /// Fraction of the target that is spread evenly over all classes (Szegedy et al. 2016).
  public var labelSmoothing: Float = 0.1
  /// How much of a clip's target is what listeners took it for, where they were asked; the rest is what the actor meant.
  public var voteFraction: Float = 0
  /// How much of a clip's target is what teachers say of the copy that is drawn, where there are teachers.
  public var teacherFraction: Float = 0.5
  /// By what the teachers' logits are divided: above 1 their second choices count for more.
  public var teacherTemperature: Float = 1
  /// How much of a clip's loss is over all classes; the rest is over the labels that its corpus has. With 0 nobody learns that
  /// clips of a corpus without calm are not calm; with 1 nobody takes them for it.
  public var absentLabelWeight: Float = 1
  /// How much a clip counts, by its class.
  public var classWeights = ClassWeights.uniform
  /// How much it counts to tell how strongly an emotion is acted, where that is known, beside telling the emotion; 0 does not
  /// ask for it.
  public var intensity: Float = 0
  /// Longest gradient (Euclidean norm) of a step; longer ones are scaled down (Pascanu et al. 2013;
  /// `torch.nn.utils.clip_grad_norm_`). 0 for any length.
  public var clipNorm: Float = 5
  /// Keeps a moving average of the weights with this decay a step, and uses it instead of the last weights (Polyak and Juditsky
  /// 1992); 0 for none.
  public var averagingDecay: Float = 0.995
  /// Epochs without a better validation result after which training ends; 0 never ends it early.
  public var patience = 0
  /// Fraction of the epochs of which none is kept: while the learning rate is high, what a few speakers say is luck.
  public var selectionStart: Float = 0.6
  /// Of a second training on the training and the validation part together: its fraction of the epochs. Below 1 it goes on from
  /// the first training's weights; at 1 it begins anew.
  public var refitEpochFraction: Float = 1
  /// Vectors computed of each variant beside its own, of maps varied as the augmentation says; for functionals alone.
  public var vectorCopies = 2
  /// How clips are varied each time that an epoch takes them.
  public var augmentation = AugmentationOptions()
  /// What is done with the clips of auxiliary corpora.
  public var auxiliary = Auxiliary.included

  /// How much a clip counts, by its class.
  public enum ClassWeights: String, Codable, Sendable, CaseIterable {
    /// Each clip counts the same.
    case uniform
    /// Each class counts the same, over all corpora together.
    case balanced
    /// Each label of a corpus counts the same.
    case balancedByCorpus
  }

  /// What is done with the clips of auxiliary corpora.
  public enum Auxiliary: String, Codable, Sendable, CaseIterable {
    /// They are trained on like the others.
    case included
    /// They are not trained on.
    case excluded
  }

  /// The defaults, which a test pins.
  public init() {}

  /// Epochs of the second training.
  package var refitEpochs: Int { max(1, Int((Float(epochs) * refitEpochFraction).rounded())) }
}

/// The learning rate over the steps of a training.
public enum LearningRateSchedule: Codable, Sendable, Equatable {
  /// The same in every step.
  case constant(rate: Float)
  /// From a 25th of `peak` up to it during the fraction `warmup` of the steps, then down to nearly nothing, both along half a cosine
  /// (Smith 2018; `torch.optim.lr_scheduler.OneCycleLR` with its defaults).
  case oneCycle(peak: Float, warmup: Float)

  /// Its highest rate.
  public var peak: Float {
    get {
      switch self {
      case .constant(let rate): rate
      case .oneCycle(let peak, _): peak
      }
    }
    set {
      switch self {
      case .constant: self = .constant(rate: newValue)
      case .oneCycle(_, let warmup): self = .oneCycle(peak: newValue, warmup: warmup)
      }
    }
  }

  /// Fraction of the steps on the way up.
  var warmup: Float {
    if case .oneCycle(_, let warmup) = self { warmup } else { 0 }
  }

  /// The rate of step `step` of `steps`, the first being 0.
  public func rate(step: Int, of steps: Int) -> Float {
    let last = Float(max(steps - 1, 1))
    switch self {
    case .constant(let rate): return rate
    case .oneCycle(let peak, let warmup):
      // OneCycleLR's own places for the turning points.
      let turn = warmup * Float(steps) - 1
      if Float(step) <= turn, turn > 0 {
        return Self.halfCosine(peak / 25, peak, Float(step) / turn)
      }
      return Self.halfCosine(peak, peak / 25e4, (Float(step) - turn) / max(last - turn, 1))
    }
  }

  private static func halfCosine(_ from: Float, _ to: Float, _ fraction: Float) -> Float {
    to + (from - to) / 2 * (1 + cos(.pi * min(fraction, 1)))
  }
}
