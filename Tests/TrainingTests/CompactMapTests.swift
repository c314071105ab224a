import Features
import TestSupport
import Testing
import Training

@Suite("A map in 16 bits a value")
struct CompactMapTests {
  @Test("is the map it was made of, within half a step of each row")
  func rounding() {
    let map = FeatureMap(frames: 20, bands: 3, channels: 2, values: numbers(120).map { 80 * $0 })
    let found = CompactMap(map).map
    #expect(found.frames == 20 && found.bands == 3 && found.channels == 2)
    for row in 0..<6 {
      let values = stride(from: row, to: 120, by: 6).map { map.values[$0] }
      let step = (values.max()! - values.min()!) / 65_535
      for (frame, value) in values.enumerated() {
        #expect(abs(found.values[6 * frame + row] - value) <= 0.51 * step)
      }
    }
  }

  @Test("keeps rows of very different size apart")
  func rows() {
    let map = FeatureMap(frames: 3, bands: 2, channels: 1, values: [0, 0, 8000, 0.25, 4000, 1])
    #expect(relativeDifference(CompactMap(map).map.values, map.values) < 1e-4)
    #expect(abs(CompactMap(map).map.values[3] - 0.25) < 1e-5)
  }

  @Test("holds what does not change exactly")
  func constant() {
    let map = FeatureMap(frames: 2, bands: 1, channels: 2, values: [-3.3, 1e-9, -3.3, 1e-9])
    #expect(CompactMap(map).map == map)
  }
}
