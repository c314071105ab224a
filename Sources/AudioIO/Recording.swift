/// An open recording: plain samples are read here, everything else in a process of its own.
enum Recording: ~Copyable {
  case pcm(PCMFile)
  case remote(RemoteRecording)

  /// Finds the container from the bytes. What no library of ours decodes goes to the external decoder, if there is one.
  init(
    _ source: some ByteSource, _ pool: DecoderPool, _ budget: ProcessorBudget
  ) throws(AudioError) {
    var source = EditedBytes(base: source)
    do throws(AudioError) {
      let container = try source.prepare()
      self = try Self.own(source, container, pool, budget)
    } catch {
      guard error.isUnsupported, pool.hasExternal else { throw error }
      self = try Self.external(source, pool, budget, after: error)
    }
  }

  private static func own(
    _ source: EditedBytes<some ByteSource>, _ container: AudioContainer, _ pool: DecoderPool,
    _ budget: ProcessorBudget
  ) throws(AudioError) -> Recording {
    var source = source
    if container == .wav, let layout = source.wavLayout(),
      let file = PCMFile(wav: source, layout, budget)
    {
      return .pcm(file)
    }
    try source.mend(container)
    return .remote(
      try RemoteRecording(source, .own(container), pool, budget, isCut: source.isCut))
  }

  /// - Parameter error: Why our libraries do not decode it.
  private static func external(
    _ source: EditedBytes<some ByteSource>, _ pool: DecoderPool, _ budget: ProcessorBudget,
    after error: AudioError
  ) throws(AudioError) -> Recording {
    var source = source
    let header = Header(bytes: source.bytes(at: 0, count: AudioContainer.headerLength))
    // Of what arrives, our libraries may have read more than can be had again.
    guard let container = ExternalContainer(header), container.isForeign || source.count != .max
    else { throw error.final }
    // Of an upload under way, nobody knows yet where it ends.
    let isCut = container == .mp4 && source.count != .max && source.endsWithinBox()
    do throws(AudioError) {
      return .remote(
        try RemoteRecording(source, .external(container), pool, budget, isCut: isCut))
    } catch {
      throw error.final
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

extension AudioError {
  fileprivate var isUnsupported: Bool {
    switch self {
    case .unsupportedContainer, .unsupportedEncoding: true
    default: false
    }
  }

  /// Where no other decoder is left.
  fileprivate var final: AudioError {
    switch self {
    case .unsupportedContainer(let name), .unsupportedEncoding(let name): .undecodable(name)
    default: self
    }
  }
}
