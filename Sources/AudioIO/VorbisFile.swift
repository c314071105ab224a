import CXiph

/// An Ogg Vorbis recording: libvorbisfile's `OggVorbis_File` over a byte source.
///
/// libsndfile 1.2 decodes it with the same libvorbis, but loses some kilobytes of memory for good at every
/// file whose headers are damaged.
@safe struct VorbisFile: FrameReader, ~Copyable {
  /// Stays where it is: libvorbis keeps pointers into it.
  private let handle: UnsafeMutablePointer<OggVorbis_File>
  /// What the C callbacks point at: must live as long as `handle`.
  private let file: SourceFile
  let properties: RecordingProperties

  /// `ov_open_callbacks`, as a stream: forward only.
  /// - Throws: `malformed` where the three headers are not whole.
  init(_ source: some ByteSource) throws(AudioError) {
    let file = SourceFile(source)
    let handle = UnsafeMutablePointer<OggVorbis_File>.allocate(capacity: 1)
    let problem = unsafe ov_open_callbacks(file.context, handle, nil, 0, .reading)
    guard problem == 0, let info = unsafe ov_info(handle, -1) else {
      // ov_open_callbacks has cleared what it began; where it succeeded, so must we.
      if problem == 0 { unsafe ov_clear(handle) }
      unsafe handle.deallocate()
      throw .malformed(container: "OGG/VORBIS")
    }
    unsafe self.handle = unsafe handle
    self.file = file
    properties = unsafe RecordingProperties(
      format: AudioContainer.vorbis.rawValue, sampleRate: info.pointee.rate,
      channels: Int(info.pointee.channels))
  }

  deinit {
    unsafe ov_clear(handle)
    unsafe handle.deallocate()
  }

  /// `ov_read_float`. Missing pages are stepped over; a second stream chained to the first is not read.
  mutating func read(into samples: inout [Float]) -> Int {
    let channels = properties.channels
    var planes: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>?
    var link: Int32 = 0
    var frames: Int
    repeat {
      frames = unsafe ov_read_float(handle, &planes, Int32(samples.count / channels), &link)
    } while frames == Int(OV_HOLE)
    guard frames > 0, link == 0, let planes = unsafe planes else { return 0 }
    for channel in 0..<channels {
      guard let plane = unsafe planes[channel] else { return 0 }
      for frame in 0..<frames { samples[frame * channels + channel] = unsafe plane[frame] }
    }
    return frames
  }
}

extension ov_callbacks {
  /// Reads from a `SourceFile`; no seeking, nothing to close.
  fileprivate static var reading: ov_callbacks {
    unsafe ov_callbacks(
      read_func: { unsafe SourceFile.at($3).read(to: $0, count: $1 * $2) / max(1, $1) },
      seek_func: nil, close_func: nil, tell_func: nil)
  }
}
