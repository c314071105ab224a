import Augmentation
public import Corpora
import Features
public import FileIO
import FoundationEssentials

extension FeatureStore {
  /// Examples of all clips that have a label among `labels`, in their order, and the clips that could not be used. Works on all
  /// cores.
  /// - Parameters:
  ///   - samplingRates: By corpus: the chance that an epoch takes a clip; 1 if not said.
  ///   - auxiliary: Corpora whose clips do not decide which epoch is kept.
  ///   - progress: Is told how many clips are done.
  /// - Throws: when the cache cannot be written into.
  public func examples(
    of clips: [Clip], labels: LabelSet, samplingRates: [String: Float] = [:],
    auxiliary: Set<String> = [],
    progress: (Int) -> Void = { _ in }
  ) async throws(FileError) -> (examples: [TrainingExample], unusable: [UnusableClip]) {
    if let folder {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try File(folder + "/cache").checkReplaceable()
    }
    let background = needsBabbleSpeakers ? babbleSpeakers.paths(for: clips) : clips.map { _ in [] }
    let isDegraded = [false] + copies.map(\.isDegraded)
    let parts = stride(from: 0, to: clips.count, by: 8).map { $0..<min($0 + 8, clips.count) }
    var outcomes = [Result<TrainingExample, UnusableClip>?](repeating: nil, count: clips.count)
    var done = 0
    await withTaskGroup(of: [(Int, Result<TrainingExample, UnusableClip>)].self) { group in
      for part in parts {
        group.addTask {
          part.compactMap { index in
            let clip = clips[index]
            guard let label = labels.index(of: clip) else { return nil }
            return (
              index,
              Result { () throws(UnusableClip) in
                let maps = try variants(of: clip.path, background: background[index])
                return TrainingExample(
                  clip: clip, label: label,
                  variants: maps.enumerated().filter { !isDegraded[$0.offset] }.map(\.element),
                  degraded: maps.enumerated().filter { isDegraded[$0.offset] }.map(\.element),
                  votes: clip.votes.map { votes in labels.labels.map { votes[$0] ?? 0 } },
                  samplingRate: samplingRates[clip.corpus] ?? 1,
                  isAuxiliary: auxiliary.contains(clip.corpus))
              }
            )
          }
        }
      }
      for await results in group {
        for (index, result) in results { outcomes[index] = result }
        done += results.count
        progress(done)
      }
    }
    let known = outcomes.compactMap(\.self)
    return (
      known.compactMap { try? $0.get() },
      known.compactMap { if case .failure(let unusable) = $0 { unusable } else { nil } }
    )
  }
}
