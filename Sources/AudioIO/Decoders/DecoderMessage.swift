/// What a decoder process and the program it works for say to each other: sixteen words of 32 bits, of one machine.
///
/// They take turns. The program opens a recording and then answers questions; the process asks for bytes or delivers
/// samples. Bytes and samples themselves lie in the memory that both share (``DecoderMemory``).
package enum DecoderMessage: Equatable {
  // MARK: To the process

  /// Begin a recording, the first bytes of which are there.
  case open(DecoderTask)
  /// What was asked for: so many bytes (0 at the end), of a recording that is now so long.
  case bytes(count: Int, length: Int)
  /// Decode the next block, in so many milliseconds of processor time.
  case next(milliseconds: Int)
  /// Let the recording be.
  case close

  // MARK: From the process

  /// The process is confined and waits for its first recording; or it could not be confined.
  case ready(problem: Int32)
  /// The bytes from there on are wanted, as many as come easily.
  case need(offset: Int)
  /// The header is read, and the first block decoded.
  case opened(RecordingProperties, frames: Int, cost: DecoderCost)
  /// So many frames lie in the memory; 0 at the end of the recording.
  case samples(frames: Int, cost: DecoderCost)
  /// There is no recording in the bytes, or it does not go on as it began.
  case refused(DecoderRefusal, cost: DecoderCost)
  /// The processor time is used up: the process is about to end.
  case exhausted
}

/// A recording to decode.
package struct DecoderTask: Equatable {
  package var container: RecordingContainer
  /// Bytes of it in the memory already.
  package var available: Int
  /// Bytes of the whole; `.max` where that is not known yet.
  package var length: Int
  package var milliseconds: Int
}

/// What decoding has cost so far: microseconds of processor time since the recording was opened.
package struct DecoderCost: Equatable {
  package var microseconds: Int
  package init(microseconds: Int) { self.microseconds = microseconds }
}

/// Why the bytes cannot be decoded.
package enum DecoderRefusal: Equatable {
  case malformed
  /// With libsndfile's number of the format.
  case encoding(Int32)
  case channels(Int)
  /// Tracks, but none of sound.
  case noAudio
  /// Another codec or sample rate in the middle.
  case changed
}

extension DecoderMessage {
  package static let wordCount = 16
  package static let byteCount = wordCount * MemoryLayout<UInt32>.size

  package var words: [UInt32] {
    var writer = WordWriter()
    writer.add(code)
    switch self {
    case .open(let task): writer.add(task)
    case .bytes(let count, let length): writer.add(count, length)
    case .next(let milliseconds): writer.add(milliseconds)
    case .close, .exhausted: break
    case .ready(let problem): writer.add(Int(problem))
    case .need(let offset): writer.add(offset)
    case .opened(let properties, let frames, let cost):
      writer.add(frames, cost.microseconds)
      writer.add(properties)
    case .samples(let frames, let cost): writer.add(frames, cost.microseconds)
    case .refused(let refusal, let cost):
      writer.add(cost.microseconds)
      writer.add(refusal)
    }
    return writer.words
  }

  /// - Returns: nil for words that mean nothing: the other side may have been taken over.
  package init?(words: [UInt32]) {
    guard words.count == Self.wordCount else { return nil }
    var reader = WordReader(words: words)
    switch reader.next() {
    case 1:
      guard let task = reader.task() else { return nil }
      self = .open(task)
    case 2: self = .bytes(count: reader.integer(), length: reader.integer())
    case 3: self = .next(milliseconds: reader.integer())
    case 4: self = .close
    case 5: self = .ready(problem: Int32(truncatingIfNeeded: reader.integer()))
    case 6: self = .need(offset: reader.integer())
    case 7:
      let (frames, cost) = (reader.integer(), DecoderCost(microseconds: reader.integer()))
      guard let properties = reader.properties() else { return nil }
      self = .opened(properties, frames: frames, cost: cost)
    case 8:
      self = .samples(
        frames: reader.integer(), cost: DecoderCost(microseconds: reader.integer()))
    case 9:
      let cost = DecoderCost(microseconds: reader.integer())
      guard let refusal = reader.refusal() else { return nil }
      self = .refused(refusal, cost: cost)
    case 10: self = .exhausted
    default: return nil
    }
  }

  private var code: UInt32 {
    switch self {
    case .open: 1
    case .bytes: 2
    case .next: 3
    case .close: 4
    case .ready: 5
    case .need: 6
    case .opened: 7
    case .samples: 8
    case .refused: 9
    case .exhausted: 10
    }
  }
}

private struct WordWriter {
  private(set) var words = [UInt32](repeating: 0, count: DecoderMessage.wordCount)
  private var position = 0

  mutating func add(_ word: UInt32) {
    words[position] = word
    position += 1
  }

  /// Each takes two words.
  mutating func add(_ integers: Int...) {
    for integer in integers {
      let bits = UInt64(bitPattern: Int64(integer))
      add(UInt32(truncatingIfNeeded: bits))
      add(UInt32(truncatingIfNeeded: bits >> 32))
    }
  }

  mutating func add(_ task: DecoderTask) {
    add(task.available, task.length, task.milliseconds)
    add(task.container.number)
  }

  mutating func add(_ properties: RecordingProperties) {
    add(properties.sampleRate, properties.channels, properties.claimedFrames)
    add(UInt32(bitPattern: properties.format.code))
  }

  mutating func add(_ refusal: DecoderRefusal) {
    switch refusal {
    case .malformed: add(0, 0)
    case .encoding(let format): add(1, Int(format))
    case .channels(let count): add(2, count)
    case .noAudio: add(3, 0)
    case .changed: add(4, 0)
    }
  }
}

private struct WordReader {
  let words: [UInt32]
  private var position = 0

  init(words: [UInt32]) { self.words = words }

  mutating func next() -> UInt32 {
    defer { position += 1 }
    return words[position]
  }

  mutating func integer() -> Int {
    let low = UInt64(next())
    return Int(Int64(bitPattern: low | UInt64(next()) << 32))
  }

  mutating func task() -> DecoderTask? {
    let (available, length, milliseconds) = (integer(), integer(), integer())
    guard let container = RecordingContainer(number: next()) else { return nil }
    return DecoderTask(
      container: container, available: available, length: length, milliseconds: milliseconds)
  }

  mutating func properties() -> RecordingProperties? {
    let (rate, channels, frames) = (integer(), integer(), integer())
    let format = AudioFormat(code: Int32(bitPattern: next()))
    guard rate > 0, channels > 0, frames >= 0 else { return nil }
    return RecordingProperties(
      format: format, sampleRate: rate, channels: channels, claimedFrames: frames)
  }

  mutating func refusal() -> DecoderRefusal? {
    switch integer() {
    case 0: .malformed
    case 1: .encoding(Int32(truncatingIfNeeded: integer()))
    case 2: .channels(integer())
    case 3: .noAudio
    case 4: .changed
    default: nil
    }
  }
}
