public import Augmentation
public import Corpora
public import Features

/// Clips as a model is measured on them under degradations: at their own speed, and with other speakers where there is babble.
public struct DegradedClips: Sendable {
  /// In the order of everything that is measured under them.
  public let degradations: [Degradation]
  private let store: FeatureStore
  /// By a clip's path: what its babble is made of.
  private let background: [String: [String]]

  /// - Parameters:
  ///   - clips: All there are, so that who talks in the background does not depend on how they are parted.
  ///   - folder: Of the feature cache; nil for none.
  ///   - warn: Is told of cache files that are damaged.
  public init(
    _ degradations: [Degradation], of clips: [Clip], frontEnd: FrontEnd, folder: String?,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.degradations = degradations
    store = FeatureStore(
      frontEnd: frontEnd, copies: degradations.map { .degradation(oneOf: [$0], speeds: []) },
      folder: folder,
      babbleSpeakers: .others, warn: warn)
    background =
      store.needsBabbleSpeakers
      ? Dictionary(
        zip(clips.map(\.path), BabbleSpeakers.others.paths(for: clips)), uniquingKeysWith: { $1 })
      : [:]
  }

  /// Which of the examples give no features under some degradation. What is found stays in the cache, so that a training need
  /// not come first to find out, nor wait for it afterwards. `progress` is told how many examples are done.
  public func unusable(
    among examples: [TrainingExample], progress: (Int) -> Void = { _ in }
  ) async -> [UnusableClip] {
    await withTaskGroup(of: UnusableClip?.self) { group in
      for example in examples { group.addTask { failure(of: example.clip.path) } }
      var found: [UnusableClip] = []
      var done = 0
      for await failure in group {
        if let failure { found.append(failure) }
        done += 1
        progress(done)
      }
      return found.sorted { $0.path < $1.path }
    }
  }

  /// Why a clip gives no features; nil where it gives them.
  private func failure(of path: String) -> UnusableClip? {
    do {
      _ = try store.variants(of: path, background: background[path] ?? [])
      return nil
    } catch { return error }
  }

  /// The examples under each degradation, (degradations, examples), in the order of both. Works on all cores.
  /// - Throws: an `UnusableClip` when a clip gives no features under one of them.
  package func examples(of examples: [TrainingExample]) async throws -> [[TrainingExample]] {
    let maps = try await withThrowingTaskGroup(of: (Int, [CompactMap]).self) { group in
      for (index, example) in examples.enumerated() {
        group.addTask {
          let path = example.clip.path
          return (index, try store.variants(of: path, background: background[path] ?? []))
        }
      }
      return try await group.reduce(into: [[CompactMap]](repeating: [], count: examples.count)) {
        $0[$1.0] = $1.1
      }
    }
    return degradations.indices.map { place in
      zip(examples, maps).map { example, maps in
        var changed = example
        changed.variants = [maps[place + 1]]
        return changed
      }
    }
  }
}
