/// What the licences of published corpora let weights trained on them be used for.
public enum DataLicence {
  private static let known: [String: String] = [
    "ravdess": "CC BY-NC-SA 4.0 (non-commercial)", "nemo": "CC BY-NC-SA 4.0 (non-commercial)",
    "tess": "CC BY-NC-ND 4.0 (non-commercial)", "cremad": "ODbL 1.0", "crema-d": "ODbL 1.0",
    "savee": "research only", "emodb": "free for research",
  ]

  /// One phrase for weights trained on these corpora.
  public static func summary(of corpora: [String]) -> String {
    corpora.map { "\($0): \(known[$0] ?? "ask whoever recorded it")" }.joined(separator: "; ")
  }
}
