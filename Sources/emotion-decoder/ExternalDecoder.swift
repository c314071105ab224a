import AudioIO
import CConfinement
import CDecoderChannel
import Glibc

/// A child's life: one recording, which a program that is not ours decodes. This process only hands bytes and samples over:
/// it reads nothing of the recording.
struct ExternalDecoder {
  /// Bytes of a recording whose length nobody knows yet: a quarter of an hour of AAC, many of which may arrive at once.
  private static let liveLimit = 16 << 20

  private let program: String
  private let socket: Int32
  private let memory: DecoderMemory

  static func live(program: String, socket: Int32, memory descriptor: Int32, parent: Int32) -> Never
  {
    guard let memory = DecoderMemory(descriptor: descriptor) else { exit(1) }
    let problem = cconf_supervise(parent, socket)
    let decoder = ExternalDecoder(program: program, socket: socket, memory: memory)
    send(.ready(problem: problem), to: socket)
    if problem == 0, case .open(let task) = receive(from: socket),
      case .external(let container) = task.container
    {
      decoder.decode(task, container)
    }
    exit(0)
  }

  private func decode(_ task: DecoderTask, _ container: ExternalContainer) {
    let used = cconf_used()
    guard let input = collect(task) else {
      let unknown = AudioFormat(container, codec: "")
      let cost = DecoderCost(microseconds: cconf_used() - used)
      return send(.refused(.encoding(unknown.code), cost: cost), to: socket)
    }
    let process = ExternalProcess(program, container.demuxer, input: input, socket)
    process.allow(task.milliseconds)
    guard let sound = ExternalSound(process) else { return refuse(process, container) }
    guard 1...DecoderMemory.maximumChannels ~= sound.channels else {
      return send(.refused(.channels(sound.channels), cost: process.cost), to: socket)
    }
    let format = AudioFormat(container, codec: process.report.codec ?? "")
    let properties = RecordingProperties(
      format: format, sampleRate: sound.sampleRate, channels: sound.channels)
    var (number, frames) = (0, fill(from: sound, 0))
    guard frames > 0 else { return refuse(process, container) }
    send(.opened(properties, frames: frames, cost: process.cost), to: socket)
    while frames > 0, case .next(let milliseconds) = receive(from: socket) {
      process.allow(milliseconds)
      number += 1
      frames = fill(from: sound, number)
      guard frames > 0 || process.hasSucceeded else { return refuse(process, container) }
      send(.samples(frames: frames, cost: process.cost), to: socket)
    }
  }

  /// The whole recording as a file that nobody can change.
  /// - Returns: nil where it goes on for too long.
  private func collect(_ task: DecoderTask) -> Int32? {
    let source = SharedBytes(task, socket, memory)
    let file = cconf_memory_file()
    var (piece, position) = ([UInt8](repeating: 0, count: DecoderMemory.inputSize), 0)
    while file >= 0 {
      var span = piece.mutableSpan
      let count = source.read(at: position, into: &span)
      guard count > 0 else { break }
      position += count
      guard source.count != .max || position <= Self.liveLimit else { return nil }
      guard unsafe cconf_append(file, piece, count) == 0 else { exit(1) }
    }
    guard file >= 0, cconf_seal(file) == 0 else { exit(1) }
    return file
  }

  /// Puts a block into the shared memory.
  /// - Returns: frames; 0 at the end.
  private func fill(from sound: ExternalSound, _ number: Int) -> Int {
    let samples = sound.next(DecoderMemory.blockFrames(channels: sound.channels))
    memory.write(samples[...], at: 0, of: number)
    return samples.count / sound.channels
  }

  /// The program has ended and has no (more) sound. One that died of a signal takes this process with it, so that the server
  /// tells of it.
  private func refuse(_ process: ExternalProcess, _ container: ExternalContainer) {
    guard process.ending >= 0 else { exit(1) }
    let report = process.report
    let refusal: DecoderRefusal =
      if report.hasStreams && report.codec == nil {
        .noAudio
      } else if report.isUnknown {
        .encoding(AudioFormat(container, codec: report.codec ?? "").code)
      } else {
        .malformed
      }
    send(.refused(refusal, cost: process.cost), to: socket)
  }
}
