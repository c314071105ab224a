import CDecoderChannel
import Glibc
import Synchronization

/// The running decoder program: one process with one thread, which forks a confined child for each decoder.
///
/// It is started apart from this program, so that what forks never has a second thread or anything of ours in its memory.
final class DecoderHost: Sendable {
  private let control: Descriptor
  private let process: Int32
  /// Messages that ask for a child, and its answer, are a pair.
  private let turn = Mutex(())

  /// Starts the program.
  /// - Parameter external: What it may run in turn.
  init(program: String, external: String?) throws(AudioError) {
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    guard unsafe cdec_socket_pair(&ours, &theirs) == 0 else {
      throw .noDecoder(reason: systemError(errno))
    }
    control = Descriptor(ours)
    let child = unsafe cdec_spawn(program, theirs, external)
    let problem = errno
    close(theirs)
    process = child
    guard child >= 0 else {
      throw .noDecoder(reason: "\(program): \(systemError(problem))")
    }
  }

  /// One that is gone leaves nothing behind.
  deinit { if process > 0 { waitpid(process, nil, WNOHANG) } }

  /// Has a child made and waits until it is confined.
  /// - Parameter request: `make` or `makeExternal`.
  /// - Returns: nil where the program is gone.
  func makeDecoder(_ request: DecoderHostMessage) throws(AudioError) -> DecoderChannel? {
    var (ours, theirs): (Int32, Int32) = (-1, -1)
    let shared = cdec_shared_memory(DecoderMemory.size)
    guard shared >= 0, unsafe cdec_socket_pair(&ours, &theirs) == 0 else {
      let problem = errno
      if shared >= 0 { close(shared) }
      throw .noDecoder(reason: systemError(problem))
    }
    let socket = Descriptor(ours)
    let other = Descriptor(theirs)
    let memory = Descriptor(shared)
    guard let process = try fork(request, with: other, memory) else { return nil }
    guard let mapped = DecoderMemory(descriptor: memory.number) else {
      throw .noDecoder(reason: systemError(errno))
    }
    let channel = DecoderChannel(process: process, socket: socket, memory: mapped)
    _ = consume other
    guard case .ready(let problem) = channel.receive(within: .seconds(10)) else {
      throw .noDecoder(reason: "a decoder process did not start")
    }
    guard problem == 0 else {
      throw .noDecoder(reason: "a decoder process could not be confined: \(systemError(problem))")
    }
    return channel
  }

  /// - Returns: The child's process; nil where the program is gone.
  private func fork(
    _ request: DecoderHostMessage, with socket: borrowing Descriptor, _ memory: borrowing Descriptor
  ) throws(AudioError) -> Int32? {
    let (first, second) = (socket.number, memory.number)
    let answer = turn.withLock { _ -> DecoderHostMessage? in
      guard request.send(to: control.number, first, second) else { return nil }
      return DecoderHostMessage.receive(from: control.number, within: .seconds(10))?.message
    }
    switch answer {
    case .made(let process): return process
    case .failed(let problem):
      throw .noDecoder(reason: "no process can be made: \(systemError(problem))")
    default: return nil
    }
  }

  /// Ends a child that does not answer.
  func kill(_ channel: DecoderChannel) {
    turn.withLock { _ in
      _ = DecoderHostMessage.kill(channel.process).send(to: control.number, -1, -1)
    }
  }
}

/// What a program and the forking process say to each other.
package enum DecoderHostMessage: Equatable {
  /// Fork a child with these two descriptors: its socket and its memory.
  case make
  case made(Int32)
  case failed(Int32)
  case kill(Int32)
  /// Fork a child that runs the external decoder, with these two descriptors.
  case makeExternal

  private var words: [Int32] {
    switch self {
    case .make: [1, 0]
    case .made(let process): [2, process]
    case .failed(let problem): [3, problem]
    case .kill(let process): [4, process]
    case .makeExternal: [5, 0]
    }
  }

  /// - Parameters: descriptors that go with it, or -1.
  package func send(to socket: Int32, _ first: Int32, _ second: Int32) -> Bool {
    let words = self.words
    return unsafe words.withUnsafeBytes { bytes in
      unsafe cdec_send(socket, bytes.baseAddress, bytes.count, first, second) == bytes.count
    }
  }

  /// - Returns: nil at the end of the conversation.
  package static func receive(
    from socket: Int32, within patience: Duration?
  ) -> (message: DecoderHostMessage, descriptors: (Int32, Int32))? {
    var words: [Int32] = [0, 0]
    var (first, second): (Int32, Int32) = (-1, -1)
    let milliseconds = patience.map { Int32(clamping: Int($0 / .milliseconds(1))) } ?? -1
    let count = unsafe words.withUnsafeMutableBytes { bytes in
      unsafe cdec_receive(socket, bytes.baseAddress, bytes.count, &first, &second, milliseconds)
    }
    guard count == 2 * MemoryLayout<Int32>.size else { return nil }
    let message: DecoderHostMessage? =
      switch words[0] {
      case 1: .make
      case 2: .made(words[1])
      case 3: .failed(words[1])
      case 4: .kill(words[1])
      case 5: .makeExternal
      default: nil
      }
    return message.map { ($0, (first, second)) }
  }
}

func systemError(_ code: Int32) -> String {
  unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
