import Corpora
import Evaluation
import Experiments
import Features
import LinearAlgebra
import NeuralNetwork
import Synchronization
import TestSupport
import Testing
import Training
import TrainingTestSupport

@Suite("An experiment")
struct ExperimentTests {
  private let clips = Chirps.examples(40, seed: 1)

  private func preset(_ change: (inout Preset) -> Void = { _ in }) throws -> Preset {
    var preset = Preset(
      name: "chirps", summary: "", labels: LabelSet(["0", "1"]),
      features: Chirps.frontEnd.configuration,
      members: [
        .init(layers: try Chirps.network().spec.layers, training: Chirps.options(epochs: 1))
      ])
    change(&preset)
    return preset
  }

  private func experiment(_ change: (inout Preset) -> Void = { _ in }) throws -> Experiment {
    try Experiment(preset: try preset(change), examples: clips)
  }

  private func fit(_ experiment: Experiment) async throws -> FittedModel {
    try await experiment.fit(
      training: clips.indices.filter { $0 % 5 > 0 },
      validation: clips.indices.filter { $0 % 5 == 0 }, seed: 1)
  }

  private func functionals(_ id: String, weight: Float = 0.6) -> Preset.Member {
    var training = Chirps.options(epochs: 3)
    training.passesPerEpoch = 2
    return Preset.Member(
      id: id, weight: weight, functionals: .init(coefficients: [6]),
      layers: [
        .standardize(.init(name: "scale")), .dense(.init(name: "classes", units: 2)),
        .softmax(.init(name: "softmax")),
      ], training: training)
  }

  @Test("trains members from different seeds, the same each time")
  func members() async throws {
    let experiment = try experiment { preset in
      preset.members.append(preset.members[0])
      preset.members[1].id = "other"
    }
    let fitted = try await fit(experiment)
    #expect(fitted.members.map(\.id) == ["main", "other"] && !fitted.wasInterrupted)
    #expect(fitted.members[0].weights != fitted.members[1].weights)
    #expect(try await fit(experiment).members.map(\.weights) == fitted.members.map(\.weights))
    let results = await fitted.results(on: [3, 7].map { experiment.examples[$0] })
    #expect(results.map(\.target) == [1, 1])
    #expect(results.allSatisfy { abs($0.probabilities.reduce(0, +) - 1) < 1e-5 })
  }

  @Test("trains a member the same whatever other members there are and wherever it stands")
  func independentMembers() async throws {
    let alone = try await fit(try experiment())
    let first = try await fit(try experiment { $0.members.append(functionals("statistics")) })
    let second = try await fit(
      try experiment { $0.members.insert(functionals("statistics"), at: 0) })
    #expect(first.members[0].weights == alone.members[0].weights)
    #expect(second.members[1].weights == alone.members[0].weights)
    #expect(second.members[0].weights == first.members[1].weights)
  }

  @Test("lets teachers learn first, and keeps none of them")
  func teachers() async throws {
    func taught(_ fraction: Float) async throws -> FittedModel {
      try await fit(
        try experiment { preset in
          preset.teachers = [preset.members[0], functionals("statistics")]
          preset.teachers[0].id = "teacher"
          preset.members[0].training.teacherFraction = fraction
        })
    }
    let alone = try await fit(try experiment())
    let (unheard, heard) = (try await taught(0), try await taught(0.5))
    #expect(heard.members.map(\.id) == ["main"] && heard.trainings.count == 3)
    #expect(unheard.members[0].weights == alone.members[0].weights)
    #expect(heard.members[0].weights != alone.members[0].weights)
  }

  @Test("that is stopped before its members learn is the sum of its teachers")
  func stoppedTeachers() async throws {
    let stopped = try experiment { preset in
      preset.teachers = preset.members
      preset.teachers[0].id = "teacher"
      preset.teachers[0].training.epochs = 5
    }
    let hasLearned = Mutex(false)
    let fitted = try await stopped.fit(
      training: Array(clips.indices), validation: [], seed: 1,
      control: .init(
        shouldStop: { hasLearned.withLock(\.self) },
        onEpoch: { _ in hasLearned.withLock { $0 = true } }))
    #expect(fitted.wasInterrupted && fitted.members.map(\.id) == ["teacher"])
  }

  @Test("adds what its members say, each times its weight")
  func sum() async throws {
    let fitted = try await fit(
      try experiment { preset in
        preset.members[0].weight = 0.4
        preset.members.append(functionals("statistics"))
      })
    var sum: [[Float]] = .init(repeating: [0, 0], count: clips.count)
    for member in fitted.members {
      let logits = await member.network.logits(of: clips, weights: member.weights) {
        member.frontEnd.networkInput(of: $0)
      }
      for clip in clips.indices {
        for label in 0..<2 { sum[clip][label] += member.weight * logits[clip][label] }
      }
    }
    let results = await fitted.results(on: clips)
    let expected = sum.map { fitted.temperature($0) }
    #expect(
      relativeDifference(results.flatMap(\.probabilities), expected.flatMap(\.self)) < 1e-5)
  }

  @Test("finds means and deviations of functionals before it begins")
  func standardization() async throws {
    let fitted = try await fit(try experiment { $0.members = [functionals("statistics")] })
    let member = fitted.members[0]
    let slot = try #require(
      member.network.layout.statistics.first { $0.name == "scale.deviation" })
    let deviations = member.weights.statistics[slot.range]
    #expect(deviations.allSatisfy { $0 > 0 } && deviations.contains { $0 != 1 })
    #expect(fitted.trainings.map(\.history.count) == [3])
  }

  @Test("lets a member take some channels, as if there were no others", arguments: [false, true])
  func channels(ofFunctionals: Bool) async throws {
    let alone = try preset {
      if ofFunctionals { $0.members = [functionals("statistics")] }
    }
    let beside = clips.map { clip in
      var clip = clip
      clip.variants = clip.variants.map { CompactMap($0.map.besideNoise) }
      return clip
    }
    var both = alone
    both.features.channels += both.features.channels
    both.members[0].channels = [1]
    let wanted = try await fit(try Experiment(preset: alone, examples: clips))
    let found = try await fit(try Experiment(preset: both, examples: beside))
    #expect(found.members[0].weights == wanted.members[0].weights)
    #expect(found.validation == wanted.validation)
    #expect(found.members[0].frontEnd.configuration == wanted.members[0].frontEnd.configuration)
  }

  @Test("that asks for intensity too keeps the network that classifies alone")
  func intensity() async throws {
    let experiment = try experiment {
      $0.members.append(functionals("statistics"))
      $0.members[0].training.intensity = 1
      $0.members[1].training.intensity = 0.5
    }
    for member in try await fit(experiment).members {
      #expect(member.network.output.size == 2)
      #expect(member.weights.parameters.count == member.network.layout.parameterCount)
    }
  }

  @Test("learns in the end from the validation part too, if asked, and keeps its temperature")
  func refit() async throws {
    let once = try await fit(try experiment())
    let fitted = try await fit(try experiment { $0.refit = true })
    #expect(once.taught.count == 32 && fitted.taught.count == 40)
    #expect(fitted.trainings.count == 2 && fitted.trainings[1].history[0].validationLoss == nil)
    #expect(fitted.temperature.temperature == once.temperature.temperature)
    #expect(fitted.members[0].weights != once.members[0].weights)
  }

  @Test("goes on from the first training when the second is to be a short one")
  func refitEpochFraction() async throws {
    let experiment = try experiment {
      $0.refit = true
      $0.members[0].training.epochs = 20
      $0.members[0].training.refitEpochFraction = 0.1
    }
    let fitted = try await fit(experiment)
    #expect(fitted.trainings.map(\.history.count) == [20, 2])
    #expect(experiment.preset.epochs == 22)
    let (first, second) = (fitted.trainings[0].history, fitted.trainings[1].history)
    #expect(second[0].trainingLoss < 0.8 * first[0].trainingLoss)
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
