public import AudioIO
import CSndfile

/// How samples are stored in a WAV file.
public enum WAVEncoding: Sendable, CaseIterable {
  /// 16-bit integers; samples beyond full scale are clipped.
  case pcm16
  /// 32-bit floats: nothing is lost.
  case float
  /// The telephone's 8 bits (ITU-T G.711).
  case muLaw

  fileprivate var format: AudioFormat {
    let encoding =
      switch self {
      case .pcm16: SF_FORMAT_PCM_16
      case .float: SF_FORMAT_FLOAT
      case .muLaw: SF_FORMAT_ULAW
      }
    return AudioFormat(code: Int32(SF_FORMAT_WAV | encoding))
  }
}

extension Waveform {
  /// This sound as a mono WAV file. The same waveform always gives the same bytes.
  /// - Throws: `unwritable` where libsndfile refuses, for instance beyond 4 GB.
  public func wavFile(encoding: WAVEncoding) throws(AudioError) -> [UInt8] {
    let file = MemoryFile()
    var writer = try SoundFileWriter(file, format: encoding.format, sampleRate: sampleRate)
    try writer.write(samples.span)
    writer.close()
    return file.bytes
  }
}
