import CVectorKernels
import Foundation
import LinearAlgebra
import TestSupport
import Testing

func exponential(_ x: Double) -> Double { Foundation.exp(x) }

/// Distance in units of the last place of the float next to `expected`.
private func ulps(_ found: Float, _ expected: Double) -> Double {
  abs(Double(found) - expected) / Double(Float(expected).ulp)
}

private func exponentials(_ x: [Float], shift: Float = 0) -> (values: [Float], sum: Float) {
  var values = x
  let sum = unsafe vk_exp_shifted(&values, x, shift, x.count)
  return (values, sum)
}

@Suite("Exponential and hyperbolic tangent")
struct AccuracyTests {
  let denormal = Float.leastNormalMagnitude / 128

  /// Every 10,007th float of each sign.
  let everywhere = stride(from: UInt32(0), to: 0x42B0_0000, by: 10_007).flatMap {
    [Float(bitPattern: $0), -Float(bitPattern: $0)]
  }

  @Test("are within two and three units of the last place")
  func accuracy() {
    let x = everywhere.filter { $0 >= -87 && $0 <= 88 }
    let worst = zip(exponentials(x).values, x).map { ulps($0, exp(Double($1))) }.max() ?? .infinity
    #expect(worst <= 2)
    let tangents = changed(everywhere) { hyperbolicTangent(&$0) }
    #expect(zip(tangents, everywhere).allSatisfy { ulps($0, tanh(Double($1))) <= 3 })
  }

  @Test("keep to their range outside of it, and NaN stays NaN")
  func edges() {
    let (values, _) = exponentials([0, -0.0, denormal, -100, -.infinity, 100, .infinity, .nan])
    #expect(values[..<3] == [1, 1, 1])
    #expect(values[3...4].allSatisfy { $0 >= 0 && $0 < 1.7e-38 })
    #expect(values[5...6].allSatisfy { $0 > 1.6e38 && $0.isFinite })
    #expect(values[7].isNaN)
    let x: [Float] = [0, -0.0, denormal, -100, -.infinity, 100, .infinity, .nan]
    let tangents = changed(x) { hyperbolicTangent(&$0) }
    #expect(tangents[..<7] == [0, 0, denormal, -1, -1, 1, 1])
    #expect(tangents[7].isNaN)
    #expect(changed([.nan, -1, .infinity]) { rectify(&$0) }[0].isNaN)
  }

  @Test("sum what they gave", arguments: awkwardSizes)
  func sum(_ count: Int) {
    let (values, sum) = exponentials(numbers(count), shift: 0.5)
    #expect(abs(sum - values.reduce(0, +)) <= 1e-6 * sum)
  }
}
