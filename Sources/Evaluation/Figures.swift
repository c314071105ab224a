/// The four figures of a table's row, or what is said of each of them.
public struct Figures<Value: Codable & Sendable & Equatable>: Codable, Sendable, Equatable {
  /// Unweighted average recall.
  public var uar: Value
  public var accuracy: Value
  public var macroF1: Value
  /// Expected calibration error, 15 bins.
  public var calibrationError: Value

  /// - Parameter value: Of each figure.
  public init(_ value: (KeyPath<Figures<Double>, Double>) -> Value) {
    uar = value(\.uar)
    accuracy = value(\.accuracy)
    macroF1 = value(\.macroF1)
    calibrationError = value(\.calibrationError)
  }
}

extension Figures where Value == Double {
  public init(uar: Double, accuracy: Double, macroF1: Double, calibrationError: Double) {
    self.uar = uar
    self.accuracy = accuracy
    self.macroF1 = macroF1
    self.calibrationError = calibrationError
  }

  /// Of several, each counting the same; noughts of none.
  public static func mean(_ all: [Figures]) -> Figures {
    Figures { path in Evaluation.mean(all.map { $0[keyPath: path] }) }
  }
}

/// What the figures of some clips are computed of. Those of several speakers add up.
struct Tally {
  private var confusion: ConfusionMatrix
  private var bins: [Reliability.Bin]

  init(labels: [String], outcomes: [ClipResult]) {
    confusion = ConfusionMatrix(labels: labels, outcomes: outcomes)
    bins = Reliability.bins(outcomes)
  }

  static func += (sum: inout Tally, other: Tally) {
    sum.confusion += other.confusion
    for place in sum.bins.indices { sum.bins[place] += other.bins[place] }
  }

  var figures: Figures<Double> {
    Figures(
      uar: confusion.unweightedAverageRecall, accuracy: confusion.accuracy,
      macroF1: confusion.macroF1, calibrationError: Reliability.expectedError(of: bins))
  }
}

extension SpeakerBootstrap {
  /// The figures of each draw of speakers, in the order of the draws; none with fewer than two speakers.
  func draws(labels: [String], outcomes: [ClipResult]) -> [Figures<Double>] {
    let speakers = Dictionary(grouping: outcomes, by: \.speaker).sorted { $0.key < $1.key }
    guard speakers.count > 1 else { return [] }
    let parts = speakers.map { Tally(labels: labels, outcomes: $0.value) }
    let nothing = Tally(labels: labels, outcomes: [])
    return draws(of: parts.count).map { drawn in
      var sum = nothing
      for place in drawn { sum += parts[place] }
      return sum.figures
    }
  }

  /// The interval of each figure; nil without draws.
  func intervals(_ draws: [Figures<Double>]) -> Figures<Interval>? {
    guard !draws.isEmpty else { return nil }
    return Figures { path in percentiles(draws.map { $0[keyPath: path] }.sorted()) }
  }
}
