import CDecoderChannel
import Glibc
import Synchronization

/// A descriptor that closes itself.
struct Descriptor: ~Copyable, Sendable {
  let number: Int32
  init(_ number: Int32) { self.number = number }
  deinit { close(number) }
}

/// One decoder process as its program sees it: a socket for messages, and memory for bytes and samples. One thread's
/// at a time.
final class DecoderChannel: Sendable {
  /// Recordings that it was given.
  let recordings = Atomic<Int>(0)
  let process: Int32
  private let socket: Descriptor
  let memory: DecoderMemory

  init(process: Int32, socket: consuming Descriptor, memory: DecoderMemory) {
    self.process = process
    self.socket = socket
    self.memory = memory
  }

  /// - Returns: false where the process is gone.
  func send(_ message: DecoderMessage) -> Bool {
    let words = message.words
    return unsafe words.withUnsafeBytes { bytes in
      unsafe cdec_send(socket.number, bytes.baseAddress, bytes.count, -1, -1) == bytes.count
    }
  }

  /// Waits for the next message.
  /// - Returns: nil where the process is gone, talks nonsense, or says nothing for so long.
  func receive(within patience: Duration) -> DecoderMessage? {
    receiveMessage(from: socket.number, within: patience)?.message
  }

  /// Whether the process is there and says nothing for so long, as one should that waits.
  func isQuiet(for duration: Duration = .zero) -> Bool {
    var event = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&event, 1, Int32(duration / .milliseconds(1))) == 0
  }

  /// Bytes of memory that the process has for itself; nil where the system does not say.
  var privateMemory: Int? {
    let path = "/proc/\(process)/statm"
    guard let file = unsafe fopen(path, "re") else { return nil }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    guard unsafe fgets(&line, 128, file) != nil else { return nil }
    let fields = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
    )
    .split(separator: " ").compactMap { Int($0) }
    guard fields.count > 2 else { return nil }
    return (fields[1] - fields[2]) * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}

/// Waits for a message, and the descriptors that come with it.
/// - Returns: nil at the end of the conversation, and for what is no message.
package func receiveMessage(
  from socket: Int32, within patience: Duration?
) -> (message: DecoderMessage, descriptors: (Int32, Int32))? {
  var words = [UInt32](repeating: 0, count: DecoderMessage.wordCount)
  var (first, second): (Int32, Int32) = (-1, -1)
  let milliseconds = patience.map { Int32(clamping: Int($0 / .milliseconds(1))) } ?? -1
  let count = unsafe words.withUnsafeMutableBytes { bytes in
    unsafe cdec_receive(
      socket, bytes.baseAddress, bytes.count, &first, &second, milliseconds)
  }
  guard count == DecoderMessage.byteCount, let message = DecoderMessage(words: words) else {
    for descriptor in [first, second] where descriptor >= 0 { close(descriptor) }
    return nil
  }
  return (message, (first, second))
}
