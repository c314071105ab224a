import Foundation
import Hashing
import Testing

@Suite("emotion-lab download")
struct DownloadTests {
  private let folder: Workspace
  private let archive: [UInt8]

  init() throws {
    let folder = try Workspace()
    self.folder = folder
    // As the published archive lies: a folder for each actor.
    archive = zipFile(
      try ["Actor_01", "Actor_02"].flatMap { actor in
        let names = try FileManager.default.contentsOfDirectory(
          atPath: folder.root + "/ravdess/" + actor)
        return try names.sorted().map {
          ("\(actor)/\($0)", try folder.read("ravdess/\(actor)/\($0)"))
        }
      })
  }

  private func checksum(_ bytes: [UInt8]) -> String { "sha256:" + sha256(bytes.span) }

  private func download(_ server: LoopbackServer, _ more: String...) throws -> Run {
    try folder.run(
      ["download", "ravdess", "--accept-licence", "--to", "got", "--from", server.address] + more)
  }

  @Test("shows the licence first, and asks no server before it is accepted")
  func licence() throws {
    let server = try LoopbackServer(archive, .cutting([]))
    defer { server.stop() }
    let shown = try folder.run("download", "ravdess", "--from", server.address)
    #expect(shown.status == 0 && shown.output.contains("Licence: CC BY-NC-SA 4.0"))
    #expect(shown.output.contains("--accept-licence") && server.requests.isEmpty)
    let byHand = try folder.run("download", "savee", "--accept-licence")
    #expect(byHand.status == 0 && byHand.output.contains("kahlan.eps.surrey.ac.uk"))
    let unknown = try folder.run("download", "iemocap")
    #expect(unknown.status == 64 && unknown.errors.contains("nemo"))
  }

  @Test("goes on where a connection was cut, and leaves a corpus")
  func cuts() throws {
    let server = try LoopbackServer(archive, .cutting([1000, 20_000]))
    defer { server.stop() }
    let run = try download(server, "--checksum", checksum(archive))
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("got: 12 clips of 2 speakers"))
    #expect(run.errors.contains("checksum sha256 is right") && run.errors.contains(" MB"))
    #expect(server.requests.map { $0.contains("Range: bytes=") } == [false, true, true])
    #expect(server.requests[1].contains("Range: bytes=1000-"))
    #expect(server.requests[2].contains("Range: bytes=21000-"))
    let name = "Actor_01/03-01-02-01-01-01-01.wav"
    #expect(try folder.read("got/" + name) == folder.read("ravdess/" + name))
    #expect(!folder.has("got.archive") && !folder.has("got.archive.part"))
    #expect(try download(server).status == 73)
  }

  @Test("begins again where the server knows no ranges")
  func withoutRanges() throws {
    let server = try LoopbackServer(archive, .withoutRanges([5000]))
    defer { server.stop() }
    let run = try download(server, "--checksum", checksum(archive), "--keep-archive")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.read("got.archive") == archive)
  }

  @Test("a later run goes on from what an earlier one left")
  func laterRun() throws {
    let server = try LoopbackServer(archive, .cutting([]))
    defer { server.stop() }
    try folder.write("got.archive.part", Array(archive.prefix(4321)))
    #expect(try download(server, "--checksum", checksum(archive)).status == 0)
    #expect(server.requests.count == 1 && server.requests[0].contains("Range: bytes=4321-"))
  }

  @Test("refuses an archive that hashes to something else, and forgets it")
  func damage() throws {
    let server = try LoopbackServer(archive, .cutting([]))
    defer { server.stop() }
    let run = try download(server)
    #expect(run.status == 65 && run.errors.contains("md5:bc696df654c87fed845eb13823edef8a"))
    #expect(!folder.has("got") && !folder.has("got.archive") && !folder.has("got.archive.part"))
  }

  @Test(
    "names what the server says",
    arguments: [(404, 69, "status 404"), (403, 69, "status 403")] as [(Int, Int32, String)])
  func refusal(status: Int, code: Int32, text: String) throws {
    let server = try LoopbackServer([], .status(status))
    defer { server.stop() }
    let run = try download(server)
    #expect(run.status == code && run.errors.contains(text) && server.requests.count == 1)
    let strange = try folder.run(
      "download", "ravdess", "--accept-licence", "--to", "got", "--from", "file:///etc/passwd")
    #expect(strange.status == 69 && !folder.has("got"))
  }

  @Test("writes nothing outside its folder, and keeps nothing that is no corpus")
  func hostileArchives() throws {
    let clip = try folder.read("ravdess/Actor_01/03-01-02-01-01-01-01.wav")
    let name = "03-01-02-01-01-01-01.wav"
    for (bytes, text) in [
      (zipFile([("Actor_01/" + name, clip), ("../evil.wav", clip)]), "outside"),
      (zipFile([("/tmp/evil.wav", clip)]), "outside"),
      (zipFile([("a/" + name, clip), ("a/" + name, clip)]), "twice"),
      (zipFile([("readme.txt", Array("no sound".utf8))]), "no usable audio file"),
      (Array("<html>not here</html>".utf8), "got.archive"),
      (Array(archive.prefix(archive.count / 2)), "got.archive"),
    ] {
      let server = try LoopbackServer(bytes, .cutting([]))
      defer { server.stop() }
      let run = try download(server, "--checksum", checksum(bytes))
      #expect(run.status == 65 && run.errors.contains(text), "\(run.errors)")
      #expect(!folder.has("got") && !folder.has("got.unpacking") && !folder.has("evil.wav"))
      #expect(!folder.has("got.archive"))
    }
  }
}
