import AudioIO
import FoundationEssentials
import Glibc
import Synchronization
import Testing

@Suite("decoder processes")
struct DecoderPoolTests {
  @Test(
    "a process is confined: no new system calls, no new privileges, no files",
    .disabled(if: isSanitized, "a sanitizer maps terabytes and calls what it likes"))
  func confined() throws {
    let pool = try NamedPool()
    _ = try pool.decoder.decode(fixture("flac_16"))
    let child = try #require(pool.processes.last)
    let status = try String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8)
    #expect(status.contains("Seccomp:\t2"))
    #expect(status.contains("NoNewPrivs:\t1"))
    let limits = try String(contentsOfFile: "/proc/\(child)/limits", encoding: .utf8)
    for limit in ["Max open files", "Max file size", "Max core file size"] {
      let line = limits.split(separator: "\n").first { $0.hasPrefix(limit) }
      #expect(line?.split(separator: " ").dropFirst(3).prefix(2).contains("0") == true, "\(limit)")
    }
  }

  @Test("a process that dies costs its own recording, and no other")
  func death() throws {
    let pool = try NamedPool()
    let bytes = try fixture("flac_16_stereo")
    let whole = try pool.decoder.decode(bytes)
    #expect(throws: AudioError.decoderFailed(container: "FLAC")) {
      var stream = try AudioStream(
        TreacherousSource(bytes) { pool.killDecoders() }, decoders: pool.pool)
      var samples: [Float] = []
      while try stream.read(into: &samples) > 0 {}
    }
    #expect(pool.pool.counts.lost == 1)
    #expect(pool.events.first == .died(format: "FLAC"))
    #expect(try pool.decoder.decode(bytes) == whole)
  }

  @Test("an idle process that has died is not used")
  func idleDeath() throws {
    let pool = try NamedPool()
    let whole = try pool.decoder.decode(fixture("flac_16"))
    pool.killDecoders()
    #expect(try pool.decoder.decode(fixture("flac_16")) == whole)
    #expect(pool.pool.counts.lost == 0)
  }

  @Test("the program that makes the processes is started again when it is gone")
  func restart() throws {
    let pool = try NamedPool()
    let whole = try pool.decoder.decode(fixture("flac_16"))
    let processes = pool.processes
    kill(try #require(processes.first), SIGKILL)
    pool.awaitEnd(of: processes)
    #expect(try pool.decoder.decode(fixture("flac_16")) == whole)
    #expect(pool.events == [.restarted])
  }

  @Test("a recording that takes more processor time than it is worth is given up")
  func exhausted() throws {
    let pool = try NamedPool()
    let bytes = try Array(repeatElement(fixture("mp3_44k_stereo_id3"), count: 3000).joined())
    let budget = ProcessorBudget(
      ProcessorAllowance(least: .milliseconds(30), perSecond: .zero, perByte: .zero))
    #expect(throws: AudioError.tooCostly) {
      var stream = try AudioStream(MemorySource(bytes), decoders: pool.pool, budget: budget)
      var samples: [Float] = []
      while try stream.read(into: &samples) > 0 { samples = [] }
    }
    #expect(budget.remaining <= .zero, "other recordings of the request must not have it again")
  }

  @Test("what it takes to refuse a recording is spent, too")
  func refused() throws {
    let pool = try NamedPool()
    let budget = ProcessorBudget(
      ProcessorAllowance(least: .seconds(1), perSecond: .zero, perByte: .zero))
    let bytes = Array("fLaC".utf8) + [UInt8](repeating: 0, count: 100)
    #expect(throws: AudioError.malformed(container: "FLAC")) {
      _ = try AudioStream(MemorySource(bytes), decoders: pool.pool, budget: budget)
    }
    #expect(budget.remaining < .seconds(1))
  }

  @Test(
    "a process is ended in the middle of its work when nobody waits any more",
    .timeLimit(.minutes(1)))
  func unwanted() throws {
    let pool = try NamedPool()
    let isWanted = Atomic(true)
    let budget = ProcessorBudget(isWanted: { isWanted.load(ordering: .relaxed) })
    let bytes = try fixture("flac_16_stereo")
    let source = TreacherousSource(bytes) {
      pool.stopDecoders()
      isWanted.store(false, ordering: .relaxed)
    }
    #expect(throws: AudioError.unwanted) {
      var stream = try AudioStream(source, decoders: pool.pool, budget: budget)
      var samples: [Float] = []
      while try stream.read(into: &samples) > 0 {}
    }
    pool.awaitEnd(of: Array(pool.processes.dropFirst()))
    let counts = pool.pool.counts
    #expect((counts.alive, counts.lost) == (0, 0))
  }

  @Test("a program that is not there is said to be missing")
  func missing() {
    var configuration = DecoderPool.Configuration()
    configuration.program = "/nowhere/emotion-decoder"
    let pool = DecoderPool(configuration)
    let error = #expect(throws: AudioError.self) {
      try AudioDecoder(decoders: pool).decode(fixture("flac_16"))
    }
    guard case .noDecoder(let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("/nowhere/emotion-decoder"))
  }

  @Test("a process is replaced after many recordings")
  func replaced() throws {
    let pool = try NamedPool()
    let bytes = try fixture("flac_16")
    for _ in 0..<401 { _ = try pool.decoder.decode(bytes) }
    let counts = pool.pool.counts
    #expect((counts.alive, counts.started, counts.lost) == (1, 3, 0))
  }

  @Test("a pool that is started has so many processes")
  func started() throws {
    let pool = try NamedPool()
    try pool.pool.start(3)
    let counts = pool.pool.counts
    #expect((counts.alive, counts.started, counts.lost) == (3, 3, 0))
    // And the one that makes them.
    #expect(pool.processes.count == 4)
  }
}

@Suite("what recordings are worth")
struct ProcessorBudgetTests {
  @Test("the smaller of seconds and bytes counts, and a least in any case")
  func worth() {
    let budget = ProcessorBudget(
      ProcessorAllowance(
        least: .seconds(1), perSecond: .milliseconds(100), perByte: .microseconds(20)))
    #expect(budget.remaining == .seconds(1))
    budget.add(seconds: 100)
    #expect(budget.remaining == .seconds(1))
    budget.add(bytes: 100_000)
    #expect(budget.remaining == .seconds(2))
    budget.add(bytes: 1_000_000)
    #expect(budget.remaining == .seconds(10))
    budget.spend(.seconds(4))
    #expect(budget.remaining == .seconds(6))
  }

  @Test("what nobody waits for is an error")
  func unwanted() {
    #expect(throws: AudioError.unwanted) { try ProcessorBudget(isWanted: { false }).check() }
  }

  @Test("what is used up is an error")
  func check() throws {
    let budget = ProcessorBudget()
    try budget.check()
    budget.spend(.seconds(2))
    #expect(throws: AudioError.tooCostly) { try budget.check() }
  }
}

/// Whether this is built with AddressSanitizer or ThreadSanitizer.
private let isSanitized = hasSymbol("__asan_init") || hasSymbol("__tsan_init")

private func hasSymbol(_ name: String) -> Bool { unsafe dlsym(nil, name) != nil }

/// A pool whose processes can be told from all others by the path of their program.
private final class NamedPool: Sendable {
  let pool: DecoderPool
  private let folder: URL
  private let log = EventLog()

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "decoders-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let program = folder.appending(path: "emotion-decoder").path
    let real = URL(
      filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    )
    .deletingLastPathComponent().appending(path: "emotion-decoder").path
    try FileManager.default.createSymbolicLink(atPath: program, withDestinationPath: real)
    var configuration = DecoderPool.Configuration()
    configuration.program = program
    pool = DecoderPool(configuration) { [log] in log.add($0) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var decoder: AudioDecoder { AudioDecoder(decoders: pool) }
  var events: [DecoderPool.Event] { log.all }

  /// The one that makes the others first.
  var processes: [Int32] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.compactMap { Int32($0) }.filter { process in
      guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else {
        return false
      }
      return String(decoding: line, as: UTF8.self).hasPrefix(folder.path)
    }.sorted()
  }

  /// They are there and say nothing, as if a block took for ever.
  func stopDecoders() {
    for process in processes.dropFirst() { kill(process, SIGSTOP) }
  }

  func killDecoders() {
    let victims = processes.dropFirst()
    for process in victims { kill(process, SIGKILL) }
    awaitEnd(of: Array(victims))
  }

  /// Waits until processes have closed what they had open: before that nobody can know that they are dying.
  func awaitEnd(of processes: [Int32]) {
    while !processes.allSatisfy(hasEnded) { usleep(1000) }
  }

  private func hasEnded(_ process: Int32) -> Bool {
    guard let line = FileManager.default.contents(atPath: "/proc/\(process)/stat") else {
      return true
    }
    let state = String(decoding: line, as: UTF8.self).split(separator: ")").last?.first {
      $0 != " "
    }
    return state == "Z" || state == "X"
  }
}

private final class EventLog: @unchecked Sendable {
  private var events: [DecoderPool.Event] = []
  func add(_ event: DecoderPool.Event) { events.append(event) }
  var all: [DecoderPool.Event] { events }
}

/// Gives a little at a time, and does something when it is asked for the third part.
private struct TreacherousSource: ByteSource {
  private let bytes: [UInt8]
  private let act: () -> Void
  private var reads = 0

  init(_ bytes: [UInt8], _ act: @escaping () -> Void) {
    self.bytes = bytes
    self.act = act
  }

  var count: Int { bytes.count }

  mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard offset < bytes.count else { return 0 }
    if offset > 200 {
      reads += 1
      if reads == 3 { act() }
    }
    let length = min(destination.count, bytes.count - offset, 100)
    for index in 0..<length { destination[index] = bytes[offset + index] }
    return length
  }
}
