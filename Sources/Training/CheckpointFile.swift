import Features
import FileIO
import Foundation
import LinearAlgebra
import NeuralNetwork
public import SafeTensors
import StrictJSON

/// Why a training cannot go on from a checkpoint.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It cannot be read or written.
  case file(TensorFileError)
  /// Its bytes are not those that were written.
  case damaged(path: String)
  /// A vector or the progress is not in it, or not as long as the network needs.
  case incomplete(missing: String)
  /// It was made by a training with another network, other options or other clips.
  case otherTraining

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .file(let error): "checkpoint: \(error)"
    case .damaged(let path): "\(shown(path)): the checkpoint is damaged; delete it to begin anew"
    case .incomplete(let missing): "the checkpoint lacks \"\(missing)\""
    case .otherTraining:
      "the checkpoint belongs to a training with another network, other options or other clips"
    }
  }
}

/// The state of a training on disk, replaced as a whole after each epoch: a `.safetensors` file of
/// flat vectors.
public struct CheckpointFile: Sendable {
  /// Where it lies; a training of several runs keeps one file for each.
  public let path: String

  /// Touches no file.
  public init(_ path: String) { self.path = path }

  /// That of one run of several.
  package func of(run id: String) -> CheckpointFile { CheckpointFile("\(path).\(id)") }

  /// Deletes the file, when the training has come to its end.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }

  private struct Progress: Codable {
    var epoch: Int
    var step: Int
    var optimizerSteps: Int
    var bestEpoch: Int?
    var history: [EpochReport]
  }

  /// Replaces the file with this state.
  /// - Throws: `file` where it cannot be written.
  func write(_ state: TrainingState, _ context: TrainingContext) throws(CheckpointError) {
    let progress = Progress(
      epoch: state.epoch, step: state.step, optimizerSteps: state.optimizer.steps,
      bestEpoch: state.best?.epoch, history: state.history)
    var vectors: [(String, [Float])] = [
      ("parameters", state.weights.parameters), ("statistics", state.weights.statistics),
      ("averaged.parameters", state.averaged.parameters),
      ("averaged.statistics", state.averaged.statistics),
      ("optimizer.first", state.optimizer.first), ("optimizer.second", state.optimizer.second),
    ]
    if let best = state.best {
      vectors.append(("best.parameters", best.weights.parameters))
      vectors.append(("best.statistics", best.weights.statistics))
    }
    let file = TensorFile(
      tensors: vectors.map { ($0.0, Tensor(shape: [$0.1.count], values: $0.1)) },
      metadata: ["progress": canonicalJSON(progress), "context": context.fingerprint])
    let bytes: [UInt8]
    do { bytes = try file.encoded() } catch { throw .file(error) }
    do { try SealedFile(path).write(bytes) } catch { throw .file(.file(error)) }
  }

  /// nil when there is no file yet.
  /// - Throws: `file` where it cannot be read, `damaged` where its bytes are not those that were written.
  private func content() throws(CheckpointError) -> [UInt8]? {
    let finding: SealedFile.Finding
    do { finding = try SealedFile(path).read(limit: 2 << 30) } catch { throw .file(.file(error)) }
    switch finding {
    case .content(let bytes): return bytes
    case .none: return nil
    case .damaged: throw .damaged(path: path)
    }
  }

  /// The saved state; nil when there is none yet.
  /// - Throws: `file`, `damaged`, `otherTraining`, or `incomplete` where a vector is missing.
  func read(_ context: TrainingContext) throws(CheckpointError) -> TrainingState? {
    guard let bytes = try content() else { return nil }
    let file: TensorFile
    do { file = try TensorFile(bytes: bytes) } catch { throw .file(error) }
    guard file.metadata["context"] == context.fingerprint else { throw .otherTraining }
    guard let text = file.metadata["progress"],
      let progress = try? JSONDecoder().decode(Progress.self, from: Data(text.utf8)),
      progress.epoch >= 0, progress.step >= 0, progress.optimizerSteps >= 0
    else { throw .incomplete(missing: "progress") }
    var state = TrainingState(context.network.initialWeights(seed: 0))
    let parameters = state.weights.parameters.count
    let statistics = state.weights.statistics.count
    /// - Throws: `incomplete`.
    func vector(_ name: String, _ count: Int) throws(CheckpointError) -> [Float] {
      guard let values = file[name]?.values, values.count == count else {
        throw .incomplete(missing: name)
      }
      return values
    }
    /// - Throws: `incomplete`.
    func weights(_ prefix: String) throws(CheckpointError) -> Weights {
      try Weights(
        parameters: vector(prefix + "parameters", parameters),
        statistics: vector(prefix + "statistics", statistics))
    }
    state.weights = try weights("")
    state.averaged = try weights("averaged.")
    state.optimizer = try AdamW(
      first: vector("optimizer.first", parameters), second: vector("optimizer.second", parameters),
      steps: progress.optimizerSteps)
    state.epoch = progress.epoch
    state.step = progress.step
    state.history = progress.history
    if let epoch = progress.bestEpoch {
      state.best = try .init(epoch: epoch, weights: weights("best."))
    }
    return state
  }
}

extension TrainingContext {
  /// Text that is equal for trainings that may go on from each other's checkpoints.
  fileprivate var fingerprint: String {
    canonicalJSON(network.spec) + canonicalJSON(options) + frontEnd.configuration.fingerprint
      + " \(seed) " + clips
  }
}
