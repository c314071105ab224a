import CMicrohttpd
import Glibc
import Synchronization

/// What the daemon's callbacks are given, and the memory that its options point to.
final class DaemonContext: Sendable {
  let core: ServerCore
  let limiter: ConnectionLimiter
  private let startMessages = Mutex<[String]?>([])
  private let memory: OptionMemory

  init(_ core: ServerCore, _ limiter: ConnectionLimiter) {
    self.core = core
    self.limiter = limiter
    memory = OptionMemory(
      tls: core.configuration.tls?.credentials, priorities: core.configuration.tlsPriorities)
  }

  /// Seconds that a connection beyond a limit has for its request.
  var excessPatience: UInt32 {
    UInt32(clamping: min(5, core.configuration.idleTimeout.components.seconds))
  }

  var messages: [String] { startMessages.withLock { $0 ?? [] } }

  func started() { startMessages.withLock { $0 = nil } }

  func note(_ message: String) {
    startMessages.withLock { $0?.append(message) }
    core.events.libraryMessage(message)
  }

  func options(
    _ configuration: ServerConfiguration, socket: Int32, connections: Int,
    _ pointer: UnsafeMutableRawPointer
  ) -> [MHD_OptionItem] {
    unsafe memory.sink.pointee = cmhd_message_sink(write: noteMessage, context: pointer)
    var options = unsafe [
      // First, so that it is told about the others.
      cmhd_on_message(memory.sink),
      cmhd_on_connection(noteConnection, pointer),
      cmhd_on_target(beginRequest, pointer),
      cmhd_on_completed(endRequest, pointer),
      option(.LISTEN_SOCKET, Int(socket)),
      option(.CONNECTION_LIMIT, connections),
      option(.CONNECTION_TIMEOUT, Int(configuration.idleTimeout.components.seconds)),
      option(.CONNECTION_MEMORY_LIMIT, configuration.connectionMemory),
    ]
    if configuration.ioThreads > 1 {
      unsafe options.append(option(.THREAD_POOL_SIZE, configuration.ioThreads))
    }
    unsafe options += memory.tlsOptions
    unsafe options.append(option(.END, 0))
    return unsafe options
  }
}

/// Memory with a fixed place, which the library reads while it runs.
@safe private final class OptionMemory: @unchecked Sendable {
  let sink: UnsafeMutablePointer<cmhd_message_sink>
  private let certificate: UnsafeMutablePointer<CChar>?
  private let privateKey: UnsafeMutablePointer<CChar>?
  private let priorities: UnsafeMutablePointer<CChar>?

  init(tls: TLSCredentials?, priorities: String) {
    unsafe sink = .allocate(capacity: 1)
    unsafe certificate = tls.flatMap { unsafe strdup($0.certificate) }
    unsafe privateKey = tls.flatMap { unsafe strdup($0.privateKey) }
    unsafe self.priorities = unsafe strdup(priorities)
  }

  deinit {
    unsafe sink.deallocate()
    unsafe free(certificate)
    unsafe free(privateKey)
    unsafe free(priorities)
  }

  var tlsOptions: [MHD_OptionItem] {
    guard let certificate = unsafe certificate, let privateKey = unsafe privateKey else {
      return unsafe []
    }
    return unsafe [
      MHD_OptionItem(option: .HTTPS_MEM_CERT, value: 0, ptr_value: certificate),
      MHD_OptionItem(option: .HTTPS_MEM_KEY, value: 0, ptr_value: privateKey),
      MHD_OptionItem(option: .HTTPS_PRIORITIES, value: 0, ptr_value: priorities),
    ]
  }
}

private func option(_ option: MHD_OPTION, _ value: Int) -> MHD_OptionItem {
  unsafe MHD_OptionItem(option: option, value: value, ptr_value: nil)
}
