import Corpora
package import Features
import NeuralNetwork

/// What all steps of a training share.
package struct TrainingContext: Sendable {
  let network: Network
  /// The member's own. Where it gives functionals, the examples hold vectors already.
  let frontEnd: FrontEnd
  let options: TrainingOptions
  let heads: OutputHeads
  /// What the labels of each corpus count.
  let labels: [String: CorpusLabels]
  /// Of the examples' channels, those that the network takes; nil for all.
  let channels: [Int]?
  /// Of the training speakers, where the augmentation asks for them.
  let styles: SpeakerStyles?
  /// Of the training clips, where the augmentation joins some.
  let partners: ClipPartners?
  let seed: UInt64
  /// A digest of the clips, for checkpoints.
  let clips: String

  /// What a training clip should answer, among the labels that its corpus has.
  /// - Parameter copy: Which of its copies is learned from, the variants first.
  func target(of example: TrainingExample, copy: Int) -> Target {
    guard let own = labels[example.clip.corpus] else {
      preconditionFailure("no training clip of corpus \(example.clip.corpus)")
    }
    return heads.target(
      of: example, copy: copy, labels: own.labels, options, weight: own.weights[example.label])
  }

  /// What a validation clip should answer: its label, without smoothing, votes or teachers.
  func plainTarget(of example: TrainingExample) -> Target {
    var plain = TrainingOptions()
    plain.labelSmoothing = 0
    plain.teacherFraction = 0
    plain.absentLabelWeight = options.absentLabelWeight
    let classes = OutputHeads(classes: heads.classes, intensity: 0)
    let own = labels[example.clip.corpus]?.labels ?? Array(0..<heads.classes)
    return classes.target(of: example, labels: own, plain, weight: 1)
  }

  private var takesVectors: Bool { frontEnd.configuration.functionals != nil }

  /// The channels of an example's map that the network takes.
  func own(_ map: FeatureMap) -> FeatureMap { takesVectors ? map : map.selecting(channels) }

  /// What the network gets of a map of its own channels.
  func networkInput(of map: FeatureMap) -> FeatureMap {
    takesVectors ? map : frontEnd.networkInput(of: map)
  }
}

extension FeatureMap {
  /// Some of its channels, or all of them for nil.
  package func selecting(_ channels: [Int]?) -> FeatureMap {
    if let channels { selecting(channels) } else { self }
  }
}
