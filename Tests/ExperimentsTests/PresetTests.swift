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
    {"name": "small", \(more) "features": \(features), "members": [{
      "training": \(training), "layers": [
        {"type": "sequence", "name": "sequence"}, \(layers), {"type": "lastStep", "name": "last"},
        {"type": "dense", "name": "classes", "units": 8}]}]}
    """.utf8)
}

@Suite("A preset")
struct PresetTests {
  @Test("that comes with the program makes networks and survives JSON", arguments: Preset.builtIn)
  func builtIn(_ preset: Preset) throws {
    #expect(try Preset(json: json(preset)) == preset)
    let networks = try preset.networks()
    #expect(networks.allSatisfy { $0.network.output.size == preset.labels.labels.count })
    _ = try preset.extractor()
    // Two million parameters at most, for a quick service.
    #expect(networks.reduce(0) { $0 + $1.network.layout.parameterCount } < 2_000_000)
  }

  @Test("that comes with the program is a file of the folder, and each file is one")
  func files() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../models/presets").standardized
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(files) == Set(Preset.builtIn.map { $0.name + ".json" }))
  }

  @Test("may leave out what has a default")
  func defaults() throws {
    let read = try Preset(json: preset())
    #expect(read.labels == .all && read.summary == "" && read.copies == CopyOptions())
    #expect(read.validation == 0.12 && !read.refit)
    let member = read.members[0]
    #expect(member.id == "main" && member.weight == 1 && member.training == TrainingOptions())
    #expect(member.channels == nil && member.functionals == nil)
    #expect(member.layers[1] == .lstm(.init(name: "lstm", units: 3)))
    let changed = try Preset(
      json: preset(
        training: """
          {"epochs": 3, "schedule": {"constant": {"rate": 0.5}}, "augmentation": {"timeMasks": 2}}
          """))
    var expected = TrainingOptions()
    expected.epochs = 3
    expected.schedule = .constant(rate: 0.5)
    expected.augmentation.timeMasks = 2
    #expect(changed.members[0].training == expected)
  }

  @Test("may give a schedule in part")
  func partOfSchedule() throws {
    let read = try Preset(json: preset(training: #"{"schedule": {"oneCycle": {"peak": 0.5}}}"#))
    #expect(read.members[0].training.schedule == .oneCycle(peak: 0.5, warmup: 0.1))
  }

  @Test(
    "with an option that does not exist is refused by its name",
    arguments: [
      (#"{"epoch": 3}"#, "members[0].training.epoch"),
      (#"{"augmentation": {"warp": 1}}"#, "members[0].training.augmentation.warp"),
      (#"{"schedule": {"oneCycle": {"top": 1}}}"#, "members[0].training.schedule.oneCycle.top"),
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
    #expect(throws: PresetError.malformed(problem: "members[0].layers[1].units is missing")) {
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
      (#"{"epochs": 0}"#, "epochs"),
      (#"{"refitEpochFraction": 0}"#, "refitEpochFraction"),
      (#"{"labelSmoothing": 1}"#, "labelSmoothing"),
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

  @Test(
    "as a whole with values no training could run with is refused",
    arguments: [
      (#""copies": {"speeds": [0]},"#, "copies.speeds"),
      (#""copies": {"speeds": [1e30]},"#, "copies.speeds"),
      (#""copies": {"pitches": [25]},"#, "copies.pitches"), (#""validation": 1,"#, "validation"),
    ])
  func outOfRangeAsAWhole(more: String, option: String) throws {
    let error = #expect(throws: PresetError.self) { try Preset(json: preset(more: more)) }
    guard case .option(.outOfRange(option, _, _))? = error else {
      Issue.record("\(more): \(String(describing: error))")
      return
    }
  }

  /// Sources, the options of the augmentation that mean nothing for them.
  static let unsuitableOptions: [([FeatureSource], [String])] = [
    ([.logMel(.init())], []), ([.mel(.init())], ["equalizer", "speakerStyleChance"]),
    ([.mfcc(.init())], ["bandWarp", "equalizer", "speakerStyleChance"]),
    ([.logMel(.init()), .rms], ["bandWarp", "equalizer", "speakerStyleChance"]),
  ]

  @Test("lets its teachers and other members learn for as much longer or shorter as its first")
  func epochs() throws {
    var preset = try builtIn("default")
    preset.members += [preset.teachers[0]]
    preset.teachers.removeFirst()
    for (epochs, teachers, other) in [
      (240, [140, 16, 16, 16], 180), (12, [7, 1, 1, 1], 9), (1, [1, 1, 1, 1], 1),
    ] {
      preset.setEpochs(epochs)
      #expect(preset.members.map(\.training.epochs) == [epochs, other])
      #expect(preset.teachers.map(\.training.epochs) == teachers)
    }
  }

  @Test("without members, or with two of one id, or a channel that is not there, is refused")
  func wrongMembers() throws {
    let changes: [(inout Preset) -> Void] = [
      { $0.members = [] }, { $0.members.append($0.members[0]) },
      { $0.teachers = [$0.members[0]] }, { $0.members[0].channels = [4] },
      { $0.members[0].channels = [] },
    ]
    for change in changes {
      var preset = try builtIn("default")
      change(&preset)
      #expect(throws: PresetError.self) { try Preset(json: json(preset)) }
    }
  }

  @Test("may vary the channels that a member takes as those allow")
  func variedChannels() throws {
    var preset = try builtIn("default")
    preset.features.channels = [
      .init(features: [.init(.logMel(.init(mel: .init(bands: 13))))]),
      .init(features: [.init(.mfcc(.init(coefficients: 13)))]),
    ]
    preset.teachers = []
    preset.members[0].training.augmentation = .none
    preset.members[0].training.augmentation.bandWarp = 0.1
    preset.members[0].channels = [0]
    #expect(try Preset(json: json(preset)) == preset)
    for channels in [[1], nil] as [[Int]?] {
      preset.members[0].channels = channels
      #expect(throws: PresetError.self) { try Preset(json: json(preset)) }
    }
  }

  @Test(
    "that moves functionals between speakers, joins or cuts them is refused: they are no frames",
    arguments: ["speakerStyleChance", "joinChance", "cropChance"])
  func changedFunctionals(option: String) throws {
    var preset = try builtIn("speaker-dependent")
    let place = try #require(preset.members.firstIndex { $0.functionals != nil })
    switch option {
    case "joinChance": preset.members[place].training.augmentation.joinChance = 0.5
    case "cropChance": preset.members[place].training.augmentation.cropChance = 0.5
    default: preset.members[place].training.augmentation.speakerStyleChance = 0.5
    }
    let error = #expect(throws: PresetError.self) { try Preset(json: json(preset)) }
    guard case .option(.unsuitable(option, _))? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  private func builtIn(_ name: String) throws -> Preset {
    try #require(Preset.builtIn.first { $0.name == name })
  }

  @Test("that varies what its features do not have is refused", arguments: unsuitableOptions)
  func unsuitable(sources: [FeatureSource], refused: [String]) throws {
    for option in ["bandWarp", "equalizer", "speakerStyleChance", "timeStretch"] {
      var preset = try builtIn("default")
      preset.features.channels = [.init(features: sources.map { .init($0) })]
      preset.teachers = []
      preset.members[0].training.augmentation = .none
      switch option {
      case "bandWarp": preset.members[0].training.augmentation.bandWarp = 0.1
      case "equalizer": preset.members[0].training.augmentation.equalizer = 3
      case "speakerStyleChance":
        preset.members[0].training.augmentation.speakerStyleChance = 0.5
      default: preset.members[0].training.augmentation.timeStretch = 0.1
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
    #expect(throws: NetworkError.outputMismatch(labels: 2, outputs: 8)) { try read.networks() }
    #expect(throws: PresetError.malformed(problem: "labels are not unique")) {
      try Preset(json: preset(more: #""labels": {"labels": ["sad", "sad"]},"#))
    }
  }
}
