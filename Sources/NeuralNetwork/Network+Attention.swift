extension Network {
  /// How much each frame of a clip counts where the network pools by attention, summing to one: the
  /// mean over all such layers, each frame of theirs spread over the frames it was made of. Nil when
  /// the network has no such layer.
  public func attention(_ clip: Batch, _ weights: Weights) -> [Float]? {
    precondition(clip.lengths.count == 1, "one clip at a time")
    let found = layers.attention(of: clip, weights)
    guard !found.isEmpty else { return nil }
    var mean = [Float](repeating: 0, count: clip.frames)
    for trace in found {
      let share = Float(trace.count) / Float(clip.frames * found.count)
      for t in mean.indices { mean[t] += trace[t * trace.count / clip.frames] * share }
    }
    let total = mean.reduce(0, +)
    return mean.map { $0 / total }
  }
}
