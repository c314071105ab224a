import AudioIO
import Glibc

/// The bytes of a recording that the program puts into the shared memory, a part at a time.
final class SharedBytes: ByteSource {
  private let socket: Int32
  private let memory: DecoderMemory
  private(set) var count: Int
  /// What is in the memory.
  private var window: Range<Int>
  /// How many times bytes had to be asked for.
  private(set) var requests = 0

  init(_ task: DecoderTask, _ socket: Int32, _ memory: DecoderMemory) {
    self.socket = socket
    self.memory = memory
    count = task.length
    window = 0..<max(0, min(task.available, DecoderMemory.inputSize))
  }

  func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard offset >= 0 else { return 0 }
    if !window.contains(offset) { ask(offset) }
    let length = min(destination.count, window.upperBound - offset)
    guard window.contains(offset), length > 0 else { return 0 }
    memory.read(at: offset - window.lowerBound, into: &destination, count: length)
    return length
  }

  private func ask(_ offset: Int) {
    requests += 1
    send(.need(offset: offset), to: socket)
    guard case .bytes(let count, let length) = receive(from: socket) else { exit(0) }
    window = offset..<offset + max(0, min(count, DecoderMemory.inputSize))
    self.count = length
  }
}
