import LinearAlgebra
import TestSupport
import Testing

@Suite("Patches under a kernel")
struct PatchesTests {
  static let geometries: [PatchGeometry] = [
    .init(
      frames: 7, bands: 5, channels: 3, kernel: (3, 3), stride: (1, 1), padding: (1, 1)),
    .init(
      frames: 9, bands: 8, channels: 1, kernel: (2, 5), stride: (2, 3), padding: (0, 2)),
    .init(
      frames: 4, bands: 4, channels: 2, kernel: (1, 1), stride: (1, 1), padding: (0, 0)),
    .init(
      frames: 1, bands: 6, channels: 2, kernel: (5, 3), stride: (3, 2), padding: (4, 2)),
    .init(
      frames: 10, bands: 10, channels: 17, kernel: (2, 2), stride: (5, 4), padding: (1, 0)),
  ]

  /// The value at (frame, band, channel), zero outside.
  private func value(_ x: [Float], _ g: PatchGeometry, _ t: Int, _ f: Int, _ c: Int) -> Float {
    guard (0..<g.frames).contains(t), (0..<g.bands).contains(f) else { return 0 }
    return x[(t * g.bands + f) * g.channels + c]
  }

  private func patches(_ x: [Float], _ g: PatchGeometry, _ block: Range<Int>) -> [Float] {
    var rows: [Float] = []
    for frame in block {
      for band in 0..<g.outBands {
        for k in 0..<g.kernelFrames {
          for l in 0..<g.kernelBands {
            let t = frame * g.strideFrames + k - g.paddingFrames
            let f = band * g.strideBands + l - g.paddingBands
            rows += (0..<g.channels).map { value(x, g, t, f, $0) }
          }
        }
      }
    }
    return rows
  }

  @Test("are gathered for any run of frames", arguments: geometries)
  func gather(_ g: PatchGeometry) {
    let x = numbers(g.frames * g.bands * g.channels)
    for block in [0..<g.outFrames, g.outFrames / 2..<g.outFrames] {
      let size = block.count * g.outBands * g.patchSize
      let found = changed(.init(repeating: .nan, count: size)) {
        g.gather(x.span, frames: block, into: &$0)
      }
      #expect(found == patches(x, g, block))
    }
  }

  @Test("are scattered by the transpose of gathering", arguments: geometries)
  func scatter(_ g: PatchGeometry) {
    let x = numbers(g.frames * g.bands * g.channels)
    let rows = numbers(g.outFrames * g.outBands * g.patchSize, seed: 2)
    let gathered = patches(x, g, 0..<g.outFrames)
    let scattered = changed(.init(repeating: 0, count: x.count)) {
      g.scatter(adding: rows.span, frames: 0..<g.outFrames, to: &$0)
    }
    let left = zip(gathered, rows).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let right = zip(x, scattered).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(left - right) < 1e-4)
  }

  @Test("are none when the kernel is longer than the volume", arguments: [1, 2, 3])
  func tooShort(_ stride: Int) {
    let g = PatchGeometry(
      frames: 2, bands: 1, channels: 1, kernel: (3, 2), stride: (stride, stride), padding: (0, 0))
    #expect(g.outFrames == 0)
    #expect(g.outBands == 0)
  }
}
