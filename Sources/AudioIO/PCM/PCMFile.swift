/// A recording of plain samples, read here, without any C library: WAV, which nearly everybody sends, and headerless samples.
///
/// Its samples come out as libsndfile would give them (full scale is ±1).
struct PCMFile {
  private static let wav: Int32 = 0x01_0000
  private static let raw: Int32 = 0x04_0000
  /// Files without samples that may follow one another.
  private static let emptyLimit = 64
  /// Bytes read at once.
  private static let blockSize = 96 * 1024

  let properties: RecordingProperties
  private let format: PCMFormat
  private var source: any ByteSource
  /// Of the next samples.
  private var position: Int
  /// Where they end, if the bytes do not end before.
  private var end: Int
  /// Whether a writer that knew the size has put it there.
  private var isSizeMeant: Bool
  /// Whether the bytes have ended before the samples.
  private(set) var isTruncated = false
  private let budget: ProcessorBudget
  private var block: [UInt8] = []

  /// Headerless samples.
  init(_ source: some ByteSource, as raw: RawPCM, _ budget: ProcessorBudget) {
    self.init(
      source, PCMFormat(raw), Self.raw, samples: 0..<Int.max, isSizeMeant: false, budget)
  }

  /// A WAV file of plain samples.
  /// - Parameter layout: Of the source, which has read as far already: what a copy of it receives, it would not.
  /// - Returns: nil for any other: libsndfile decides about it.
  init?(wav source: EditedBytes<some ByteSource>, _ layout: WAVLayout, _ budget: ProcessorBudget) {
    var source = source
    guard let format = source.plainFormat(layout) else { return nil }
    self.init(
      source, format, Self.wav, samples: layout.samples, isSizeMeant: layout.isSizeMeant, budget)
  }

  private init(
    _ source: some ByteSource, _ format: PCMFormat, _ container: Int32, samples: Range<Int>,
    isSizeMeant: Bool, _ budget: ProcessorBudget
  ) {
    // What follows may be another part.
    let known = source.count == .max ? samples.upperBound : source.count
    self.isSizeMeant = isSizeMeant
    self.source = source
    self.format = format
    self.budget = budget
    position = samples.lowerBound
    end = samples.upperBound
    properties = RecordingProperties(
      format: format.format(in: container), sampleRate: format.sampleRate,
      channels: format.channels,
      claimedFrames: max(0, known - samples.lowerBound) / format.bytesPerFrame)
  }

  /// Appends the next frames, channels interleaved; a part of a frame at the end is left out. WAV files that follow one
  /// another are one recording.
  /// - Returns: how many; 0 once the recording is over.
  /// - Throws: `changed` where the next file has another format.
  mutating func read(into samples: inout [Float]) throws(AudioError) -> Int {
    for _ in 0..<Self.emptyLimit {
      let count = readPart(into: &samples)
      if count > 0 { return count }
      guard try beginNext() else { break }
    }
    return 0
  }

  private mutating func readPart(into samples: inout [Float]) -> Int {
    let frameSize = format.bytesPerFrame
    let wanted = min(end - position, max(1, Self.blockSize / frameSize) * frameSize)
    let count = fill(wanted, frameSize) / frameSize
    isTruncated = count == 0 && isSizeMeant && wanted >= frameSize
    position += count * frameSize
    budget.add(bytes: count * frameSize)
    budget.add(seconds: Double(count) / Double(format.sampleRate))
    let bytes = block
    format.appendInterleaved(bytes.span.extracting(0..<count * frameSize), to: &samples)
    return count
  }

  /// Goes to the WAV file that follows the samples.
  /// - Returns: false where none does.
  private mutating func beginNext() throws(AudioError) -> Bool {
    guard let next = source.wavLayout(after: end, format.isBigEndian) else { return false }
    guard source.plainFormat(next) == format else { throw .changed(container: "WAV") }
    (position, end) = (next.samples.lowerBound, next.samples.upperBound)
    isSizeMeant = next.isSizeMeant
    return true
  }

  /// Reads into the block: whole frames at least, as many bytes as come at once.
  /// - Returns: bytes read, fewer than one frame only at the end.
  private mutating func fill(_ wanted: Int, _ frameSize: Int) -> Int {
    guard wanted > 0 else { return 0 }
    var bytes = block.count < wanted ? [UInt8](repeating: 0, count: wanted) : block
    // Nobody else may hold the array while it is written to.
    block = []
    var done = 0
    repeat {
      var span = bytes.mutableSpan
      var rest = span._mutatingExtracting(done..<wanted)
      let read = source.read(at: position + done, into: &rest)
      guard read > 0 else { break }
      done += read
    } while done % frameSize != 0
    block = bytes
    return done
  }
}

extension ByteSource {
  /// nil for what is not plain.
  fileprivate mutating func plainFormat(_ layout: WAVLayout) -> PCMFormat? {
    guard layout.format.count <= 4096 else { return nil }
    return PCMFormat(
      waveFormat: bytes(at: layout.format.lowerBound, count: layout.format.count),
      isBigEndian: layout.isBigEndian)
  }
}
