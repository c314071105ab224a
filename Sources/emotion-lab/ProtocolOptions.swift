import CommandLineTool
import Evaluation

/// The options that say how clips are parted into training and test.
enum ProtocolOptions {
  private enum Scheme: String, CaseIterable, Sendable {
    case speakers
    case leaveOneOut = "leave-one-out"
    case random
  }

  private static let folds = Option<String?>.optional(
    "folds", .file,
    help:
      "JSON file of fixed folds of speakers, of one corpus or of several; other corpora only train"
  )
  private static let scheme = Option(
    "protocol", ValueFormat<Scheme>.choice, default: .speakers,
    help: "How clips are split, without --folds and --test-on")
  private static let count = Option(
    "k", .integer(2...1000), default: 5, help: "Number of folds, for the protocol 'speakers'")
  private static let testShare = Option(
    "test-fraction", .number(0.01...0.9), default: 0.2,
    help: "Fraction of the clips that are tested, for the protocol 'random'")
  private static let testOn = Option<[String]>.repeated(
    "test-on", .text("CORPUS"),
    help: "Tests on all of this corpus and trains on others; may be given again")
  private static let trainOn = Option<[String]>.repeated(
    "train-on", .text("CORPUS"), help: "With --test-on: trains on this corpus, not on all others")

  static let all: [any OptionDeclaration] = [folds, scheme, count, testShare, testOn, trainOn]

  /// The protocol asked for; `corpora` are those at hand.
  static func scheme(_ arguments: Arguments, corpora: Set<String>) throws -> EvaluationProtocol {
    let given = [folds as any OptionDeclaration, scheme, testOn].filter {
      arguments.source(of: $0) != .fallback
    }
    guard given.count < 2 else {
      throw UsageError.conflictingOptions(given.map(\.name))
    }
    if let path = arguments[folds] { return .fixedFolds(try Folds(contentsOf: path)) }
    let (test, training) = (arguments[testOn], arguments[trainOn])
    if !test.isEmpty {
      return .crossCorpus(
        training: training.isEmpty ? corpora.subtracting(test).sorted() : training, test: test)
    }
    guard training.isEmpty else { throw UsageError.missingOption(testOn.name, environment: nil) }
    return switch arguments[scheme] {
    case .speakers: .speakerFolds(count: arguments[count])
    case .leaveOneOut: .leaveOneSpeakerOut
    case .random: .random(testFraction: arguments[testShare])
    }
  }
}
