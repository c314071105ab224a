/// A recording that a decoder process decodes, forward only.
struct RemoteRecording: ~Copyable {
  let properties: RecordingProperties
  /// Whether it ends before its header says.
  let isTruncated: Bool
  private let conversation: Conversation
  /// Frames of the first block, which came with the header.
  private var first: Int?

  /// Opens a recording.
  /// - Throws: `malformed`, `unsupportedEncoding`, `channels`; `decoderFailed`, `tooCostly`, `noDecoder`.
  init(
    _ source: any ByteSource, _ container: RecordingContainer, _ pool: DecoderPool,
    _ budget: ProcessorBudget, isCut: Bool
  ) throws(AudioError) {
    isTruncated = isCut
    let conversation = Conversation(source, container, try pool.take(for: container), pool, budget)
    let (properties, frames) = try conversation.open()
    self.properties = properties
    self.conversation = conversation
    first = frames
  }

  /// Appends the next frames, channels interleaved. The process is at the next block meanwhile.
  /// - Returns: how many; 0 once the recording is over.
  mutating func read(into samples: inout [Float]) throws(AudioError) -> Int {
    let frames: Int
    if let first {
      frames = first
    } else {
      frames = try conversation.next(properties)
    }
    first = nil
    try conversation.append(frames, properties.channels, to: &samples)
    return frames
  }
}

/// One recording's talk with a process. The process is given back when it ends, however it ends.
private final class Conversation {
  /// A process that says nothing for so long is ended; the kernel has ended it long before if it was at work.
  private static let patience = Duration.seconds(120)
  /// A process at work is asked so often whether anybody still waits for it.
  private static let glance = Duration.milliseconds(50)

  private var source: any ByteSource
  private let container: RecordingContainer
  private let channel: DecoderChannel
  private let pool: DecoderPool
  private let budget: ProcessorBudget
  private var result: DecoderPool.RunResult?
  /// Furthest byte that was asked for.
  private var reached = 0
  private var cost = Duration.zero
  /// What the process may take for what it was last asked, and since when.
  private var granted = Duration.zero
  private var asked = ContinuousClock.now
  /// Blocks that have been taken over.
  private var blocks = 0
  /// Whether the process is at a block.
  private var isAsked = false
  private var isOver = false

  init(
    _ source: any ByteSource, _ container: RecordingContainer, _ channel: DecoderChannel,
    _ pool: DecoderPool, _ budget: ProcessorBudget
  ) {
    self.source = source
    self.container = container
    self.channel = channel
    self.pool = pool
    self.budget = budget
  }

  deinit {
    // It waits for us: a recording that is left early has to be called off.
    if result == nil && !isOver && !isAsked { _ = channel.send(.close) }
    pool.giveBack(channel, of: container, after: result ?? (isAsked ? .left : .done(cost: cost)))
  }

  /// Lets the process use what is left.
  /// - Returns: it, in milliseconds.
  private func grant() -> Int {
    let milliseconds = max(1, Int((budget.remaining / .milliseconds(1)).rounded(.up)))
    (granted, asked) = (.milliseconds(milliseconds), .now)
    return milliseconds
  }

  private func spend(_ cost: DecoderCost) {
    let total = Duration.microseconds(max(0, cost.microseconds))
    budget.spend(total - self.cost)
    self.cost = total
  }

  /// Spends what a process took that is lost and cannot say it: at most what it was granted.
  private func spendUnsaid() { budget.spend(min(granted, asked.duration(to: .now))) }

  /// - Returns: What the header says, and the frames of the first block.
  func open() throws(AudioError) -> (RecordingProperties, Int) {
    let count = fill(at: 0)
    let task = DecoderTask(
      container: container, available: count, length: source.count, milliseconds: grant())
    switch try ask(.open(task)) {
    case .opened(let properties, let frames, let cost):
      try accept(frames, properties, cost)
      return (properties, frames)
    case .refused(let refusal, let cost):
      spend(cost)
      throw error(refusal)
    default: throw fail()
    }
  }

  /// Waits for the next block.
  /// - Returns: its frames.
  /// - Throws: `changed`; `decoderFailed`, `tooCostly`, `unwanted`.
  func next(_ properties: RecordingProperties) throws(AudioError) -> Int {
    guard !isOver else { return 0 }
    switch try answer() {
    case .samples(let frames, let cost):
      isAsked = false
      try accept(frames, properties, cost)
      return frames
    case .refused(let refusal, let cost):
      isAsked = false
      spend(cost)
      throw error(refusal)
    default: throw fail()
    }
  }

  private func ask(_ question: DecoderMessage) throws(AudioError) -> DecoderMessage {
    try budget.check()
    guard channel.send(question) else { throw fail() }
    return try answer()
  }

  /// Waits for what the process says, and gives it bytes as long as it asks for them.
  private func answer() throws(AudioError) -> DecoderMessage {
    while true {
      try awaitMessage()
      switch channel.receive(within: Self.patience) {
      case .need(let offset):
        let bytes = DecoderMessage.bytes(count: fill(at: offset), length: source.count)
        guard channel.send(bytes) else { throw fail() }
      case .exhausted:
        spendUnsaid()
        result = .exhausted(format: container.name)
        throw .tooCostly
      case let answer?: return answer
      case nil: throw fail()
      }
    }
  }

  /// Waits while the process works and somebody waits for it.
  /// - Throws: `unwanted`; the process is ended then, in the middle of its work.
  private func awaitMessage() throws(AudioError) {
    let end = ContinuousClock.now + Self.patience
    while channel.isQuiet(for: Self.glance) && ContinuousClock.now < end {
      guard budget.isWanted else {
        result = .left
        throw .unwanted
      }
    }
  }

  private func fill(at offset: Int) -> Int {
    guard offset >= 0 else { return 0 }
    let count = channel.memory.fill(from: &source, at: offset)
    budget.add(bytes: max(0, offset + count - max(reached, offset)))
    reached = max(reached, offset + count)
    return count
  }

  /// Checks and counts a block that the process says is there.
  func accept(
    _ frames: Int, _ properties: RecordingProperties, _ cost: DecoderCost
  ) throws(AudioError) {
    let channels = properties.channels
    guard 1...DecoderMemory.maximumChannels ~= channels,
      0...DecoderMemory.blockFrames(channels: channels) ~= frames, properties.sampleRate > 0
    else { throw fail() }
    spend(cost)
    budget.add(seconds: Double(frames) / Double(properties.sampleRate))
    isOver = frames == 0
  }

  /// Appends a block, and has the process begin the next one before.
  func append(
    _ frames: Int, _ channels: Int, to samples: inout [Float]
  ) throws(AudioError) {
    let number = blocks
    blocks += 1
    if !isOver {
      try budget.check()
      guard channel.send(.next(milliseconds: grant())) else { throw fail() }
      isAsked = true
    }
    channel.memory.append(frames * channels, of: number, to: &samples)
  }

  /// The process has said that it decodes no further, and waits for the next one.
  private func error(_ refusal: DecoderRefusal) -> AudioError {
    isOver = true
    switch refusal {
    case .malformed: return .malformed(container: container.name)
    case .encoding(let code): return .unsupportedEncoding(AudioFormat(code: code).name)
    case .channels(let count):
      return .channels(count, allowed: 1...DecoderMemory.maximumChannels)
    case .noAudio: return .noSamples
    case .changed: return .changed(container: container.name)
    }
  }

  /// The process is of no use any more.
  func fail() -> AudioError {
    spendUnsaid()
    result = .died(format: container.name)
    return .decoderFailed(container: container.name)
  }
}
