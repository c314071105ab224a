import AudioIO
import Testing

@Suite("resampling")
struct ResamplerTests {
  @Test(
    "the numbers are python-soxr's with quality HQ",
    arguments: [(48000, 16000), (44100, 16000), (8000, 16000), (16000, 22050)])
  func golden(from source: Int, to target: Int) throws {
    let (input, expected) = try golden("soxr_\(source)_\(target).golden")
    let output = try Waveform(samples: input, sampleRate: source).resampled(to: target)
    try #require(output.samples.count == expected.count)
    let worst = zip(output.samples, expected).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 2e-6)
  }

  @Test(
    "a sine stays that sine",
    arguments: [4_000, 8_000, 22_050, 24_414, 44_100, 48_000, 96_000, 192_000])
  func tone(_ rate: Int) throws {
    let output = try sine(rate: rate, seconds: 0.5).resampled(to: 16_000)
    let expected = sine(rate: 16_000, seconds: 0.5)
    #expect(abs(output.samples.count - expected.samples.count) <= 1)
    let middle = output.samples.count / 4..<output.samples.count * 3 / 4
    let worst = middle.map { abs(output.samples[$0] - expected.samples[$0]) }.max() ?? 1
    #expect(worst < 2e-5)
  }

  @Test("what the lower rate cannot hold is removed, not folded back")
  func alias() throws {
    let output = try sine(11_000, rate: 48_000, seconds: 0.5).resampled(to: 16_000)
    let middle = output.samples[output.samples.count / 4..<output.samples.count * 3 / 4]
    #expect(middle.allSatisfy { abs($0) < 1e-5 })
  }

  @Test("however the input is cut, the output is the same", arguments: [1, 7, 160, 4096])
  func blocks(_ length: Int) throws {
    let input = sine(rate: 44_100, seconds: 0.1)
    var resampler = try Resampler(from: 44_100, to: 16_000)
    var output: [Float] = []
    for start in stride(from: 0, to: input.samples.count, by: length) {
      let end = min(start + length, input.samples.count)
      resampler.resample(input.samples.span.extracting(start..<end), into: &output)
    }
    resampler.finish(into: &output)
    #expect(try output == input.resampled(to: 16_000).samples)
  }

  @Test("the same rate changes nothing")
  func identity() throws {
    let input = sine(rate: 16_000)
    #expect(try input.resampled(to: 16_000) == input)
  }

  @Test("very little or nothing in gives as little out", arguments: [0, 1, 2, 5])
  func short(_ count: Int) throws {
    let input = Waveform(samples: [Float](repeating: 0.5, count: count), sampleRate: 48_000)
    let output = try input.resampled(to: 16_000)
    #expect(abs(output.samples.count - count / 3) <= 1)
  }

  @Test("a rate that no sound has is refused", arguments: [Int.min, 0, 999, 768_001, .max])
  func refused(_ rate: Int) {
    #expect(throws: AudioError.sampleRate(rate, allowed: Resampler.sampleRates)) {
      try sine(rate: 16_000).resampled(to: rate)
    }
  }

  /// Counts, input and output as Fixtures/make_fixtures.py wrote them.
  private func golden(_ name: String) throws -> (input: [Float], output: [Float]) {
    let bytes = try fixture(name)
    let words = stride(from: 0, to: bytes.count, by: 4).map { offset in
      bytes[offset..<offset + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    let samples = words.dropFirst(2).map(Float.init(bitPattern:))
    return (Array(samples.prefix(Int(words[0]))), Array(samples.suffix(Int(words[1]))))
  }
}
