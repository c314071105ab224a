import LinearAlgebra
import TestSupport
import Testing

/// Frames, bands, channels; window; stride.
struct PoolCase: Sendable, CustomTestStringConvertible {
  let (frames, bands, channels): (Int, Int, Int)
  let window: (frames: Int, bands: Int)
  let stride: (frames: Int, bands: Int)

  var testDescription: String { "\(frames)x\(bands)x\(channels) by \(window), \(stride)" }

  var geometry: PoolGeometry {
    PoolGeometry(
      bands: bands, channels: channels, windowFrames: window.frames, windowBands: window.bands,
      strideFrames: stride.frames, strideBands: stride.bands,
      outFrames: (frames - window.frames) / stride.frames + 1,
      outBands: (bands - window.bands) / stride.bands + 1)
  }

  /// Indices of each output's inputs, outputs in order.
  var windows: [[Int]] {
    let g = geometry
    return (0..<g.outFrames).flatMap { t in
      (0..<g.outBands).flatMap { f in
        (0..<channels).map { c in
          (0..<window.frames).flatMap { k in
            (0..<window.bands).map { l in
              ((t * stride.frames + k) * bands + f * stride.bands + l) * channels + c
            }
          }
        }
      }
    }
  }
}

@Suite("Pooling")
struct PoolingTests {
  static let cases = [
    PoolCase(frames: 6, bands: 4, channels: 3, window: (2, 2), stride: (2, 2)),
    PoolCase(frames: 7, bands: 5, channels: 1, window: (3, 2), stride: (1, 1)),
    PoolCase(frames: 9, bands: 8, channels: 17, window: (2, 1), stride: (3, 2)),
    PoolCase(frames: 4, bands: 4, channels: 2, window: (4, 4), stride: (1, 1)),
  ]

  @Test("takes what is not a number for the largest and hands its gradient back", arguments: 0..<4)
  func notNumbers(place: Int) {
    let geometry = PoolGeometry(
      bands: 2, channels: 1, windowFrames: 2, windowBands: 2, strideFrames: 2, strideBands: 2,
      outFrames: 1, outBands: 1)
    var x: [Float] = [1, 4, 3, 4]
    x[place] = .nan
    let y = changed([0]) { geometry.maximum(x.span, into: &$0) }
    #expect(y[0].isNaN)
    let dx = changed([0, 0, 0, 0]) {
      geometry.maximumBackward([7].span, x: x.span, y: y.span, into: &$0)
    }
    #expect(dx == (0..<4).map { $0 == place ? 7 : 0 })
  }

  @Test("takes the largest and hands its gradient back", arguments: cases)
  func maximum(_ pool: PoolCase) {
    // Few different values, so that windows have equal maxima.
    let x = numbers(pool.frames * pool.bands * pool.channels).map { ($0 * 3).rounded() }
    let zeros = [Float](repeating: 0, count: pool.windows.count)
    let y = changed(zeros) { pool.geometry.maximum(x.span, into: &$0) }
    #expect(y == pool.windows.map { $0.map { x[$0] }.max() })
    let dy = numbers(y.count, seed: 2)
    var expected = [Float](repeating: 0, count: x.count)
    for (place, window) in pool.windows.enumerated() {
      for i in window where x[i] == y[place] {
        expected[i] += dy[place]
        break
      }
    }
    let dx = changed(.init(repeating: 0, count: x.count)) {
      pool.geometry.maximumBackward(dy.span, x: x.span, y: y.span, into: &$0)
    }
    #expect(largestDifference(dx, expected) < 1e-6)
  }

  @Test("averages and spreads the gradient", arguments: cases)
  func average(_ pool: PoolCase) {
    let x = numbers(pool.frames * pool.bands * pool.channels)
    let share = 1 / Float(pool.window.frames * pool.window.bands)
    let y = changed(.init(repeating: .nan, count: pool.windows.count)) {
      pool.geometry.average(x.span, into: &$0)
    }
    #expect(
      largestDifference(y, pool.windows.map { $0.reduce(0) { $0 + x[$1] } * share }) < 1e-6)
    let dy = numbers(y.count, seed: 2)
    var expected = [Float](repeating: 0, count: x.count)
    for (place, window) in pool.windows.enumerated() {
      for i in window { expected[i] += dy[place] * share }
    }
    let dx = changed(.init(repeating: 0, count: x.count)) {
      pool.geometry.averageBackward(dy.span, into: &$0)
    }
    #expect(largestDifference(dx, expected) < 1e-6)
  }
}
