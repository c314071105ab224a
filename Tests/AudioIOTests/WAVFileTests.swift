import AudioCodecs
import AudioIO
import Testing

@Suite("writing WAV")
struct WAVFileTests {
  @Test("floats come back bit for bit")
  func float() throws {
    let waveform = sine(rate: 16_000)
    #expect(try AudioDecoder().decode(waveform.wavFile(encoding: .float)).waveform == waveform)
  }

  @Test("16 bits come back within one step")
  func pcm16() throws {
    let waveform = sine(rate: 44_100)
    let audio = try AudioDecoder().decode(waveform.wavFile(encoding: .pcm16))
    #expect(audio.description.format == "WAV/PCM_16")
    let worst = zip(audio.waveform.samples, waveform.samples).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 1 / 32768)
  }

  @Test("samples past full scale are clipped, not wrapped round")
  func clipping() throws {
    let waveform = Waveform(samples: [1.5, -1.5, 1, -1], sampleRate: 8000)
    let samples = try AudioDecoder().decode(waveform.wavFile(encoding: .pcm16)).waveform.samples
    #expect(samples.map { ($0 * 100).rounded() } == [100, -100, 100, -100])
  }

  @Test("the same waveform gives the same bytes", arguments: WAVEncoding.allCases)
  func deterministic(_ encoding: WAVEncoding) throws {
    let waveform = sine(rate: 8000)
    #expect(try waveform.wavFile(encoding: encoding) == waveform.wavFile(encoding: encoding))
    #expect(try waveform.wavFile(encoding: encoding).starts(with: Array("RIFF".utf8)))
  }
}
