extension ClipCollector {
  mutating func collect(_ tree: AudioTree) {
    for file in tree.skipped { skip(file.path, file.reason) }
    let described = tree.audio.map { ($0, describe(RelativePath($0))) }
    let isPublished = described.contains { if case .unknown = $0.1 { false } else { true } }
    if isPublished {
      let (speakers, votes) = (SpeakerTable(in: tree), VoteTable(in: tree))
      for (file, finding) in described { add(finding, file, tree, speakers, votes) }
    } else {
      collectFolders(tree)
    }
  }

  private enum Finding {
    case clip(Layout, Layout.Description)
    case unusable(SkippedFile.Reason)
    case unknown
  }

  private func describe(_ path: RelativePath) -> Finding {
    for layout in Layout.all {
      do {
        if let description = try layout.describe(path) { return .clip(layout, description) }
      } catch {
        return .unusable(error)
      }
    }
    return .unknown
  }

  private mutating func add(
    _ finding: Finding, _ file: String, _ tree: AudioTree, _ speakers: SpeakerTable,
    _ votes: VoteTable
  ) {
    switch finding {
    case .unknown: skip(tree.path(file), .unknownName)
    case .unusable(let reason): skip(tree.path(file), reason)
    case .clip(let layout, let found):
      let clip = Clip(
        path: tree.path(file), corpus: layout.name, speaker: found.speaker,
        sex: found.sex ?? speakers.sexes["\(layout.name)/\(found.speaker)"], label: found.label,
        intensity: found.intensity, sentence: found.sentence,
        votes: votes.fractions[RelativePath(file).stem])
      // The same name by the same speaker is the same clip, whatever the folder and the format.
      add(clip, identity: "\(found.speaker)/\(RelativePath(file).stem)")
    }
  }
}
