import CommandLineTool
import Evaluation
import Experiments
import Synchronization
import Training

/// The trainings of a cross-validation, and on standard error how they go.
final class TrainingRun: Sendable {
  private let validation: CrossValidation
  private let line: @Sendable (FoldReport) -> String
  private let state: Mutex<State>

  private struct State {
    let line: ProgressLine
    /// Epochs of all trainings, and of each that runs.
    var done = 0
    var epochs: [String: Int] = [:]
    var trainings = 0
  }

  /// - Parameter line: What to say of a training that has ended.
  init(of validation: CrossValidation, line: @escaping @Sendable (FoldReport) -> String) {
    self.validation = validation
    self.line = line
    let waiting = validation.known.count { $0 == nil }
    state = Mutex(
      State(line: ProgressLine("epochs", total: waiting * validation.experiment.preset.epochs)))
  }

  /// All that ended before Ctrl-C came, in their order.
  func reports() async throws -> [FoldReport] {
    Interruption.watch()
    for report in validation.known {
      if let report { Terminal.printError("known: \(line(report))") }
    }
    return try await validation.run(
      shouldStop: { Interruption.isRequested },
      onEpoch: { self.note(seed: $0, split: $1, report: $2) },
      onFold: end)
  }

  private func note(seed: UInt64, split: Split, report: EpochReport) {
    state.withLock { state in
      state.done += 1
      state.epochs["\(seed) \(split.name)", default: 0] += 1
      state.line.update(state.done, note: "(\(split.name): \(report.line))")
    }
  }

  private func end(_ report: FoldReport) {
    Terminal.printError(line(report))
    if let error = report.unkept {
      Terminal.printError("warning: this training is not kept: \(error)")
    }
    state.withLock { state in
      let planned = validation.experiment.preset.epochs
      let run = state.epochs.removeValue(forKey: "\(report.seed) \(report.split.name)") ?? 0
      state.line.expect(state.line.total - planned + run)
      state.trainings += 1
      let waiting = validation.known.count { $0 == nil } - state.trainings
      guard waiting > 0 else { return }
      Terminal.printError(
        "\(waiting) of \(validation.trainings.count) trainings to go, "
          + "about \(clock(state.line.left(after: state.done)))")
    }
  }
}

extension EpochReport {
  /// A few words for a progress line.
  var line: String {
    "epoch \(epoch)/\(epochs) loss \(fixed(trainingLoss)) accuracy \(fixed(trainingAccuracy))"
      + (validationUAR.map {
        " validation loss \(fixed(validationLoss ?? 0)) UAR \(fixed($0))\(isBest ? " *" : "")"
      } ?? "")
  }
}

extension DegradedClips {
  /// The paths of clips that give no features under a degradation, which are named. Before anything is trained: one bad clip
  /// should not cost the trainings.
  func named(unusableAmong tested: [TrainingExample]) async -> Set<String> {
    let line = ProgressLine("features under degradations", total: tested.count)
    let unusable = await unusable(among: tested) { line.update($0) }
    for clip in unusable { Terminal.printError("left out, because of a degradation: \(clip)") }
    return Set(unusable.map(\.path))
  }
}
