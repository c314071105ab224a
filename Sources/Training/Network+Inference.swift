import Corpora
public import Features
public import NeuralNetwork

extension Network {
  /// Why a clip is of no use to this network, if so: it is too short for an answer.
  /// - Parameters:
  ///   - frontEnd: The network's own.
  ///   - channels: Which of the example's channels network and front end take; nil for all.
  public func refusal(
    of example: TrainingExample, frontEnd: FrontEnd, channels: [Int]? = nil
  ) -> UnusableClip? {
    let map = frontEnd.networkInput(of: example.recording.selecting(channels))
    guard outputFrames(map.frames) < 1 else { return nil }
    let frame = frontEnd.configuration.frameDuration
    let error = FeatureError.tooShort(
      duration: Double(map.frames) * frame, minimum: Double(minimumFrames) * frame)
    return UnusableClip(path: example.clip.path, reason: .features(error))
  }

  /// Logits of each example's recording, (examples, outputs), on all cores. Batch normalisation is folded first.
  /// - Parameters:
  ///   - weights: As trained.
  ///   - input: What the network gets of an example's map.
  package func logits(
    of examples: [TrainingExample], weights: Weights,
    input: @escaping @Sendable (FeatureMap) -> FeatureMap
  ) async -> [[Float]] {
    let (network, weights) = folded(weights)
    let parts = stride(from: 0, to: examples.count, by: 16).map {
      $0..<min($0 + 16, examples.count)
    }
    return await withTaskGroup(of: (Int, [[Float]]).self) { group in
      for part in parts {
        group.addTask {
          let logits = part.map { index in
            network.logits(Batch([input(examples[index].recording)]), weights).values
          }
          return (part.lowerBound, logits)
        }
      }
      return await group.reduce(into: [[Float]](repeating: [], count: examples.count)) {
        $0.replaceSubrange($1.0..<$1.0 + $1.1.count, with: $1.1)
      }
    }
  }
}
