package import AudioIO
import CMpg123

/// An MP3 recording: libmpg123's handle over a byte source.
///
/// libsndfile would decode it with the same library, but lets it write to standard error about every
/// damaged frame, which is no place for what strangers send.
@safe package struct MP3File: FrameReader, ~Copyable {
  private let handle: OpaquePointer
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: SourceFile
  package let properties: RecordingProperties

  /// - Throws: `malformed` where no frame of layer III is found.
  init(_ source: some ByteSource) throws(CodecError) {
    let file = SourceFile(source)
    guard let handle = unsafe mpg123_new(nil, nil) else {
      throw .malformed
    }
    guard let properties = unsafe Self.open(handle, file) else {
      unsafe mpg123_delete(handle)
      throw .malformed
    }
    unsafe self.handle = unsafe handle
    self.file = file
    self.properties = properties
  }

  deinit { unsafe mpg123_delete(handle) }

  /// `mpg123_open_handle`, as a stream: forward only, floats, quiet, encoder delay removed.
  private static func open(
    _ handle: OpaquePointer, _ file: SourceFile
  ) -> RecordingProperties? {
    let flags =
      MPG123_QUIET.rawValue | MPG123_FORCE_FLOAT.rawValue | MPG123_GAPLESS.rawValue
      | MPG123_SKIP_ID3V2.rawValue | MPG123_NO_PEEK_END.rawValue
    let resampling = Int(MPG123_AUTO_RESAMPLE.rawValue)
    unsafe mpg123_param2(handle, Int32(MPG123_REMOVE_FLAGS.rawValue), resampling, 0)
    unsafe mpg123_param2(handle, Int32(MPG123_ADD_FLAGS.rawValue), Int(flags), 0)
    unsafe mpg123_replace_reader_handle(
      handle, { unsafe SourceFile.at($0).read(to: $1, count: $2) }, { _, _, _ in -1 }, nil)
    var (rate, channels, encoding) = (0, Int32(0), Int32(0))
    guard unsafe mpg123_open_handle(handle, file.context) == MPG123_OK.rawValue,
      unsafe mpg123_getformat(handle, &rate, &channels, &encoding) == MPG123_OK.rawValue,
      encoding == MPG123_ENC_FLOAT_32.rawValue
    else { return nil }
    return RecordingProperties(
      format: .mp3, sampleRate: rate, channels: Int(channels))
  }

  /// `mpg123_read`. A change of rate or channels in the middle ends the recording.
  package mutating func read(into samples: inout [Float]) -> Int {
    let frameBytes = properties.channels * MemoryLayout<Float>.size
    let room = samples.count / properties.channels * frameBytes
    let bytes = unsafe samples.withUnsafeMutableBytes { buffer in
      var done = 0
      _ = unsafe mpg123_read(handle, buffer.baseAddress, room, &done)
      return done
    }
    return bytes / frameBytes
  }
}
