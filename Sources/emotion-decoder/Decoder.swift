import AudioCodecs
import AudioIO
import CConfinement
import CDecoderChannel
import Glibc

/// A child's life: one recording after another, confined to computing.
struct Decoder {
  /// Bytes of address space for all that decoding takes.
  private static let memoryLimit = 128 << 20

  private let socket: Int32
  private let memory: DecoderMemory

  static func live(socket: Int32, memory descriptor: Int32, parent: Int32) -> Never {
    guard let memory = DecoderMemory(descriptor: descriptor) else { exit(1) }
    let last = DecoderMessage.exhausted.words
    unsafe last.withUnsafeBytes { unsafe cconf_last_words(socket, $0.baseAddress, $0.count) }
    let problem = cconf_confine(parent, socket, memoryLimit)
    let decoder = Decoder(socket: socket, memory: memory)
    send(.ready(problem: problem), to: socket)
    while problem == 0, let message = receive(from: socket) {
      if case .open(let task) = message, case .own(let container) = task.container {
        decoder.decode(task, container)
      }
    }
    exit(0)
  }

  private func decode(_ task: DecoderTask, _ container: AudioContainer) {
    let began = cconf_used()
    cconf_allow(task.milliseconds)
    defer { cconf_allow(0) }
    let source = SharedBytes(task, socket, memory)
    do throws(CodecError) {
      var recording = try CodecRecording(source, in: container)
      let channels = recording.properties.channels
      guard 1...DecoderMemory.maximumChannels ~= channels else { throw .channels(channels) }
      var (number, frames) = (0, try fill(from: &recording, source, 0))
      send(.opened(recording.properties, frames: frames, cost: cost(since: began)), to: socket)
      while frames > 0, case .next(let milliseconds) = receive(from: socket) {
        cconf_allow(milliseconds)
        number += 1
        frames = try fill(from: &recording, source, number)
        send(.samples(frames: frames, cost: cost(since: began)), to: socket)
      }
    } catch {
      send(.refused(DecoderRefusal(error), cost: cost(since: began)), to: socket)
    }
  }

  /// Decodes a block: until it is full, or until bytes had to be asked for, which for a live recording may take a while.
  /// - Returns: frames; 0 at the end.
  private func fill(
    from recording: inout CodecRecording, _ source: SharedBytes, _ number: Int
  ) throws(CodecError) -> Int {
    let channels = recording.properties.channels
    var packet = [Float](repeating: 0, count: DecoderMemory.packetFrames * channels)
    let (most, asked) = (DecoderMemory.blockFrames(channels: channels), source.requests)
    var frames = 0
    repeat {
      let count = try recording.read(into: &packet)
      guard count > 0 else { break }
      memory.write(packet[..<(count * channels)], at: frames * channels, of: number)
      frames += count
    } while frames + DecoderMemory.packetFrames <= most && source.requests == asked
    return frames
  }

  private func cost(since began: Int) -> DecoderCost {
    DecoderCost(microseconds: cconf_used() - began)
  }
}

extension DecoderRefusal {
  init(_ error: CodecError) {
    switch error {
    case .malformed: self = .malformed
    case .encoding(let format): self = .encoding(format.code)
    case .channels(let count): self = .channels(count)
    case .noAudio: self = .noAudio
    case .changed: self = .changed
    }
  }
}

/// The next message; nil once the program has gone.
func receive(from socket: Int32) -> DecoderMessage? {
  receiveMessage(from: socket, within: nil)?.message
}

/// Nobody to talk to is no reason to go on.
func send(_ message: DecoderMessage, to socket: Int32) {
  let words = message.words
  let sent = unsafe words.withUnsafeBytes {
    unsafe cdec_send(socket, $0.baseAddress, $0.count, -1, -1)
  }
  if sent < 0 { exit(0) }
}
