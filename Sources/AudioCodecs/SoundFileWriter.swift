import AudioIO
import CSndfile

/// A mono file being written: libsndfile's `SNDFILE` over memory.
@safe package struct SoundFileWriter: ~Copyable {
  private let handle: OpaquePointer
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: MemoryFile
  private let format: AudioFormat

  /// Begins a file (`sf_open_virtual`).
  init(_ file: MemoryFile, format: AudioFormat, sampleRate: Int) throws(AudioError) {
    var info = SF_INFO()
    info.format = format.code
    info.samplerate = Int32(clamping: sampleRate)
    info.channels = 1
    var callbacks = MemoryFile.callbacks
    let context = unsafe Unmanaged.passUnretained(file).toOpaque()
    guard let handle = unsafe sf_open_virtual(&callbacks, Int32(SFM_WRITE), &info, context) else {
      throw .unwritable(format: format.name)
    }
    unsafe self.handle = unsafe handle
    self.file = file
    self.format = format
    // Without clipping, a sample past full scale wraps round; the PEAK chunk carries the time of day.
    unsafe sf_command(handle, Int32(SFC_SET_CLIPPING), nil, Int32(SF_TRUE))
    unsafe sf_command(handle, Int32(SFC_SET_ADD_PEAK_CHUNK), nil, Int32(SF_FALSE))
  }

  deinit { unsafe sf_close(handle) }

  /// Asks for a constant rate, `fraction` of the way from the encoder's highest down to its lowest.
  func compress(_ fraction: Double) {
    var mode = Int32(SF_BITRATE_MODE_CONSTANT)
    var level = fraction
    unsafe sf_command(
      handle, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
    unsafe sf_command(
      handle, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
  }

  mutating func write(_ samples: Span<Float>) throws(AudioError) {
    let written = unsafe samples.withUnsafeBufferPointer { buffer in
      unsafe sf_write_float(handle, buffer.baseAddress, sf_count_t(buffer.count))
    }
    guard Int(written) == samples.count else { throw .unwritable(format: format.name) }
  }

  /// Completes the header.
  consuming func close() {}
}
