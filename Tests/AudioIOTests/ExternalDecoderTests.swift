import AudioIO
import Foundation
import Glibc
import Synchronization
import Testing

/// Scripts stand in for ffmpeg here; `.ci/formats` tries the real one.
@Suite("the external decoder")
struct ExternalDecoderTests {
  @Test("its sound is the recording's, at its rate; the report names the codec")
  func sound() throws {
    let decoder = try StandIn("report aac; sound; samples")
    let audio = try decoder.decode("refused_mp4")
    #expect(audio.waveform.samples == [0.5, -0.5])
    #expect((audio.description.sampleRate, audio.description.channels) == (8000, 1))
    #expect(audio.description.format == "MP4/AAC")
    #expect(!audio.description.isTruncated)
  }

  @Test(
    "what a stranger wrote into a recording names no codec",
    arguments: ["    title : Stream #0:0: Audio: aac", "  Stream #0:0: Audio: ../../x", ""])
  func names(line: String) throws {
    let audio = try StandIn("echo '\(line)' >&2; sound; samples").decode("refused_mp4")
    #expect(audio.description.format == "MP4/another codec")
  }

  @Test(
    "it is asked for what our libraries do not decode, by name",
    arguments: [
      ("refused_mp4", "mov"), ("refused_aac", "aac"), ("refused_matroska", "matroska"),
      ("caf_alac", "caf"),
    ])
  func demuxer(name: String, demuxer: String) throws {
    let script = "[[ \" $* \" == *' -f \(demuxer) -i '* ]] || exit 1; sound; samples"
    #expect(try StandIn(script).decode(name).waveform.samples.count == 2)
  }

  @Test("it is not asked for what our libraries decode, nor for what nobody knows")
  func ours() throws {
    let decoder = try StandIn("sound; samples")
    #expect(try decoder.decode("flac_16").description.format == "FLAC/PCM_16")
    #expect(throws: AudioError.unrecognized) { try decoder.decode("voc_16") }
    #expect(decoder.events.isEmpty)
  }

  @Test("an EBML file of another kind is refused although there is one")
  func undecodable() throws {
    let decoder = try StandIn("sound; samples")
    let bytes: [UInt8] = [0x1A, 0x45, 0xDF, 0xA3] + [UInt8](repeating: 0, count: 60)
    #expect(throws: AudioError.undecodable("EBML")) {
      try decoder.decoder.decode(bytes)
    }
  }

  @Test(
    "what it does not decode is an error",
    arguments: [
      ("exit 0", AudioError.malformed(container: "MP4")),
      ("exit 1", .malformed(container: "MP4")),
      ("sound", .malformed(container: "MP4")),
      ("sound; samples; exit 1", .malformed(container: "MP4")),
      ("echo nonsense", .malformed(container: "MP4")),
      ("report none; exit 1", .undecodable("MP4/another codec")),
      ("echo '  Stream #0:0: Video: h264' >&2; exit 1", .noSamples),
      ("while :; do :; done", .tooCostly),
      ("sound; while samples; do :; done", .tooLong(maximum: 1)),
    ])
  func failures(script: String, error: AudioError) throws {
    let decoder = try StandIn(script)
    #expect(throws: error) { try decoder.decode("refused_mp4") }
    decoder.expectNothingLeft()
  }

  @Test("a report without end loses its end")
  func flood() throws {
    let line = String(repeating: "x", count: 999)
    let script = "report aac; for i in {1..200}; do echo \(line) >&2; done; sound; samples"
    #expect(try StandIn(script).decode("refused_mp4").description.format == "MP4/AAC")
  }

  /// Each works where nothing confines it. The kernel must have Landlock (5.13), or the files are read.
  static let attempts = [
    "read line </etc/passwd", "echo x >/tmp/external-decoder-test", "(exit 0)", "exec /bin/true",
    "exec 3<>/dev/udp/127.0.0.1/9", "kill -CONT $$", "read line </proc/self/status",
    "echo x >>/proc/self/fd/0",
  ]

  @Test(
    "it opens no files, makes no processes and sockets, sends no signals", arguments: attempts)
  func confined(attempt: String) throws {
    let script = """
      shopt -s execfail; trap 'samples; exit 0' EXIT; sound
      { \(attempt); } && { trap - EXIT; exit 1; }
      """
    let decoder = try StandIn(script)
    let audio = try decoder.decode("refused_mp4")
    #expect(audio.waveform.samples.count == 2)
  }

  @Test("it reads the system's libraries, so what the test above sees refused is not everything")
  func libraries() throws {
    let decoder = try StandIn("read line </usr/bin/ldd && { sound; samples; }")
    #expect(try decoder.decode("refused_mp4").waveform.samples.count == 2)
  }

  @Test("one that dies of a signal is told of", .timeLimit(.minutes(1)))
  func crash() throws {
    let decoder = try StandIn("while :; do :; done")
    let budget = ProcessorBudget(
      ProcessorAllowance(least: .seconds(60)),
      isWanted: {
        decoder.signal(SIGSEGV)
        return true
      })
    #expect(throws: AudioError.decoderFailed(container: "MP4")) {
      _ = try AudioStream(
        MemorySource(fixture("refused_mp4")), decoders: decoder.pool, budget: budget)
    }
    #expect(decoder.events == [.external(format: "MP4"), .died(format: "MP4")])
    decoder.expectNothingLeft()
  }

  @Test("it goes when nobody waits any more", .timeLimit(.minutes(1)))
  func unwanted() throws {
    let decoder = try StandIn("while :; do :; done")
    let start = ContinuousClock.now
    let budget = ProcessorBudget(
      ProcessorAllowance(least: .seconds(60)),
      isWanted: { ContinuousClock.now - start < .milliseconds(300) })
    #expect(throws: AudioError.unwanted) {
      _ = try AudioStream(
        MemorySource(fixture("refused_mp4")), decoders: decoder.pool, budget: budget)
    }
    decoder.expectNothingLeft()
  }

  @Test("an MP4 file that ends within a box is called truncated")
  func truncated() throws {
    let decoder = try StandIn("sound; samples")
    let bytes = try fixture("refused_mp4")
    let whole = try decoder.decoder.decode(bytes)
    let cut = try decoder.decoder.decode(Array(bytes.dropLast(3)))
    #expect((whole.description.isTruncated, cut.description.isTruncated) == (false, true))
  }
}

/// A script in place of ffmpeg.
private final class StandIn: Sendable {
  let pool: DecoderPool
  private let path: String
  private let log = EventLog()

  init(_ script: String) throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "ffmpeg-\(UUID().uuidString)").path
    let text = """
      #!/bin/bash
      report() { echo "  Stream #0:0[0x1](und): Audio: $1 (LC), 8000 Hz, mono" >&2; }
      sound() { printf '.snd\\0\\0\\0\\x18\\xff\\xff\\xff\\xff\\0\\0\\0\\x06\\0\\0\\x1f\\x40\\0\\0\\0\\x01'; }
      samples() { printf '\\x3f\\0\\0\\0\\xbf\\0\\0\\0'; }
      \(script)
      """
    try Data(text.utf8).write(to: URL(filePath: path))
    unsafe chmod(path, 0o755)
    var configuration = DecoderPool.Configuration()
    configuration.external = path
    pool = DecoderPool(configuration) { [log] in log.add($0) }
  }

  deinit { unsafe unlink(path) }

  var decoder: AudioDecoder {
    AudioDecoder(limits: AudioLimits(maximumDuration: 1), decoders: pool)
  }

  var events: [DecoderPool.Event] { log.all }

  func decode(_ name: String) throws -> DecodedAudio { try decoder.decode(fixture(name)) }

  /// Every process that runs the script goes.
  func expectNothingLeft() {
    let end = ContinuousClock.now + .seconds(10)
    while !processes.isEmpty && ContinuousClock.now < end { usleep(1000) }
    #expect(processes.isEmpty)
    #expect(pool.counts.alive == 0)
  }

  func signal(_ signal: Int32) {
    for process in processes { kill(process, signal) }
  }

  /// Those that run the script.
  private var processes: [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter {
      let line = FileManager.default.contents(atPath: "/proc/\($0)/cmdline") ?? Data()
      let words = String(decoding: line, as: UTF8.self).split(separator: "\0")
      return words.contains { $0 == path } && !words.contains("--control")
    }
  }
}

private final class EventLog: Sendable {
  private let events = Mutex<[DecoderPool.Event]>([])
  func add(_ event: DecoderPool.Event) { events.withLock { $0.append(event) } }
  var all: [DecoderPool.Event] { events.withLock { $0 } }
}
