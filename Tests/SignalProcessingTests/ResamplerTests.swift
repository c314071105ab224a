import Foundation
import SignalProcessing
import TestSupport
import Testing

@Suite("resampling")
struct ResamplerTests {
  @Test(
    "the numbers are python-soxr's with quality HQ",
    arguments: [(48000, 16000), (44100, 16000), (8000, 16000), (16000, 22050)])
  func golden(from source: Int, to target: Int) throws {
    let (input, expected) = try golden("soxr_\(source)_\(target).golden")
    let output = try Resampler.resample(input.span, from: source, to: target)
    try #require(output.count == expected.count)
    #expect(largestDifference(output, expected) < 2e-6)
  }

  @Test(
    "a sine stays that sine",
    arguments: [4_000, 8_000, 22_050, 24_414, 44_100, 48_000, 96_000, 192_000])
  func tone(_ rate: Int) throws {
    let output = try Resampler.resample(sine(rate: rate).span, from: rate, to: 16_000)
    let expected = sine(rate: 16_000)
    #expect(abs(output.count - expected.count) <= 1)
    let middle = output.count / 4..<output.count * 3 / 4
    #expect(largestDifference(output[middle], expected[middle]) < 2e-5)
  }

  @Test("what the lower rate cannot hold is removed, not folded back")
  func alias() throws {
    let output = try Resampler.resample(sine(11_000, rate: 48_000).span, from: 48_000, to: 16_000)
    #expect(output[output.count / 4..<output.count * 3 / 4].allSatisfy { abs($0) < 1e-5 })
  }

  @Test("however the input is cut, the output is the same", arguments: [1, 7, 160, 4096])
  func blocks(_ length: Int) throws {
    let input = sine(rate: 44_100)
    var resampler = try Resampler(from: 44_100, to: 16_000)
    var output: [Float] = []
    for start in stride(from: 0, to: input.count, by: length) {
      let end = min(start + length, input.count)
      resampler.resample(input.span.extracting(start..<end), into: &output)
    }
    resampler.finish(into: &output)
    #expect(try output == Resampler.resample(input.span, from: 44_100, to: 16_000))
  }

  @Test("very little or nothing in gives as little out", arguments: [0, 1, 2, 5])
  func short(_ count: Int) throws {
    let input = [Float](repeating: 0.5, count: count)
    let output = try Resampler.resample(input.span, from: 48_000, to: 16_000)
    #expect(abs(output.count - count / 3) <= 1)
  }

  @Test("a rate that no sound has is refused", arguments: [Int.min, 0, 999, 768_001, .max])
  func refused(_ rate: Int) {
    for (source, target) in [(rate, 16_000), (16_000, rate)] {
      #expect(throws: SignalError.sampleRate(rate, allowed: Resampler.sampleRates)) {
        _ = try Resampler(from: source, to: target)
      }
    }
  }

  /// Half a second at half of full scale.
  private func sine(_ frequency: Double = 1000, rate: Int) -> [Float] {
    (0..<rate / 2).map { Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
  }

  /// Counts, input and output as Fixtures/make_resampler_golden.py wrote them.
  private func golden(_ name: String) throws -> (input: [Float], output: [Float]) {
    let words = floats(try fixture(name))
    let samples = words.dropFirst(2)
    return (
      Array(samples.prefix(Int(words[0].bitPattern))),
      Array(samples.suffix(Int(words[1].bitPattern)))
    )
  }
}
