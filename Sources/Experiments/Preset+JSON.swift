import Augmentation
import Corpora
import Features
import FoundationEssentials
import NeuralNetwork
import StrictJSON
import Training

extension Preset {
  /// Reads JSON. Training options, labels and summary may be left out and then have their defaults;
  /// an option that does not exist is refused, since it is most likely a misspelt one.
  public init(json: [UInt8]) throws(PresetError) {
    do {
      let given = try JSONValue(Data(json))
      self = try given.filled(from: Self.defaults).fillingCompanions().decoded(as: Preset.self)
      if let path = given.firstMember(notIn: JSONValue(encoding: self)) {
        throw PresetError.unknownOption(path: path)
      }
      try training.check(hearing: layers, of: features)
      for companion in companions {
        try companion.training.check(hearing: companion.layers, of: features)
        try companion.checkCopies(of: training.augmentation)
      }
    } catch {
      throw PresetError(error)
    }
    guard Set(labels.labels).count == labels.labels.count else {
      throw .malformed(problem: "labels are not unique")
    }
  }

  private static var defaults: JSONValue {
    .object([
      "summary": .string(""), "labels": JSONValue(encoding: LabelSet.all),
      "training": JSONValue(encoding: TrainingOptions()), "companions": .array([]),
    ])
  }
}

extension Companion {
  /// Refuses to be silent about copies that would not be made.
  fileprivate func checkCopies(of own: AugmentationOptions) throws(PresetError) {
    let (given, usual) = (training.augmentation, AugmentationOptions())
    let options: [(String, Bool)] = [
      ("speeds", [own.speeds, usual.speeds].contains(given.speeds)),
      ("pitches", [own.pitches, usual.pitches].contains(given.pitches)),
      ("conditions", [own.conditions, usual.conditions].contains(given.conditions)),
    ]
    for (option, isMeant) in options where !isMeant {
      throw .notForCompanions(name: name, option: option)
    }
  }
}

extension TrainingOptions {
  /// - Parameter layers: What is trained; it may hear some of the planes alone.
  fileprivate func check(
    hearing layers: [LayerSpec], of features: FrontEndConfiguration
  ) throws(OptionError) {
    try check()
    var heard = features
    if let planes = layers.planes {
      // One that is not there is for the network to refuse.
      heard = features.selecting(planes.filter(features.planes.indices.contains))
    }
    try augmentation.check(with: heard)
  }
}

extension JSONValue {
  /// Companions may leave out training options too.
  fileprivate func fillingCompanions() -> JSONValue {
    guard case .object(var members) = self, case .array(let companions)? = members["companions"]
    else { return self }
    let defaults = JSONValue.object(["training": JSONValue(encoding: TrainingOptions())])
    members["companions"] = .array(companions.map { $0.filled(from: defaults) })
    return .object(members)
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
