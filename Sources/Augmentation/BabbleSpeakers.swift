package import Corpora
import LinearAlgebra

/// Who talks in the background of each clip.
public enum BabbleSpeakers: Sendable {
  /// The clip's own speaker, in other clips. For training: whoever a protocol keeps from it is then not heard in the
  /// background either.
  case same
  /// Other speakers of its corpus. For measuring.
  case others

  /// Paths of clips for each clip's background, as many as there are voices; drawn, but always the same for the same clips of
  /// a corpus, whichever other corpora there are.
  package func paths(for clips: [Clip]) -> [[String]] {
    let speakers = Dictionary(grouping: clips.indices) { clips[$0].speaker }
    let corpora = Dictionary(grouping: clips.indices) { clips[$0].corpus }
    return clips.indices.map { index in
      let own = speakers[clips[index].speaker] ?? []
      let wanted =
        switch self {
        case .same: own.filter { $0 != index }
        case .others:
          (corpora[clips[index].corpus] ?? []).filter { clips[$0].speaker != clips[index].speaker }
        }
      // Someone who has nobody else talks to himself.
      let pool = wanted.isEmpty ? own : wanted
      var random = RandomSource(seed: 0xBABB1E, own.firstIndex(of: index) ?? 0)
      return (0..<Babble.voices).map { _ in clips[pool[random.index(below: pool.count)]].path }
    }
  }
}
