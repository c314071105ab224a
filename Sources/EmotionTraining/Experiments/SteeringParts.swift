/// For each member of an ensemble, who steers it and who teaches it. No speaker does both for one
/// member; over the members, nearly all teach.
struct SteeringParts: Sendable {
  let parts: [(training: [Int], validation: [Int])]

  /// The first member gets the parts as they are. Each further one is steered by as many speakers as
  /// the first, of the same corpora, half of them women if it can be.
  init(_ examples: [TrainingExample], training: [Int], validation: [Int], count: Int) {
    var parts = [(training: training, validation: validation)]
    let both = training + validation
    let steering = Set(validation.map { examples[$0].clip.corpus })
    let size = Set(validation.map { examples[$0].clip.speaker }).count
    var waiting = Self.mixed(
      training.map { examples[$0].clip }.filter { steering.contains($0.corpus) })
    while parts.count < count {
      let chosen = Set(waiting.prefix(size))
      // Speakers run out: the first ones steer again.
      if chosen.count < max(size, 1) {
        parts.append(parts[0])
        continue
      }
      waiting.removeFirst(size)
      let isSteering = { (index: Int) in chosen.contains(examples[index].clip.speaker) }
      parts.append((both.filter { !isSteering($0) }, both.filter(isSteering)))
    }
    self.parts = parts
  }

  /// Speakers, women and men in turn.
  private static func mixed(_ clips: [Clip]) -> [String] {
    let groups = Dictionary(grouping: clips) { $0.sex?.rawValue ?? "" }
      .sorted { $0.key < $1.key }.map { Set($0.value.map(\.speaker)).sorted() }
    let longest = groups.map(\.count).max() ?? 0
    return (0..<longest).flatMap { rank in groups.compactMap { rank < $0.count ? $0[rank] : nil } }
  }
}
