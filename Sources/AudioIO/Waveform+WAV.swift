/// How samples are stored in a WAV file.
public enum WAVEncoding: Sendable, CaseIterable {
  /// 16-bit integers; samples beyond full scale are clipped.
  case pcm16
  /// 32-bit floats: nothing is lost.
  case float
}

extension Waveform {
  /// This sound as a mono WAV file. The same waveform always gives the same bytes.
  /// - Throws: `unwritable` where libsndfile refuses, for instance beyond 4 GB.
  public func wavFile(encoding: WAVEncoding) throws(AudioError) -> [UInt8] {
    let file = MemoryFile()
    var writer = try SoundFileWriter(file, encoding: encoding, sampleRate: sampleRate)
    try writer.write(samples.span)
    writer.close()
    return file.bytes
  }
}
