import Corpora
import Evaluation
import Features
import LinearAlgebra
import NeuralNetwork
import Training
import Voices

/// What a trained model says of clips when it knows earlier recordings of their speakers.
struct VoiceTrial: Sendable {
  /// Times that earlier recordings are drawn anew.
  private static let draws = 5

  private let model: FittedModel
  private let clips: [TrainingExample]
  /// What the mean training speaker sounds like; nil where the model has no use for it.
  private let mean: BandStyle?
  /// What each clip alone says of its speaker's voice.
  private let profiles: [VoiceProfile]
  /// The places of each speaker's clips.
  private let speakers: [String: [Int]]

  /// - Parameters:
  ///   - training: What the model learned from.
  ///   - clips: To be tested.
  init(_ model: FittedModel, training: [TrainingExample], clips: [TrainingExample]) async {
    let mean = model.meanStyle(of: training)
    self.model = model
    self.clips = clips
    self.mean = mean
    speakers = Dictionary(grouping: clips.indices) { clips[$0].clip.speaker }
    profiles = await concurrentMap(clips.count) { place in
      VoiceProfile(
        model: "", seconds: 0, style: mean.map { _ in BandStyle(of: clips[place].recording) },
        logits: model.logits(of: clips[place].recording))
    }
  }

  /// Of all draws, one after the other.
  func results(knowing evidence: Evidence, seed: UInt64) async -> [ClipResult] {
    var results: [ClipResult] = []
    for draw in 0..<Self.draws {
      results += await concurrentMap(clips.count) { place in
        var random = RandomSource(seed: seed, draw, place)
        return result(place, knowing: earlier(than: place, evidence, &random), seed)
      }
    }
    return results
  }

  private func result(_ place: Int, knowing earlier: [Int], _ seed: UInt64) -> ClipResult {
    let clip = clips[place]
    guard let profile = profile(of: earlier) else {
      return clip.result(model.temperature(model.logits(of: clip.recording)), seed: seed)
    }
    var map = clip.recording
    if let mean { profile.adapt(&map, to: mean) }
    var logits = model.logits(of: map)
    profile.adapt(&logits)
    return clip.result(model.temperature(logits), seed: seed)
  }

  private func profile(of places: [Int]) -> VoiceProfile? {
    places.reduce(nil) { $0?.joined(with: profiles[$1]) ?? profiles[$1] }
  }

  /// Places of recordings that are known when a clip is classified; none where its speaker has no others.
  private func earlier(
    than place: Int, _ evidence: Evidence, _ random: inout RandomSource
  ) -> [Int] {
    let speaker = clips[place].clip.speaker
    var others = speakers[speaker, default: []].filter { $0 != place }
    switch evidence.kind {
    case .mixed, .aQuarterOthers: break
    case .oneLabel: others = only(1, labelsOf: others, &random)
    case .twoLabels: others = only(2, labelsOf: others, &random)
    }
    guard !others.isEmpty else { return [] }
    var drawn = draw(evidence.count, from: others, &random)
    if evidence.kind == .aQuarterOthers {
      let strangers = clips.indices.filter {
        clips[$0].clip.corpus == clips[place].clip.corpus && clips[$0].clip.speaker != speaker
      }
      let count = strangers.isEmpty ? 0 : evidence.count / 4
      drawn.replaceSubrange(0..<count, with: draw(count, from: strangers, &random))
    }
    return drawn
  }

  private func only(
    _ count: Int, labelsOf places: [Int], _ random: inout RandomSource
  ) -> [Int] {
    let labels = Set(places.map { clips[$0].label }).sorted().shuffled(using: &random)
      .prefix(count)
    return places.filter { labels.contains(clips[$0].label) }
  }

  /// Without putting back, as long as there are any.
  private func draw(_ count: Int, from places: [Int], _ random: inout RandomSource) -> [Int] {
    var drawn: [Int] = []
    while drawn.count < count {
      drawn += places.shuffled(using: &random).prefix(count - drawn.count)
    }
    return drawn
  }
}

extension FittedModel {
  /// What the mean speaker of some examples sounds like; nil where this is no single network over log-mel bands.
  fileprivate func meanStyle(of examples: [TrainingExample]) -> BandStyle? {
    guard members.count == 1, let member = members.first, member.channels == nil,
      member.frontEnd.configuration.isLogarithmic, member.frontEnd.configuration.functionals == nil
    else { return nil }
    return SpeakerStyles(of: examples) { $0 }.mean
  }

  /// The sum of all members' logits of a map, each times its weight.
  fileprivate func logits(of map: FeatureMap) -> [Float] {
    var sum: [Float] = []
    for member in members {
      let input = member.frontEnd.networkInput(of: map.selecting(member.channels))
      let logits = member.network.logits(Batch([input]), member.weights).values
      let weighted = logits.map { member.weight * $0 }
      sum = sum.isEmpty ? weighted : zip(sum, weighted).map(+)
    }
    return sum
  }
}

/// The values of all places, computed on all cores.
private func concurrentMap<Value: Sendable>(
  _ count: Int, _ value: @escaping @Sendable (Int) -> Value
) async -> [Value] {
  let parts = stride(from: 0, to: count, by: 32).map { $0..<min($0 + 32, count) }
  return await withTaskGroup(of: (Int, [Value]).self) { group in
    for (place, part) in parts.enumerated() { group.addTask { (place, part.map(value)) } }
    var found = [[Value]](repeating: [], count: parts.count)
    for await (place, values) in group { found[place] = values }
    return found.flatMap(\.self)
  }
}
