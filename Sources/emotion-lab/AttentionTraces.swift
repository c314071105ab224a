import AudioIO
import CommandLineTool
import EmotionModel
import Evaluation
import Features
import FileIO
import FoundationEssentials
import NeuralNetwork
import Reports

/// Looks at what a model attends to in a few telling clips: its first member that pools by attention.
struct AttentionTraces {
  private let members: [(network: Network, weights: Weights, frontEnd: FrontEnd)]

  init(_ model: ModelFile) {
    members = model.members.compactMap { member in
      guard
        let configuration = try? FrontEndConfiguration(json: Data(member.features.utf8)),
        let frontEnd = try? FrontEnd(configuration)
      else { return nil }
      return (member.network, member.weights, frontEnd)
    }
  }

  /// For each label the clip recognised most surely, then the surest mistakes. Clips that cannot be
  /// looked at are left out; none are there when no member pools by attention.
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
      let waveform = try? AudioDecoder().decode(bytes).waveform
    else { return nil }
    return members.lazy.compactMap { network, weights, frontEnd -> AttentionTrace? in
      guard let extracted = try? frontEnd.extract(waveform) else { return nil }
      let map = frontEnd.networkInput(of: extracted)
      var frameDuration = frontEnd.configuration.frameDuration
      if case .resized = frontEnd.configuration.length {
        frameDuration *= Double(extracted.frames) / Double(map.frames)
      }
      return AttentionTrace(
        of: map, network: network, weights: weights, frameDuration: frameDuration)
    }.first
  }
}
