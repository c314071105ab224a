/// A recording of plain samples, read here, without any C library: WAV, which nearly everybody sends, and headerless samples.
///
/// Its samples come out as libsndfile would give them (full scale is ±1).
struct PCMFile {
  private static let wav: Int32 = 0x01_0000
  private static let raw: Int32 = 0x04_0000
  /// Bytes read at once.
  private static let blockSize = 96 * 1024

  let properties: RecordingProperties
  private let format: PCMFormat
  private var source: any ByteSource
  private var position: Int
  /// Where the samples end, if the bytes do not end before.
  private let end: Int
  private let budget: ProcessorBudget
  private var block: [UInt8] = []

  /// Headerless samples.
  init(_ source: some ByteSource, as raw: RawPCM, _ budget: ProcessorBudget) {
    self.init(source, PCMFormat(raw), Self.raw, samples: 0..<Int.max, budget)
  }

  /// A WAV file of plain samples.
  /// - Returns: nil for any other: libsndfile decides about it.
  init?(wav source: EditedBytes<some ByteSource>, _ budget: ProcessorBudget) {
    var source = source
    let isBigEndian = source.tag(at: 0) == "RIFX"
    let layout = ChunkLayout(first: 12, sizeLength: 4, isBigEndian: isBigEndian, isPadded: true)
    guard let header = source.chunk("fmt ", in: layout), header.size <= 4096,
      let format = PCMFormat(
        waveFormat: source.bytes(at: header.offset, count: Int(header.size)),
        isBigEndian: isBigEndian),
      let data = source.chunk("data", in: layout), data.offset > header.offset
    else { return nil }
    // The largest size is what writers put there that do not know it.
    let size = data.size >= 0xFFFF_FF00 ? Int.max - data.offset : Int(data.size)
    self.init(source, format, Self.wav, samples: data.offset..<data.offset + size, budget)
  }

  private init(
    _ source: some ByteSource, _ format: PCMFormat, _ container: Int32, samples: Range<Int>,
    _ budget: ProcessorBudget
  ) {
    let known = source.count == .max ? samples.upperBound : min(samples.upperBound, source.count)
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

  /// Appends the next frames, averaged to mono; a part of a frame at the end is left out.
  /// - Returns: how many; 0 once the recording is over.
  mutating func read(into samples: inout [Float]) -> Int {
    let frameSize = format.bytesPerFrame
    let wanted = min(end - position, max(1, Self.blockSize / frameSize) * frameSize)
    let count = fill(wanted, frameSize) / frameSize
    position += count * frameSize
    budget.add(bytes: count * frameSize)
    budget.add(seconds: Double(count) / Double(format.sampleRate))
    format.append(block.span.extracting(0..<count * frameSize), to: &samples)
    return count
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
