import AudioIO
import CConfinement
import CDecoderChannel
import Glibc

/// Makes a child for each pair of descriptors that comes, until nobody is left who could send one.
struct Forker {
  let control: Int32
  /// The external decoder, if there is one.
  let external: String?
  private var children: Set<Int32> = []
  private let endings = cconf_watch_children()

  init(control: Int32, external: String?) {
    self.control = control
    self.external = external
  }

  mutating func run() {
    while waitForWork() {
      while case let child = cconf_take_child(), child > 0 { children.remove(child) }
      guard let (message, (socket, memory)) = nextMessage() else { continue }
      handle(message, socket, memory)
    }
  }

  /// - Returns: false once the program has gone.
  private func waitForWork() -> Bool {
    var events = [
      pollfd(fd: control, events: Int16(POLLIN), revents: 0),
      pollfd(fd: endings, events: Int16(POLLIN), revents: 0),
    ]
    while unsafe poll(&events, 2, -1) < 0 { guard errno == EINTR else { return false } }
    drainEndings()
    return events[0].revents & Int16(POLLIN) != 0 || events[0].revents == 0
  }

  private func drainEndings() {
    var notes = [UInt8](repeating: 0, count: 4096)
    while unsafe read(endings, &notes, notes.count) > 0 {}
  }

  /// The message that is there; nil where none is, or the program has gone.
  private func nextMessage() -> (message: DecoderHostMessage, descriptors: (Int32, Int32))? {
    var event = pollfd(fd: control, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&event, 1, 0) > 0 else { return nil }
    guard let found = DecoderHostMessage.receive(from: control, within: nil) else { exit(0) }
    return found
  }

  private mutating func handle(
    _ message: DecoderHostMessage, _ socket: Int32, _ memory: Int32
  ) {
    switch message {
    case .make: fork(nil, socket, memory)
    case .makeExternal: fork(external, socket, memory)
    case .kill(let child) where children.contains(child): cconf_kill(child)
    default: break
    }
  }

  private mutating func fork(_ external: String?, _ socket: Int32, _ memory: Int32) {
    let parent = getpid()
    let child = cconf_fork()
    if child == 0 { Self.live(external, socket, memory, parent) }
    let problem = errno
    close(socket)
    close(memory)
    if child > 0 { children.insert(child) }
    let answer = child > 0 ? DecoderHostMessage.made(child) : .failed(problem)
    if !answer.send(to: control, -1, -1) { exit(0) }
  }

  private static func live(
    _ external: String?, _ socket: Int32, _ memory: Int32, _ parent: Int32
  ) -> Never {
    guard let external else { Decoder.live(socket: socket, memory: memory, parent: parent) }
    ExternalDecoder.live(program: external, socket: socket, memory: memory, parent: parent)
  }
}
