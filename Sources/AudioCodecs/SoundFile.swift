package import AudioIO
import CSndfile

/// A recording in one of libsndfile's formats: its `SNDFILE` over a byte source.
@safe package struct SoundFile: FrameReader, ~Copyable {
  private let handle: OpaquePointer
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: SourceFile
  package let properties: RecordingProperties

  /// Opens a container (`sf_open_virtual`).
  /// - Parameter name: What it is called where another container held it.
  /// - Throws: `malformed` where libsndfile finds no readable header; `encoding`.
  init(_ source: some ByteSource, as name: AudioFormat? = nil) throws(CodecError) {
    let file = SourceFile(source)
    var info = SF_INFO()
    var callbacks = SF_VIRTUAL_IO.reading
    let handle = unsafe sf_open_virtual(&callbacks, Int32(SFM_READ), &info, file.context)
    // sf_error(NULL) would say more, but it is one variable for all threads.
    guard let handle = unsafe handle else { throw .malformed }
    let format = AudioFormat(code: info.format)
    guard format.isDecoded else {
      unsafe sf_close(handle)
      throw .encoding(format)
    }
    unsafe self.handle = unsafe handle
    self.file = file
    properties = RecordingProperties(
      format: name ?? format, sampleRate: Int(info.samplerate), channels: Int(info.channels),
      claimedFrames: Int(max(0, info.frames)))
  }

  deinit { unsafe sf_close(handle) }

  /// `sf_readf_float`.
  package mutating func read(into samples: inout [Float]) -> Int {
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
