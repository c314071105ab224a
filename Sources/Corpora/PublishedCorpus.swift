/// A corpus of emotional speech that others published: where it is had, and on what terms.
public struct PublishedCorpus: Sendable, Equatable {
  /// As its clips name it: `Clip.corpus`.
  public let name: String
  /// Who made it, and where they describe it.
  public let citation: String
  /// The page for people.
  public let page: String
  /// What may be done with it.
  public let licence: String
  /// A few words of that for weights that were trained on it.
  public let licenceSummary: String
  public let source: Source

  public enum Source: Sendable, Equatable {
    /// An archive that the publisher hands to anyone; the checksum as the publisher says it
    /// (`md5:…`), nil where none is published.
    case archive(address: String, checksum: String?)
    /// What a person has to do.
    case byHand(String)
  }

  public static let all: [PublishedCorpus] = [ravdess, tess, cremaD, savee, emoDB, nemo]

  /// What the licences of corpora let weights trained on them be used for, in one phrase.
  public static func licenceSummary(of corpora: [String]) -> String {
    corpora.map { name in
      let known = all.first { $0.name == name }
      return "\(name): \(known?.licenceSummary ?? "ask whoever recorded it")"
    }.joined(separator: "; ")
  }

  static let ravdess = PublishedCorpus(
    name: "ravdess",
    citation: "Livingstone and Russo 2018, PLoS ONE 13(5): e0196391; 24 actors, English, 208 MB",
    page: "https://zenodo.org/records/1188976",
    licence: "CC BY-NC-SA 4.0: name its authors, no commercial use, pass changes on alike.",
    licenceSummary: "CC BY-NC-SA 4.0 (non-commercial)",
    source: .archive(
      address: "https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip?download=1",
      checksum: "md5:bc696df654c87fed845eb13823edef8a"))

  static let tess = PublishedCorpus(
    name: "tess",
    citation: "Pichora-Fuller and Dupuis 2020, doi:10.5683/SP2/E8H2MF; 2 actresses, English",
    page: "https://borealisdata.ca/dataset.xhtml?persistentId=doi:10.5683/SP2/E8H2MF",
    licence: "CC BY-NC-ND 4.0: name its authors, no commercial use, hand on no changed copies.",
    licenceSummary: "CC BY-NC-ND 4.0 (non-commercial)",
    source: .archive(
      address: "https://borealisdata.ca/api/access/dataset/:persistentId/"
        + "?persistentId=doi:10.5683/SP2/E8H2MF",
      checksum: nil))

  static let cremaD = PublishedCorpus(
    name: "crema-d",
    citation: "Cao et al. 2014, IEEE Transactions on Affective Computing 5(4); 91 actors, English",
    page: "https://github.com/CheyneyComputerScience/CREMA-D",
    licence:
      "Open Database License 1.0, its contents Database Contents License 1.0: any use, commercial too; name the source, pass "
      + "changed databases on alike.",
    licenceSummary: "ODbL 1.0 and DbCL 1.0 (any use, source named)",
    source: .byHand(
      "git lfs clone https://github.com/CheyneyComputerScience/CREMA-D (its recordings are in Git LFS)"
    ))

  static let savee = PublishedCorpus(
    name: "savee", citation: "Haq and Jackson 2009, University of Surrey; 4 men, English",
    page: "http://kahlan.eps.surrey.ac.uk/savee/",
    licence: "For research, free; its authors send a password to those who register.",
    licenceSummary: "research only",
    source: .byHand("register at http://kahlan.eps.surrey.ac.uk/savee/Register.html"))

  static let emoDB = PublishedCorpus(
    name: "emodb",
    citation: "Burkhardt et al. 2005, Interspeech; 10 actors, German, 40 MB",
    page: "http://emodb.bilderbar.info",
    licence: "Free of charge for research; ask its authors for anything else.",
    licenceSummary: "free for research",
    source: .archive(address: "http://emodb.bilderbar.info/download/download.zip", checksum: nil))

  static let nemo = PublishedCorpus(
    name: "nemo", citation: "Christop 2024, LREC-COLING; 9 actors, Polish",
    page: "https://github.com/amu-cai/nEMO",
    licence: "CC BY-NC-SA 4.0: name its authors, no commercial use, pass changes on alike.",
    licenceSummary: "CC BY-NC-SA 4.0 (non-commercial)",
    // Named by its commit: the same files for ever.
    source: .archive(
      address: "https://github.com/amu-cai/nEMO/archive/"
        + "06f1f83dde8f1a780443a57d53b2af3971af34ab.zip",
      checksum: nil))
}
