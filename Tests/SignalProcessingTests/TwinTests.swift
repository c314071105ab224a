import Foundation
import SignalProcessing
import TestSupport
import Testing

@Suite("Fast kernels agree with slow twins")
struct TwinTests {
  @Test(
    "power spectra with their definition",
    arguments: [2, 4, 6, 8, 14, 22, 32, 64, 90, 202, 256, 500, 512], [1, 3, 16, 17])
  func powerSpectra(size: Int, frames: Int) throws {
    // A window shorter than the transform, a hop that divides nothing, frames that reach past both ends.
    let (length, hop) = (max(size * 3 / 4, 1), max(size / 4, 1) + 1)
    let stft = try STFT(fftSize: size, windowLength: length, hopLength: hop)
    let samples = noise((frames - 1) * hop + 1)
    let power = stft.power(of: samples.span)
    let expected = definition(samples, frames, size: size, length: length, hop: hop).map(Float.init)
    #expect(power.count == frames)
    #expect(largestDifference(power.values, expected) <= 2e-6 * (expected.max() ?? 0))
  }

  @Test(
    "precise power spectra with their definition, also far below the loudest bin",
    arguments: [2, 4, 6, 32, 90, 256], [1, 17])
  func precisePowerSpectra(size: Int, frames: Int) throws {
    let (length, hop) = (max(size * 3 / 4, 1), max(size / 4, 1) + 1)
    let stft = try STFT(fftSize: size, windowLength: length, hopLength: hop, isPrecise: true)
    let samples = noise((frames - 1) * hop + 1).enumerated().map { place, noise in
      1e-5 * noise + cos(Float(place))
    }
    let power = stft.power(of: samples.span)
    let expected = definition(samples, frames, size: size, length: length, hop: hop)
    for t in 0..<frames {
      let loudest = Double(power[t].max() ?? 0)
      for (found, expected) in zip(power[t], expected.dropFirst(t * (size / 2 + 1))) {
        #expect(abs(Double(found) - expected) <= 2e-7 * expected + 1e-24 * loudest)
      }
    }
  }

  /// Power spectra under a Hann window, summed sample by sample.
  private func definition(
    _ samples: [Float], _ frames: Int, size: Int, length: Int, hop: Int
  ) -> [Double] {
    let cosines = (0..<size).map { cos(2 * Double.pi * Double($0) / Double(size)) }
    let sines = (0..<size).map { sin(2 * Double.pi * Double($0) / Double(size)) }
    let margin = (size - length) / 2
    return (0..<frames).flatMap { t in
      let points = (0..<length).map { n -> Double in
        let place = t * hop + margin + n - size / 2
        guard samples.indices.contains(place) else { return 0 }
        let window = length == 1 ? 1 : 0.5 - 0.5 * cos(2 * .pi * Double(n) / Double(length))
        return window * Double(samples[place])
      }
      return (0...size / 2).map { k in
        let re = points.indices.reduce(0) { $0 + points[$1] * cosines[(margin + $1) * k % size] }
        let im = points.indices.reduce(0) { $0 + points[$1] * sines[(margin + $1) * k % size] }
        return re * re + im * im
      }
    }
  }

  @Test("sizes without a transform are refused", arguments: [-2, 0, 1, 3, 511, 65_538, 1 << 40])
  func noTransform(size: Int) {
    #expect(throws: SignalError.unsupportedTransformSize(size)) {
      try STFT(fftSize: size, windowLength: 1, hopLength: 1)
    }
  }

  @Test("sparse triangles with whole rows", arguments: MelScale.allCases, MelBank.Norm.allCases)
  func mel(scale: MelScale, norm: MelBank.Norm) throws {
    let bank = try MelBank(
      sampleRate: 16_000, fftSize: 512, bandCount: 80, low: 20, scale: scale, norm: norm)
    let power = Frames(width: 257, values: noise(3 * 257).map { $0 * $0 })
    let filters = (0..<80).map { bank.filter($0) }
    let dense = (0..<power.count).flatMap { t in
      filters.map { filter in zip(filter, power[t]).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
    }
    let scale = dense.max() ?? 0
    #expect(largestDifference(bank(power).values, dense) < 1e-6 * scale)
  }

  @Test("decibels with the logarithm, over every magnitude", arguments: [1e-30, 1e-10, 1])
  func decibels(floor: Double) {
    let powers = (-2000...2000).map { Float(pow(10, Double($0) / 53)) } + [0, -1, 1, .nan]
    let fast = Decibels(floor: floor, range: nil)(Frames(width: 1, values: powers))
    let exact = powers.map { 10 * log10($0 > Float(floor) ? Double($0) : Double(Float(floor))) }
    let isClose = zip(fast.values, exact).map { abs(Double($0) - $1) < 2e-5 + 1e-7 * abs($1) }
    #expect(!isClose.contains(false))
  }

  @Test("the cosine transform with its definition", arguments: [(1, 1), (40, 13), (128, 40)])
  func cosine(inputs: Int, outputs: Int) throws {
    let row = noise(inputs)
    let fast = try CosineTransform(inputs: inputs, outputs: outputs)(
      Frames(width: inputs, values: row))
    let slow = (0..<outputs).map { k in
      let sum = row.enumerated().reduce(0.0) { sum, x in
        let angle = Double.pi * Double(k) * (Double(x.offset) + 0.5) / Double(inputs)
        return sum + Double(x.element) * cos(angle)
      }
      return Float(sum * sqrt((k == 0 ? 1 : 2) / Double(inputs)))
    }
    #expect(largestDifference(fast.values, slow) < 1e-5)
  }

  @Test(
    "mean and variance with their definitions", arguments: [(1, 0, 1), (1000, 3, 7), (33, 2, 3)])
  func meanAndVariance(count: Int, offset: Int, stride step: Int) {
    let values = noise(count + offset)
    let picked = Swift.stride(from: offset, to: values.count, by: step).map { Double(values[$0]) }
    let mean = picked.reduce(0, +) / Double(picked.count)
    let variance = picked.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(picked.count)
    let result = moments(values.span, offset: offset, stride: step)
    #expect(abs(result.mean - mean) < 1e-12 && abs(result.variance - variance) < 1e-12)
  }

  @Test(
    "means and variances of channels side by side with their definitions",
    arguments: [(1, 1), (7, 4), (1000, 4), (33, 3), (129, 16), (40, 17)])
  func channels(cells: Int, channels: Int) {
    let values = noise(cells * channels)
    let result = moments(values.span, channels: channels)
    for channel in 0..<channels {
      let one = moments(values.span, offset: channel, stride: channels)
      #expect(abs(result.means[channel] - one.mean) < 1e-12)
      #expect(abs(result.variances[channel] - one.variance) < 1e-12)
    }
  }

  @Test("values are spread a step apart, and those between are left")
  func spreading() {
    let values = noise(37)
    for (offset, step) in [(0, 1), (2, 3), (5, 17)] {
      var target = [Float](repeating: 9, count: offset + 36 * step + 1)
      var span = target.mutableSpan
      spread(values.span, into: &span, at: offset, step: step)
      for (place, value) in target.enumerated() {
        let isWritten = place >= offset && (place - offset) % step == 0
        #expect(value == (isWritten ? values[(place - offset) / step] : 9))
      }
    }
  }

  @Test("the peak is the largest magnitude, and not finite when a sample is not")
  func peak() {
    let values = noise(1003)
    #expect(peakMagnitude(values.span) == values.map { abs($0) }.max())
    for odd in [Float.nan, -.nan, .infinity, -.infinity] {
      #expect(!peakMagnitude((values + [odd] + values).span).isFinite)
    }
    #expect(peakMagnitude([Float]().span) == 0)
  }
}

/// The same numbers in −1...1 every time.
func noise(_ count: Int) -> [Float] {
  var state: UInt64 = 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
  }
}
