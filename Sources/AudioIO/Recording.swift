/// An open recording: plain samples are read here, everything else in a process of its own.
enum Recording: ~Copyable {
  case pcm(PCMFile)
  case remote(RemoteRecording)

  /// Finds the container from the bytes.
  init(
    _ source: some ByteSource, _ pool: DecoderPool, _ budget: ProcessorBudget
  ) throws(AudioError) {
    var source = EditedBytes(base: source)
    let container = try source.prepare()
    if container == .wav, let layout = source.wavLayout(),
      let file = PCMFile(wav: source, layout, budget)
    {
      self = .pcm(file)
    } else {
      try source.mend(container)
      self = .remote(try RemoteRecording(source, container, pool, budget, isCut: source.isCut))
    }
  }

  /// What the header says.
  var properties: RecordingProperties {
    switch self {
    case .pcm(let file): file.properties
    case .remote(let recording): recording.properties
    }
  }

  /// Whether it ends before its header says; known once it has been read.
  var isTruncated: Bool {
    switch self {
    case .pcm(let file): file.isTruncated
    case .remote(let recording): recording.isTruncated
    }
  }

  /// Appends the next frames, channels interleaved.
  /// - Returns: how many; 0 once the recording is over.
  mutating func read(into samples: inout [Float]) throws(AudioError) -> Int {
    switch consume self {
    case .pcm(var file):
      let result = Result { () throws(AudioError) in try file.read(into: &samples) }
      self = .pcm(file)
      return try result.get()
    case .remote(var recording):
      let result = Result { () throws(AudioError) in try recording.read(into: &samples) }
      self = .remote(recording)
      return try result.get()
    }
  }
}
