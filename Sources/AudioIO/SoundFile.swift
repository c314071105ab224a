import CSndfile

/// An open recording in one of the decoded formats: libsndfile's `SNDFILE` over a byte source.
///
/// One value belongs to one thread; several can be read at the same time.
@safe struct SoundFile: ~Copyable {
  private let handle: OpaquePointer
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: SourceFile
  let format: AudioFormat
  /// Hz.
  let sampleRate: Int
  let channels: Int
  /// Frames that the header claims: a hint, never trusted.
  let claimedFrames: Int

  /// Opens a container (`sf_open_virtual`).
  /// - Throws: `malformed` where libsndfile finds no readable header.
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
    var callbacks = SourceFile.callbacks
    let context = unsafe Unmanaged.passUnretained(file).toOpaque()
    guard let handle = unsafe sf_open_virtual(&callbacks, Int32(SFM_READ), &info, context) else {
      // sf_error(NULL) would say more, but it is one variable for all threads.
      throw .malformed(container: name)
    }
    unsafe self.handle = unsafe handle
    self.file = file
    format = AudioFormat(code: info.format)
    sampleRate = Int(info.samplerate)
    channels = Int(info.channels)
    claimedFrames = Int(max(0, info.frames))
  }

  deinit { unsafe sf_close(handle) }

  /// Fills `samples` (frames × channels, interleaved) from the current position (`sf_readf_float`).
  /// Damage in the middle ends the recording there, as its end does.
  /// - Returns: frames read; fewer than fit only at the end.
  mutating func read(into samples: inout [Float]) -> Int {
    let frames = samples.count / channels
    let read = unsafe samples.withUnsafeMutableBufferPointer { buffer in
      unsafe sf_readf_float(handle, buffer.baseAddress, sf_count_t(frames))
    }
    return min(frames, max(0, Int(read)))
  }
}
