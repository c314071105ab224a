import Corpora
import EmotionModel
import Evaluation
import Experiments
import Features
import LinearAlgebra
import NeuralNetwork
import SafeTensors
import TestSupport
import Testing
import Training
import TrainingTestSupport

@Suite("An ensemble")
struct EnsembleTests {
  private let clips = Chirps.examples(9, seed: 4)

  private func logits(_ network: Network, _ weights: Weights) async -> [Float] {
    await network.logits(of: clips, frontEnd: Chirps.frontEnd, weights: weights).flatMap(\.self)
  }

  @Test("is one network whose logits are the weighted sum of its members'")
  func sum() async throws {
    let network = try Chirps.network()
    let members = (0..<3).map { network.initialWeights(seed: $0) }
    let ensemble = try Ensemble(
      [
        .init(name: "pair", share: 0.8, network: network, members: Array(members[0...1])),
        .init(name: "single", share: 0.2, network: network, members: [members[2]]),
      ], bands: network.spec.bands, channels: network.spec.channels)
    var sum = [Float](repeating: 0, count: 18)
    for (member, share) in zip(members, [0.4, 0.4, 0.2] as [Float]) {
      for (place, logit) in await logits(network, member).enumerated() {
        sum[place] += share * logit
      }
    }
    #expect(relativeDifference(await logits(ensemble.network, ensemble.weights), sum) < 1e-5)
  }

  @Test("of one network is that network")
  func single() async throws {
    let network = try Chirps.network()
    let weights = network.initialWeights(seed: 7)
    let ensemble = try Ensemble(
      [.init(name: "own", network: network, members: [weights])], bands: network.spec.bands,
      channels: network.spec.channels)
    #expect(ensemble.weights == weights)
    #expect(ensemble.network.layers.count == network.layers.count)
  }
}

@Suite("An experiment")
struct ExperimentTests {
  private let clips = Chirps.examples(40, seed: 1)

  private func experiment(_ change: (inout Preset) -> Void) throws -> Experiment {
    var preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(["0", "1"]),
      features: Chirps.frontEnd.configuration, layers: try Chirps.network().spec.layers,
      training: Chirps.options(epochs: 1))
    change(&preset)
    return try Experiment(preset: preset, network: try preset.network(), examples: clips)
  }

  private func fit(_ experiment: Experiment) async throws -> FittedModel {
    try await experiment.fit(
      training: clips.indices.filter { $0 % 5 > 0 },
      validation: clips.indices.filter { $0 % 5 == 0 }, seed: 1)
  }

  private var functionals: Companion {
    var training = Chirps.options(epochs: 3)
    training.members = 2
    training.passesPerEpoch = 2
    let channels = Chirps.frontEnd.configuration.channels.count
    return Companion(
      name: "statistics", share: 0.6,
      layers: [
        .functionals(.init(name: "functionals", coefficients: .init(repeating: 6, count: channels))),
        .standardize(.init(name: "scale")), .dense(.init(name: "classes", units: 2)),
        .softmax(.init(name: "softmax")),
      ], training: training)
  }

  @Test("trains members from different seeds, the same each time")
  func members() async throws {
    let experiment = try experiment { $0.training.members = 2 }
    let fitted = try await fit(experiment)
    #expect(fitted.members.count == 2 && !fitted.wasInterrupted)
    #expect(fitted.members[0].weights != fitted.members[1].weights)
    #expect(try await fit(experiment).weights == fitted.weights)
    let outcomes = await fitted.outcomes(on: [3, 7].map { experiment.examples[$0] })
    #expect(outcomes.map(\.target) == [1, 1])
    #expect(outcomes.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
  }

  @Test("trains companions apart and adds them to what it promised")
  func companions() async throws {
    let experiment = try experiment { $0.companions = [functionals] }
    let fitted = try await fit(experiment)
    #expect(fitted.members.map(\.history.count) == [1, 3, 3])
    #expect(fitted.network.spec == experiment.network.spec)
    let file = try ModelFile(
      name: "both", labels: ["0", "1"], features: Chirps.frontEnd.configuration.fingerprint,
      network: fitted.network, weights: fitted.weights)
    // Means and deviations were found, not left at 0 and 1.
    let scale = try #require(
      file.weights.tensors(of: file.network).first {
        $0.0 == "statistics-member1-scale.deviation"
      })
    #expect(scale.1.values.allSatisfy { $0 > 0 } && scale.1.values.contains { $0 != 1 })
  }

  @Test("lets functionals hear some channels alone, as if there were no others")
  func functionalsOfSomePlanes() async throws {
    let alone = try await fit(try experiment { $0.companions = [functionals] })
    // The same channel behind another one, that is louder.
    var features = Chirps.frontEnd.configuration
    features.channels += features.channels
    let doubled = clips.map { clip in
      var clip = clip
      clip.variants = clip.variants.map { map in
        FeatureMap(
          frames: map.frames, bands: map.bands, channels: 2,
          values: map.values.flatMap { [3 * $0 + 5, $0] })
      }
      return clip
    }
    var preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(["0", "1"]), features: features,
      layers: try Chirps.network().spec.layers, training: Chirps.options(epochs: 1),
      companions: [functionals])
    let selection = LayerSpec.selectChannels(.init(name: "channels", channels: [1]))
    preset.layers.insert(selection, at: 0)
    preset.companions[0].layers.insert(selection, at: 0)
    let experiment = try Experiment(
      preset: preset, network: try preset.network(), examples: doubled)
    let fitted = try await fit(experiment)
    #expect(fitted.network.spec == experiment.network.spec)
    #expect(fitted.weights.statistics == alone.weights.statistics)
    #expect(fitted.weights.parameters == alone.weights.parameters)
    let outcomes = await fitted.outcomes(on: doubled)
    #expect(
      outcomes.map(\.probabilities) == (await alone.outcomes(on: clips)).map(\.probabilities))
  }

  @Test("that asks for intensity too gives the network it promised")
  func intensity() async throws {
    let experiment = try experiment {
      $0.companions = [functionals]
      $0.training.intensity = 1
      $0.companions[0].training.intensity = 0.5
    }
    let fitted = try await fit(experiment)
    #expect(fitted.network.spec == experiment.network.spec)
    #expect(fitted.weights.parameters.count == experiment.network.layout.parameterCount)
  }

  @Test("learns in the end from the validation part too, if asked, and keeps its temperature")
  func refit() async throws {
    let once = try await fit(try experiment { _ in })
    let fitted = try await fit(try experiment { $0.training.refit = true })
    #expect(once.taught.count == 32 && fitted.taught.count == 40)
    #expect(fitted.members.count == 2 && fitted.members[1].history[0].validationLoss == nil)
    #expect(fitted.temperature.temperature == once.temperature.temperature)
    #expect(fitted.weights != once.weights)
  }

  @Test("goes on from the first training when the second is to be a short one")
  func refitEpochFraction() async throws {
    let experiment = try experiment {
      $0.training.epochs = 20
      $0.training.refit = true
      $0.training.refitEpochFraction = 0.1
    }
    let fitted = try await fit(experiment)
    #expect(fitted.members.map(\.history.count) == [20, 2])
    #expect(experiment.preset.epochs == 22)
    let (first, second) = (fitted.members[0].history, fitted.members[1].history)
    #expect(second[0].trainingLoss < 0.8 * first[0].trainingLoss)
  }

  @Test("of networks that select channels gives what the same networks give that are shown no others")
  func channels() async throws {
    let alone = try experiment { _ in }
    let beside = clips.map { clip in
      var clip = clip
      clip.variants = clip.variants.map(\.besideNoise)
      return clip
    }
    var preset = alone.preset
    preset.features.channels += preset.features.channels
    preset.layers.insert(.selectChannels(.init(name: "channels", channels: [1])), at: 0)
    let selecting = try Experiment(
      preset: preset, network: try preset.network(), examples: beside)
    let (wanted, found) = (try await fit(alone), try await fit(selecting))
    #expect(found.weights == wanted.weights)
    #expect(found.validation == wanted.validation)
    #expect(found.network.spec.channels == 2)
  }
}

extension FeatureMap {
  /// The map as the second of two channels.
  fileprivate var besideNoise: FeatureMap {
    var random = RandomSource(seed: UInt64(frames))
    return FeatureMap(
      frames: frames, bands: bands, channels: 2,
      values: values.flatMap { [40 * random.normal(), $0] })
  }
}
