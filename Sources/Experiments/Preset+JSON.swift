import Augmentation
import Corpora
import Features
import FoundationEssentials
import NeuralNetwork
import StrictJSON
import Training

extension Preset {
  /// Reads JSON. What has a default may be left out; an option that does not exist is refused, since it is most likely a
  /// misspelt one.
  /// - Throws: a `PresetError` that says where: no JSON or not of this form, an unknown option, or a value out of its range. Whether
  ///   layers fit the features shows when the networks are made.
  public init(json: [UInt8]) throws(PresetError) {
    do {
      let given = try JSONValue(Data(json))
      self = try given.filled(from: Self.defaults).fillingMembers().decoded(as: Preset.self)
      if let path = given.firstMember(notIn: JSONValue(encoding: self)) {
        throw PresetError.unknownOption(path: path)
      }
      try check()
    } catch {
      throw PresetError(error)
    }
  }

  /// - Throws: a `PresetError`, an `OptionError` or a `FeatureError`.
  private func check() throws {
    guard Set(labels.labels).count == labels.labels.count else {
      throw PresetError.malformed(problem: "labels are not unique")
    }
    guard !members.isEmpty else { throw PresetError.malformed(problem: "members are missing") }
    let networks = teachers + members
    guard Set(networks.map(\.id)).count == networks.count else {
      throw PresetError.malformed(problem: "two members have the same id")
    }
    // A network of functionals learns from other vectors than those that teachers are asked about.
    guard teachers.isEmpty || members.allSatisfy({ $0.functionals == nil }) else {
      throw PresetError.malformed(problem: "a member with functionals cannot have teachers")
    }
    try copies.check()
    for (corpus, rate) in samplingRates.sorted(by: { $0.key < $1.key }) {
      try OptionError.check("samplingRates.\(corpus)", Double(rate), 0...1)
    }
    try OptionError.check("validation", validation, 0...0.9)
    for member in networks {
      try OptionError.check("weight", Double(member.weight), -100...100)
      try member.training.check()
      try member.training.augmentation.check(with: features.selecting(member))
    }
  }

  private static var defaults: JSONValue {
    .object([
      "summary": .string(""), "labels": JSONValue(encoding: LabelSet.all),
      "samplingRates": .object([:]), "teachers": .array([]),
      "copies": JSONValue(encoding: CopyOptions()), "validation": .number(0.12),
      "refit": .bool(false),
    ])
  }
}

extension JSONValue {
  /// Members may leave out what has a default, too.
  fileprivate func fillingMembers() -> JSONValue {
    guard case .object(var fields) = self else { return self }
    let defaults = JSONValue.object([
      "id": .string("main"), "weight": .number(1),
      "training": JSONValue(encoding: TrainingOptions()),
    ])
    for key in ["teachers", "members"] {
      guard case .array(let members)? = fields[key] else { continue }
      fields[key] = .array(members.map { $0.filled(from: defaults) })
    }
    return .object(fields)
  }
}

extension PresetError {
  fileprivate init(_ error: any Error) {
    self =
      switch error {
      case let error as PresetError: error
      case let error as OptionError: .option(error)
      case let error as FeatureError: .features(error)
      case let error as NetworkError: .network(error)
      case let error as DecodingError: .malformed(problem: error.place)
      default: .malformed(problem: "\(error)")
      }
  }
}
