import CommandLineTool
import Corpora
import Downloads
import FileIO
import Foundation
import Hashing

/// `emotion-lab download NAME`: a published corpus from its official address, after its licence.
enum DownloadCommand: Subcommand {
  private static let accept = Option<Bool>.flag(
    "accept-licence", help: "Downloads; without it only the licence is shown")
  private static let folder = Option<String?>.optional(
    "to", .folder, help: "Folder to make, instead of one named as the corpus")
  private static let mirror = Option<String?>.optional(
    "from", .text("URL"), help: "Another address of the same archive")
  private static let checksum = Option<Checksum?>.optional(
    "checksum",
    ValueFormat<Checksum>(
      placeholder: "ALGORITHM:DIGITS", expectation: "md5: or sha256: and the digits",
      parse: { Checksum($0) }, render: { "\($0)" }),
    help: "What the archive hashes to, instead of what is known here")
  private static let keep = Option<Bool>.flag("keep-archive", help: "Keeps the archive")

  static let command = Command(
    "emotion-lab download",
    summary: "Fetch a published corpus: " + PublishedCorpus.all.map(\.name).joined(separator: ", ")
      + ".",
    operands: .exactly(["NAME"]), options: [accept, folder, mirror, checksum, keep],
    examples: [
      Example("emotion-lab download ravdess", "Its licence, and where it comes from"),
      Example(
        "emotion-lab download ravdess --accept-licence",
        "Fetch it into ravdess/; after a break the same command goes on"),
    ])

  static func run(_ arguments: Arguments) throws {
    let name = arguments.operands[0]
    guard let corpus = PublishedCorpus.all.first(where: { $0.name == name }) else {
      throw LabError.unknownCorpus(name)
    }
    Terminal.print(terms(corpus))
    guard let archive = archive(corpus, arguments) else {
      if case .byHand(let steps) = corpus.source { Terminal.print("To get it: \(steps)") }
      return
    }
    guard arguments[accept] else {
      Terminal.print("To download it under these terms, add --accept-licence.")
      return
    }
    let folder = arguments[folder] ?? name
    guard !FileManager.default.fileExists(atPath: folder) else { throw LabError.exists(folder) }
    let path = folder + ".archive"
    try fetch(archive.address, to: path)
    try verify(path, archive.checksum)
    try unpack(path, to: folder)
    if !arguments[keep] { try File(path).remove() }
  }

  private static func terms(_ corpus: PublishedCorpus) -> String {
    """
    \(corpus.name): \(corpus.citation)
    Published at \(corpus.page)
    Licence: \(corpus.licence)
    """
  }

  private static func archive(
    _ corpus: PublishedCorpus, _ arguments: Arguments
  ) -> (address: String, checksum: Checksum?)? {
    let given = arguments[checksum]
    switch (arguments[mirror], corpus.source) {
    case (let mirror?, .byHand): return (mirror, given)
    case (nil, .byHand): return nil
    case (let mirror, .archive(let address, let known)):
      return (mirror ?? address, given ?? known.flatMap { Checksum($0) })
    }
  }

  private static func fetch(_ address: String, to path: String) throws {
    if try File(path).size() != nil { return }
    Interruption.watch()
    let line = ByteLine()
    try Download(from: address, to: path).run(
      progress: { line.update($0, of: $1) }, shouldStop: { Interruption.isRequested })
    line.end()
  }

  private static func verify(_ path: String, _ checksum: Checksum?) throws {
    var hash = Hash(checksum?.algorithm ?? .sha256)
    try File(path).forEachPiece { hash.update($0) }
    let found = hash.finish()
    guard let checksum else {
      Terminal.printError("no checksum is published; the archive's is sha256:\(found)")
      return
    }
    guard found == checksum.digits else {
      // Kept, it would be taken for the corpus the next time.
      try File(path).remove()
      throw LabError.otherChecksum(expected: checksum, found: found)
    }
    Terminal.printError("checksum \(checksum.algorithm.rawValue) is right")
  }

  /// Into a folder of another name, which becomes the corpus when it is whole and holds clips.
  private static func unpack(_ path: String, to folder: String) throws {
    let draft = folder + ".unpacking"
    try? FileManager.default.removeItem(atPath: draft)
    do {
      try File(draft).createFolders()
      try Archive(path).unpack(into: draft)
      let corpus = try Corpus(at: draft)
      try File(draft).move(to: folder)
      let speakers = Set(corpus.clips.map(\.speaker)).count
      Terminal.print("\(folder): \(corpus.clips.count) clips of \(speakers) speakers")
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      // For want of space it may be tried again; what holds no corpus will not hold one then.
      if case ArchiveError.file = error { throw error }
      try File(path).remove()
      throw error
    }
  }
}
