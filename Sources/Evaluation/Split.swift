/// Which clips train, which steer the training, which are only measured on: indices into the clips
/// that were split, ascending, no index twice.
public struct Split: Codable, Sendable, Equatable {
  public let name: String
  public let training: [Int]
  public let validation: [Int]
  public let test: [Int]

  public init(name: String, training: [Int], validation: [Int], test: [Int]) {
    self.name = name
    self.training = training
    self.validation = validation
    self.test = test
  }

  /// The same split of a larger collection, in which the clips lie at these places, ascending.
  func placed(at places: [Int]) -> Split {
    Split(
      name: name, training: training.map { places[$0] }, validation: validation.map { places[$0] },
      test: test.map { places[$0] })
  }

  /// The same without tests of some clips.
  public func testing(_ isTested: (Int) -> Bool) -> Split {
    Split(name: name, training: training, validation: validation, test: test.filter(isTested))
  }

  func training(alsoOn others: [Int]) -> Split {
    Split(name: name, training: (training + others).sorted(), validation: validation, test: test)
  }
}

public enum SplitError: Error, Equatable, Sendable {
  case noClips
  /// So many speakers would be needed for a training, a validation and a test part.
  case tooFewSpeakers(found: Int, needed: Int)
  case tooFewClips(found: Int, needed: Int)
  case tooFewCorpora(found: Int, needed: Int)
  /// A corpus named by the protocol is not among the clips.
  case unknownCorpus(String)
  case unknownSpeaker(String)
  /// A corpus to train on is also one to test on.
  case corpusOnBothSides(String)
}

extension SplitError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noClips: "no clips to split"
    case .tooFewSpeakers(let found, let needed): "\(found) speakers, at least \(needed) needed"
    case .tooFewClips(let found, let needed): "\(found) clips, at least \(needed) needed"
    case .tooFewCorpora(let found, let needed): "\(found) corpora, at least \(needed) needed"
    case .unknownCorpus(let name): "no clip of corpus \(name)"
    case .unknownSpeaker(let name): "no clip of speaker \(name)"
    case .corpusOnBothSides(let name): "\(name) is both trained and tested on"
    }
  }
}
