public import AudioIO
import CSndfile

extension Waveform {
  /// This sound as a mono MP3 file of constant bit rate (MPEG-2 layer III by LAME, through libsndfile). The same waveform always
  /// gives the same bytes.
  /// - Parameter kilobits: A second; of the standard's rates the next is taken.
  /// - Throws: `unwritable` where libsndfile was built without MP3.
  public func mp3File(kilobits: Int) throws(AudioError) -> [UInt8] {
    precondition(8...160 ~= kilobits, "\(kilobits) kbit/s is no rate of MPEG-2 layer III")
    precondition(
      [16_000, 22_050, 24_000].contains(sampleRate), "MPEG-2 layer III has no \(sampleRate) Hz")
    let format = AudioFormat(code: Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III))
    let file = MemoryFile()
    var writer = try SoundFileWriter(file, format: format, sampleRate: sampleRate)
    writer.compress(Double(160 - kilobits) / (160 - 8))
    try writer.write(samples.span)
    writer.close()
    return file.bytes
  }
}
