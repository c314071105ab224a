import AudioCodecs
import AudioIO
import Testing

@Suite("plain samples, read without libsndfile")
struct PCMFileTests {
  static let plain = [
    "wav_u8", "wav_16", "wav_24", "wav_32", "wav_float", "wav_double", "wavex_24", "wavex_float",
    "wav_16_stereo", "rifx_16", "wav_alaw", "wav_ulaw",
  ]

  /// What libsndfile reads, averaged to mono.
  private func twin(_ bytes: [UInt8]) -> [Float]? {
    guard var recording = try? CodecRecording(MemorySource(bytes), in: .wav) else { return nil }
    let channels = recording.properties.channels
    var (samples, block) = ([Float](), [Float](repeating: 0, count: 1000 * channels))
    while let frames = try? recording.read(into: &block), frames > 0 {
      for frame in 0..<frames {
        let sum = block[frame * channels..<(frame + 1) * channels].reduce(0, +)
        samples.append(channels == 1 ? sum : sum * (1 / Float(channels)))
      }
    }
    return samples
  }

  @Test("the samples are those that libsndfile gives", arguments: plain)
  func samples(_ name: String) throws {
    let bytes = try fixture(name)
    #expect(try twin(bytes) == AudioDecoder().decode(bytes).waveform.samples)
  }

  @Test("no process is needed", arguments: plain)
  func alone(_ name: String) throws {
    var configuration = DecoderPool.Configuration()
    configuration.program = "/nowhere"
    let decoder = AudioDecoder(decoders: DecoderPool(configuration))
    #expect(try decoder.decode(fixture(name)).waveform.samples.count == 2000)
  }

  @Test("a damaged header never gives samples that libsndfile would not give", arguments: plain)
  func damaged(_ name: String) throws {
    let original = try fixture(name)
    var random = SeededGenerator(seed: 7)
    var compared = 0
    for _ in 0..<300 {
      var bytes = original
      let place = Int.random(in: 12..<min(100, bytes.count), using: &random)
      bytes[place] = UInt8.random(in: 0...255, using: &random)
      guard let ours = try? AudioDecoder().decode(bytes).waveform.samples,
        let theirs = twin(bytes)
      else { continue }
      compared += 1
      #expect(ours == theirs, "byte \(place) is \(bytes[place])")
    }
    #expect(compared > 30)
  }
}
