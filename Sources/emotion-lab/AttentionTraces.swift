import AudioIO
import CommandLineTool
import Evaluation
import Features
import FileIO
import NeuralNetwork
import Reports

/// Looks at what a network attends to in a few telling clips.
struct AttentionTraces {
  let network: Network
  let weights: Weights
  let frontEnd: FrontEnd

  /// For each label the clip recognised most surely, then the surest mistakes. Clips that cannot be
  /// looked at are left out; none are there when the network does not pool by attention.
  func callAsFunction(
    _ outcomes: [ClipResult], labels: [String]
  ) -> [(title: String, trace: AttentionTrace)] {
    let sure = outcomes.sorted { $0.confidence > $1.confidence }
    let hits = labels.indices.compactMap { label in sure.first { $0.isHit && $0.target == label } }
    let mistakes = sure.filter { !$0.isHit }.prefix(4)
    return (hits + mistakes).compactMap { outcome in
      trace(of: outcome.clip).map { (title(outcome, labels), $0) }
    }
  }

  private func title(_ outcome: ClipResult, _ labels: [String]) -> String {
    let name = outcome.clip.split(separator: "/").last.map(String.init) ?? outcome.clip
    let verdict =
      outcome.isHit
      ? "\(labels[outcome.target]), recognised"
      : "\(labels[outcome.target]) taken for \(labels[outcome.predicted])"
    return "\(verdict) (\(fixed(outcome.confidence, 2))): \(name)"
  }

  private func trace(of path: String) -> AttentionTrace? {
    guard let bytes = try? File(path).read(limit: 1 << 30),
      let waveform = try? AudioDecoder().decode(bytes).waveform,
      let extracted = try? frontEnd.extract(waveform)
    else { return nil }
    let map = frontEnd.normalized(extracted)
    var frameDuration = frontEnd.configuration.frameDuration
    if case .resized = frontEnd.configuration.length {
      frameDuration *= Double(extracted.frames) / Double(map.frames)
    }
    return AttentionTrace(
      of: map, network: network, weights: weights, frameDuration: frameDuration)
  }
}
