import Augmentation
import Corpora
import Experiments
import Features
import Foundation
import NeuralNetwork
import Testing
import Training

private func json(_ preset: Preset) throws -> [UInt8] { [UInt8](try JSONEncoder().encode(preset)) }

/// The smallest preset: what has no default.
private func preset(
  training: String = "{}", layers: String = #"{"type": "lstm", "name": "lstm", "units": 3}"#,
  more: String = ""
) throws -> [UInt8] {
  let features = String(
    decoding: try JSONEncoder().encode(FrontEndConfiguration()), as: UTF8.self)
  return Array(
    """
    {"name": "small", \(more) "training": \(training), "features": \(features), "layers": [
      {"type": "sequence", "name": "sequence"}, \(layers), {"type": "lastStep", "name": "last"},
      {"type": "dense", "name": "classes", "units": 8}]}
    """.utf8)
}

@Suite("A preset")
struct PresetTests {
  @Test("that comes with the program makes a network and survives JSON", arguments: Preset.builtIn)
  func builtIn(_ preset: Preset) throws {
    #expect(try Preset(json: json(preset)) == preset)
    try preset.training.check()
    let network = try preset.network()
    #expect(network.output.size == preset.labels.labels.count)
    _ = try preset.extractor()
    // Two million parameters at most, for a quick service.
    #expect(network.layout.parameterCount < 2_000_000)
  }

  @Test("may leave out what has a default")
  func defaults() throws {
    let read = try Preset(json: preset())
    #expect(read.training == TrainingOptions() && read.labels == .all && read.summary == "")
    #expect(read.layers[1] == .lstm(.init(name: "lstm", units: 3)))
    let changed = try Preset(
      json: preset(
        training: """
          {"epochs": 3, "seed": 18446744073709551615, "schedule": {"cosine": {"peak": 0.5}},
           "augmentation": {"tilt": 2}}
          """))
    var expected = TrainingOptions()
    expected.epochs = 3
    expected.seed = .max
    expected.schedule = .cosine(peak: 0.5)
    expected.augmentation.tilt = 2
    #expect(changed.training == expected)
  }

  @Test("may give a schedule in part")
  func partOfSchedule() throws {
    let read = try Preset(json: preset(training: #"{"schedule": {"oneCycle": {"peak": 0.5}}}"#))
    #expect(read.training.schedule == .oneCycle(peak: 0.5, warmup: 0.1))
  }

  @Test(
    "with an option that does not exist is refused by its name",
    arguments: [
      (#"{"epoch": 3}"#, "training.epoch"),
      (#"{"augmentation": {"speedz": []}}"#, "training.augmentation.speedz"),
      (#"{"schedule": {"oneCycle": {"top": 1}}}"#, "training.schedule.oneCycle.top"),
    ])
  func unknownOption(training: String, path: String) throws {
    #expect(throws: PresetError.unknownOption(path: path)) {
      try Preset(json: preset(training: training))
    }
  }

  @Test("with a member or a layer's option that does not exist is refused by its name")
  func unknownMember() throws {
    #expect(throws: PresetError.unknownOption(path: "colour")) {
      try Preset(json: preset(more: #""colour": 1,"#))
    }
    let problem = NetworkError.invalidLayer(name: "a", problem: "has no option \"unit\"")
    #expect(throws: PresetError.network(problem)) {
      try Preset(
        json: preset(layers: #"{"type": "lstm", "name": "a", "units": 3, "unit": 3}"#))
    }
    #expect(throws: PresetError.network(.unknownLayer(type: "gru9"))) {
      try Preset(json: preset(layers: #"{"type": "gru9", "name": "a"}"#))
    }
  }

  @Test("without what has no default is refused with its place")
  func missing() throws {
    #expect(throws: PresetError.malformed(problem: "layers[1].units is missing")) {
      try Preset(json: preset(layers: #"{"type": "lstm", "name": "a"}"#))
    }
    #expect(throws: PresetError.malformed(problem: "name is missing")) {
      try Preset(json: Array("{}".utf8))
    }
    #expect(throws: PresetError.malformed(problem: "is not valid JSON")) {
      try Preset(json: Array("{".utf8))
    }
  }

  @Test(
    "with values no training could run with is refused",
    arguments: [
      (#"{"batchSize": 0}"#, "batchSize"), (#"{"shardSize": -1}"#, "shardSize"),
      (#"{"epochs": 0}"#, "epochs"), (#"{"members": 17}"#, "members"),
      (#"{"labelSmoothing": 1}"#, "labelSmoothing"),
      (#"{"augmentation": {"speeds": [0]}}"#, "speeds"),
      (#"{"augmentation": {"speeds": [1e30]}}"#, "speeds"),
      (#"{"augmentation": {"pitches": [25]}}"#, "pitches"),
      (#"{"validation": 1}"#, "validation"),
      (#"{"augmentation": {"noiseLevel": [1]}}"#, "noiseLevel.count"),
      (#"{"augmentation": {"noiseLevel": [60, 20]}}"#, "noiseLevel[1]"),
      (#"{"augmentation": {"timeMaskWidth": -1}}"#, "timeMaskWidth"),
      (#"{"augmentation": {"mixup": 0}}"#, "mixup"),
    ])
  func outOfRange(training: String, option: String) throws {
    let error = #expect(throws: PresetError.self) { try Preset(json: preset(training: training)) }
    guard case .option(.outOfRange(option, _, _))? = error else {
      Issue.record("\(training): \(String(describing: error))")
      return
    }
  }

  /// Sources, the options of the augmentation that mean nothing for them.
  static let unsuitableOptions: [([FeatureSource], [String])] = [
    ([.logMel(.init())], []), ([.mel(.init())], ["tilt", "noiseChance"]),
    ([.mfcc(.init())], ["tilt", "noiseChance", "bandWarp"]),
    ([.logMel(.init()), .rms], ["tilt", "noiseChance", "bandWarp"]),
  ]

  @Test("whose companion names copies that would not be made is refused")
  func copiesOfCompanion() throws {
    let changes: [(String, (inout AugmentationOptions) -> Void)] = [
      ("speeds", { $0.speeds = [0.5] }), ("pitches", { $0.pitches = [3] }),
      ("conditions", { $0.conditions = [.white(3)] }),
    ]
    for (option, change) in changes {
      var preset = Preset.default
      change(&preset.companions[1].training.augmentation)
      #expect(throws: PresetError.notForCompanions(name: "statistics", option: option)) {
        try Preset(json: json(preset))
      }
      change(&preset.training.augmentation)
      #expect(try Preset(json: json(preset)) == preset)
    }
  }

  @Test("lets its companions learn for as much longer or shorter as its own network")
  func epochs() {
    var preset = Preset.default
    for (epochs, others) in [(300, [220, 40]), (15, [11, 2]), (1, [1, 1])] {
      preset.setEpochs(epochs)
      #expect(preset.training.epochs == epochs)
      #expect(preset.companions.map(\.training.epochs) == others)
    }
  }

  @Test("may vary the planes that a network hears alone as those allow")
  func variedPlanes() throws {
    var preset = Preset.default
    preset.features.planes = [
      .init(features: [.init(.logMel(.init(mel: .init(bands: 13))))]),
      .init(features: [.init(.mfcc(.init(coefficients: 13)))]),
    ]
    preset.companions = []
    preset.layers.insert(.selectChannels(.init(name: "planes", channels: [0])), at: 0)
    preset.training.augmentation.bandWarp = 0.1
    #expect(try Preset(json: json(preset)) == preset)
    preset.layers[0] = .selectChannels(.init(name: "planes", channels: [1]))
    #expect(throws: PresetError.self) { try Preset(json: json(preset)) }
    preset.layers[0] = .selectChannels(.init(name: "planes", channels: [0]))
    var companion = Companion(
      name: "other", share: 0.5, layers: preset.layers, training: preset.training)
    preset.companions = [companion]
    #expect(try Preset(json: json(preset)) == preset)
    companion.layers.removeFirst()
    preset.companions = [companion]
    #expect(throws: PresetError.self) { try Preset(json: json(preset)) }
  }

  @Test("that varies what its features do not have is refused", arguments: unsuitableOptions)
  func unsuitable(sources: [FeatureSource], refused: [String]) throws {
    for option in ["tilt", "noiseChance", "bandWarp", "timeStretch"] {
      var preset = Preset.default
      preset.features.planes = [.init(features: sources.map { .init($0) })]
      preset.companions = []
      preset.training.augmentation = .none
      switch option {
      case "tilt": preset.training.augmentation.tilt = 3
      case "noiseChance": preset.training.augmentation.noiseChance = 0.5
      case "bandWarp": preset.training.augmentation.bandWarp = 0.1
      default: preset.training.augmentation.timeStretch = 0.1
      }
      let read = Result { try Preset(json: json(preset)) }
      switch read {
      case .success: #expect(!refused.contains(option), "\(option)")
      case .failure(let error):
        guard case .option(.unsuitable(option, _))? = error as? PresetError else {
          Issue.record("\(option): \(error)")
          continue
        }
        #expect(refused.contains(option))
      }
    }
  }

  @Test("whose network gives another number of answers than there are labels is refused")
  func labels() throws {
    let read = try Preset(json: preset(more: #""labels": {"labels": ["sad", "calm"]},"#))
    #expect(throws: NetworkError.outputMismatch(labels: 2, outputs: 8)) { try read.network() }
    #expect(throws: PresetError.malformed(problem: "labels are not unique")) {
      try Preset(json: preset(more: #""labels": {"labels": ["sad", "sad"]},"#))
    }
  }
}
