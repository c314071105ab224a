/// What the licences of published corpora let weights trained on them be used for.
public enum DataLicence {
  /// One phrase for weights trained on these corpora.
  public static func summary(of corpora: [String]) -> String {
    corpora.map { name in
      let known = PublishedCorpus.all.first { $0.name == name }
      return "\(name): \(known?.licenceSummary ?? "ask whoever recorded it")"
    }.joined(separator: "; ")
  }
}
