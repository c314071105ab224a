import CSndfile

/// A recording in one of libsndfile's formats: its `SNDFILE` over a byte source.
@safe struct SoundFile: FrameReader, ~Copyable {
  private let handle: OpaquePointer
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: SourceFile
  let properties: RecordingProperties

  /// Opens a container (`sf_open_virtual`).
  /// - Throws: `malformed` where libsndfile finds no readable header; `unsupportedEncoding`.
  init(_ source: some ByteSource, in container: AudioContainer) throws(AudioError) {
    try self.init(source, SF_INFO(), name: container.rawValue)
  }

  /// Reads headerless samples.
  init(_ source: some ByteSource, as raw: RawPCM) throws(AudioError) {
    var info = SF_INFO()
    info.format = raw.format.code
    info.samplerate = Int32(clamping: raw.sampleRate)
    info.channels = Int32(clamping: raw.channels)
    try self.init(source, info, name: raw.format.name)
  }

  private init(_ source: some ByteSource, _ hint: SF_INFO, name: String) throws(AudioError) {
    let file = SourceFile(source)
    var info = hint
    var callbacks = SF_VIRTUAL_IO.reading
    let handle = unsafe sf_open_virtual(&callbacks, Int32(SFM_READ), &info, file.context)
    // sf_error(NULL) would say more, but it is one variable for all threads.
    guard let handle = unsafe handle else { throw .malformed(container: name) }
    let format = AudioFormat(code: info.format)
    guard format.isDecoded else {
      unsafe sf_close(handle)
      throw .unsupportedEncoding(format.name)
    }
    unsafe self.handle = unsafe handle
    self.file = file
    properties = RecordingProperties(
      format: format.name, sampleRate: Int(info.samplerate), channels: Int(info.channels),
      claimedFrames: Int(max(0, info.frames)), holdsIntegers: format.holdsIntegers)
  }

  deinit { unsafe sf_close(handle) }

  /// `sf_readf_float`.
  mutating func read(into samples: inout [Float]) -> Int {
    let frames = samples.count / properties.channels
    let read = unsafe samples.withUnsafeMutableBufferPointer { buffer in
      unsafe sf_readf_float(handle, buffer.baseAddress, sf_count_t(frames))
    }
    return min(frames, max(0, Int(read)))
  }
}

extension SF_VIRTUAL_IO {
  /// Reads from a `SourceFile`.
  fileprivate static var reading: SF_VIRTUAL_IO {
    unsafe SF_VIRTUAL_IO(
      get_filelen: { unsafe sf_count_t(SourceFile.at($0).length) },
      seek: { unsafe sf_count_t(SourceFile.at($2).seek(Int($0), from: $1)) },
      read: { unsafe sf_count_t(SourceFile.at($2).readFully(to: $0, count: Int($1))) },
      write: nil,
      tell: { unsafe sf_count_t(SourceFile.at($0).position) })
  }
}
