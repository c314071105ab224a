import Augmentation
import Corpora
package import Features
import LinearAlgebra

/// The mean style of each training speaker.
package struct SpeakerStyles: Sendable {
  private struct Speaker: Hashable {
    let corpus: String
    let name: String

    init(_ example: TrainingExample) {
      corpus = example.clip.corpus
      name = example.clip.speaker
    }
  }

  private let styles: [Speaker: BandStyle]
  /// The speakers of each corpus.
  private let corpora: [[BandStyle]]

  /// - Parameter own: The channels that the network takes.
  package init(of examples: [TrainingExample], own: (FeatureMap) -> FeatureMap) {
    styles = Dictionary(grouping: examples, by: Speaker.init).mapValues { examples in
      BandStyle(meanOf: examples.map { BandStyle(of: own($0.recording)) })
    }
    let speakers = Dictionary(grouping: styles) { $0.key.corpus }
    corpora = speakers.sorted { $0.key < $1.key }.map { corpus in
      corpus.value.sorted { $0.key.name < $1.key.name }.map(\.value)
    }
  }

  /// The mean speaker's style, all corpora counting the same.
  package var mean: BandStyle { BandStyle(meanOf: corpora.map(BandStyle.init(meanOf:))) }

  /// Moves a map some of the way to a speaker drawn from a corpus, all corpora being equally likely.
  func move(_ map: inout FeatureMap, of example: TrainingExample, _ random: inout RandomSource) {
    guard let own = styles[Speaker(example)] else {
      preconditionFailure("no training clip of speaker \(example.clip.speaker)")
    }
    let speakers = corpora[random.index(below: corpora.count)]
    map.move(
      from: own, to: speakers[random.index(below: speakers.count)], fraction: random.uniform())
  }
}
