import Glibc
import Synchronization

/// Processes that decode what strangers sent. Each holds one recording at a time and can be lost: whatever a C library
/// does with hostile bytes, it does there.
///
/// There are as many as threads that decode at once: who uses it bounds its threads. Idle ones are kept for the next
/// recording.
public final class DecoderPool: Sendable {
  public struct Configuration: Sendable {
    /// The decoder program; nil for the one beside the running program.
    public var program: String?
    /// A program that decodes what no library of ours does, as ffmpeg does; nil for none.
    public var external: String?
    /// Idle processes that are kept.
    public var idle = 4

    public init() {}
  }

  /// What happens to the processes, for a log.
  public enum Event: Sendable, Equatable {
    /// A process died of a recording, or did not answer.
    case died(format: String)
    /// A process was ended because a recording took too much processor time.
    case exhausted(format: String)
    /// The program that makes the processes was gone, and is started again.
    case restarted
    /// The external decoder is about to run. Nothing to log.
    case external(format: String)
  }

  /// How many processes there were.
  public struct Counts: Sendable, Equatable {
    public var alive = 0
    public var started = 0
    /// Of all started, those that a recording cost.
    public var lost = 0
  }

  private struct State: Sendable {
    var host: DecoderHost?
    var idle: [DecoderChannel] = []
    var counts = Counts()
  }

  /// Memory of its own (bytes) beyond which an idle process is not kept: what a recording made it take, it keeps.
  private static let memoryLimit = 8 << 20
  /// Processor time in which no process can take much memory, so that nobody has to look.
  private static let glance = Duration.milliseconds(2)
  /// Recordings after which a process is replaced: one that a stranger took over is not kept for long.
  private static let recordingLimit = 200
  /// Processor time after which a process has made way for all others, for good.
  private static let patience = Duration.milliseconds(100)

  /// What decodes where nobody says otherwise.
  public static let shared = DecoderPool()

  private let configuration: Configuration
  private let observe: @Sendable (Event) -> Void
  private let state = Mutex(State())

  /// - Parameter observe: Is told what happens, on the thread that it happens to.
  public init(
    _ configuration: Configuration = Configuration(),
    observe: @escaping @Sendable (Event) -> Void = { _ in }
  ) {
    self.configuration = configuration
    self.observe = observe
  }

  public var counts: Counts { state.withLock { $0.counts } }

  /// Starts so many processes now, so that the first recordings need not wait, and a system that cannot confine them is
  /// known before anybody asks.
  /// - Throws: `noDecoder`.
  public func start(_ count: Int) throws(AudioError) {
    var made: [DecoderChannel] = []
    for _ in 0..<count { made.append(try make(.make)) }
    state.withLock { $0.idle += made }
  }

  /// Whether there is an external decoder.
  var hasExternal: Bool { configuration.external != nil }

  /// An idle process, or a new one. The external decoder has a new one for each recording.
  /// - Throws: `noDecoder` where the system makes none.
  func take(for container: RecordingContainer) throws(AudioError) -> DecoderChannel {
    if case .external = container {
      observe(.external(format: container.name))
      return try make(.makeExternal)
    }
    while let channel = state.withLock({ $0.idle.popLast() }) {
      if channel.isQuiet() { return counted(channel) }
      state.withLock { $0.counts.alive -= 1 }
    }
    return counted(try make(.make))
  }

  private func counted(_ channel: DecoderChannel) -> DecoderChannel {
    channel.recordings.add(1, ordering: .relaxed)
    return channel
  }

  private func make(_ request: DecoderHostMessage) throws(AudioError) -> DecoderChannel {
    let host = try currentHost()
    if let channel = try host.makeDecoder(request) { return started(channel) }
    // The program has gone: its children are gone with it.
    state.withLock { state in
      guard state.host === host else { return }
      state.host = nil
      state.counts.alive -= state.idle.count
      state.idle = []
    }
    observe(.restarted)
    guard let channel = try currentHost().makeDecoder(request) else {
      throw .noDecoder(reason: "the decoder program ends by itself")
    }
    return started(channel)
  }

  private func started(_ channel: DecoderChannel) -> DecoderChannel {
    state.withLock {
      $0.counts.alive += 1
      $0.counts.started += 1
    }
    return channel
  }

  private func currentHost() throws(AudioError) -> DecoderHost {
    do {
      return try state.withLock { state in
        if let host = state.host { return host }
        let host = try DecoderHost(
          program: configuration.program ?? Self.programBeside, external: configuration.external)
        state.host = host
        return host
      }
    } catch let error as AudioError {
      throw error
    } catch {
      throw .noDecoder(reason: "\(error)")
    }
  }

  /// `emotion-decoder` in the folder of the running program.
  private static var programBeside: String {
    var path = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe readlink("/proc/self/exe", &path, path.count)
    let text = String(
      decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let folder = text.lastIndex(of: "/").map { text[..<$0] } ?? "."
    return "\(folder)/emotion-decoder"
  }

  /// How a process did with a recording.
  enum RunResult {
    case done(cost: Duration)
    /// It is still at work that nobody wants.
    case left
    case died(format: String)
    case exhausted(format: String)
  }

  /// Takes a process back, or lets it go.
  func giveBack(
    _ channel: DecoderChannel, of container: RecordingContainer, after result: RunResult
  ) {
    switch result {
    case .done where container.isExternal: end(channel)
    case .done(let cost):
      let isFit =
        cost < Self.patience
        && (cost < Self.glance || channel.privateMemory ?? 0 < Self.memoryLimit)
        && channel.recordings.load(ordering: .relaxed) < Self.recordingLimit
      state.withLock { state in
        if isFit && state.idle.count < configuration.idle {
          state.idle.append(channel)
        } else {
          state.counts.alive -= 1
        }
      }
    case .left: end(channel)
    case .died(let format): lose(channel, .died(format: format))
    case .exhausted(let format): lose(channel, .exhausted(format: format))
    }
  }

  private func lose(_ channel: DecoderChannel, _ event: Event) {
    state.withLock { $0.counts.lost += 1 }
    end(channel)
    observe(event)
  }

  private func end(_ channel: DecoderChannel) {
    let host = state.withLock { state in
      state.counts.alive -= 1
      return state.host
    }
    host?.kill(channel)
  }
}
