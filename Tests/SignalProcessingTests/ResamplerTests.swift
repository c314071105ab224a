import Foundation
import SignalProcessing
import TestSupport
import Testing

@Suite("resampling")
struct ResamplerTests {
  /// Rates that the filters of this module convert from, and one that libsoxr does.
  private static let rates = [
    4_000, 8_000, 11_025, 12_000, 22_050, 24_000, 24_414, 32_000, 44_100, 48_000, 88_200, 96_000,
    176_400, 192_000,
  ]

  @Test(
    "the numbers are those of one filter over the whole input, in double precision",
    arguments: [
      (48000, 16000), (44100, 16000), (8000, 16000), (16000, 22050), (16000, 4000), (96000, 16000),
      (32000, 16000), (24000, 16000), (11025, 16000), (192000, 16000),
    ])
  func definition(from source: Int, to target: Int) throws {
    let (input, expected) = try golden("sinc_\(source)_\(target).golden")
    let output = try Resampler.resample(input.span, from: source, to: target)
    try #require(output.count == expected.count)
    #expect(largestDifference(output, expected) < 1e-6)
  }

  @Test(
    "the numbers are python-soxr's with quality HQ", arguments: [(48000, 16000), (24414, 16000)])
  func soxr(from source: Int, to target: Int) throws {
    let (input, expected) = try golden("soxr_\(source)_\(target).golden")
    let output = try Resampler.resample(input.span, from: source, to: target)
    try #require(output.count == expected.count)
    #expect(largestDifference(output, expected) < 2e-6)
  }

  @Test("a sine that the lower rate holds stays that sine", arguments: rates, [0.1, 0.5, 0.9])
  func tone(_ rate: Int, _ place: Double) throws {
    let frequency = place * Double(min(rate, 16_000)) / 2
    let output = try Resampler.resample(
      sine(frequency, rate: rate).span, from: rate, to: 16_000)
    let expected = sine(frequency, rate: 16_000)
    #expect(abs(output.count - expected.count) <= 1)
    let middle = output.count / 4..<output.count * 3 / 4
    // libsoxr, which takes the odd rate, begins to fall earlier.
    #expect(
      largestDifference(output[middle], expected[middle]) < (rate == 24_414 ? 3e-4 : 3e-6))
  }

  @Test(
    "what the lower rate cannot hold is removed, not folded back",
    arguments: rates.filter { $0 > 16_000 }, [0.01, 0.3, 0.7, 0.95])
  func alias(_ rate: Int, _ place: Double) throws {
    let frequency = 8_000 + place * (Double(rate) / 2 - 8_000)
    let output = try Resampler.resample(
      sine(frequency, rate: rate).span, from: rate, to: 16_000)
    #expect(output[output.count / 4..<output.count * 3 / 4].allSatisfy { abs($0) < 1e-6 })
  }

  @Test("what a low rate does not hold stays empty", arguments: rates.filter { $0 < 16_000 })
  func image(_ rate: Int) throws {
    let input = sine(0.3 * Double(rate), rate: rate)
    let there = try Resampler.resample(input.span, from: rate, to: 16_000)
    let back = try Resampler.resample(there.span, from: 16_000, to: rate)
    let middle = input.count / 4..<input.count * 3 / 4
    #expect(largestDifference(back[middle], input[middle]) < 5e-6)
    let energies = [there, input].map { $0.reduce(0) { $0 + Double($1 * $1) } / Double($0.count) }
    #expect(abs(energies[0] / energies[1] - 1) < 1e-3)
  }

  @Test(
    "however the input is cut, the output is the same", arguments: [1, 7, 160, 4096],
    [48_000, 44_100, 24_414, 8_000])
  func blocks(_ length: Int, _ rate: Int) throws {
    let input = sine(rate: rate)
    var resampler = try Resampler(from: rate, to: 16_000)
    var output: [Float] = []
    for start in stride(from: 0, to: input.count, by: length) {
      let end = min(start + length, input.count)
      resampler.resample(input.span.extracting(start..<end), into: &output)
    }
    resampler.finish(into: &output)
    #expect(try output == Resampler.resample(input.span, from: rate, to: 16_000))
  }

  @Test("every width of vector gives the same", arguments: 0..<Resampler.widths)
  func widths(_ width: Int) throws {
    for rate in [48_000, 44_100, 8_000] {
      let input = sine(rate: rate)
      var resampler = try Resampler(from: rate, to: 16_000, width: width)
      var output: [Float] = []
      resampler.resample(input.span, into: &output)
      resampler.finish(into: &output)
      let widest = try Resampler.resample(input.span, from: rate, to: 16_000)
      #expect(output.count == widest.count && largestDifference(output, widest) < 1e-6)
    }
  }

  @Test("very little or nothing in gives as little out", arguments: [0, 1, 2, 5], rates)
  func short(_ count: Int, _ rate: Int) throws {
    let input = [Float](repeating: 0.5, count: count)
    let output = try Resampler.resample(input.span, from: rate, to: 16_000)
    #expect(output.count == Int((Double(count) * 16_000 / Double(rate) + 0.5).rounded(.down)))
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
