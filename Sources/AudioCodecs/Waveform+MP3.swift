public import AudioIO
import CSndfile

extension Waveform {
  /// This sound as a mono MP3 file of constant rate (MPEG-2 layer III by LAME, through libsndfile), resampled to 24 kHz. The same
  /// waveform always gives the same bytes.
  /// - Parameter kilobits: A second; of the standard's rates the next is taken.
  /// - Throws: `unwritable` where libsndfile was built without MP3.
  public func mp3File(kilobits: Int) throws(AudioError) -> [UInt8] {
    precondition(8...160 ~= kilobits, "\(kilobits) kbit/s is no rate of MPEG-2 layer III")
    let format = AudioFormat(code: Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III))
    let sound = try resampled(to: 24_000)
    let file = MemoryFile()
    var writer = try SoundFileWriter(file, format: format, sampleRate: sound.sampleRate)
    writer.compress(Double(160 - kilobits) / (160 - 8))
    try writer.write(sound.samples.span)
    writer.close()
    return file.bytes
  }
}
