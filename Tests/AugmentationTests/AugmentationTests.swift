import Augmentation
import Features
import LinearAlgebra
import TestSupport
import Testing
import TrainingTestSupport

/// Decibels between 0 and -60, as a spectrogram has them.
private func spectrogram(
  frames: Int = 20, bands: Int = 6, channels: Int = 2, seed: UInt64 = 1
) -> FeatureMap {
  var random = RandomSource(seed: seed)
  var map = FeatureMap(zeros: frames, bands: bands, channels: channels)
  for i in map.values.indices { map.values[i] = random.uniform(-60...0) }
  return map
}

@Suite("Augmentation")
struct AugmentationTests {
  @Test("that is none changes nothing")
  func none() {
    var random = RandomSource(seed: 1)
    let map = spectrogram()
    var masked = AugmentationOptions.none.vary(map, &random)
    AugmentationOptions.none.mask(&masked, &random)
    #expect(masked == map)
  }

  @Test("varies a clip otherwise each time, and the same way for the same numbers")
  func drawn() {
    let map = spectrogram()
    let maps = (0..<5).map { seed in
      var random = RandomSource(seed: UInt64(seed % 4))
      return AugmentationOptions().vary(map, &random)
    }
    #expect(maps[0] == maps[4])
    #expect((1..<4).allSatisfy { maps[$0] != maps[0] })
    #expect(maps.allSatisfy { 17...23 ~= $0.frames && $0.values.allSatisfy(\.isFinite) })
  }

  @Test("changes the length, to each of those that its limit allows and no other")
  func lengths() {
    var options = AugmentationOptions.none
    options.timeStretch = 0.1
    let map = spectrogram(frames: 20)
    let lengths = Set(
      (0..<200 as Range<UInt64>).map { seed in
        var random = RandomSource(seed: seed)
        return options.vary(map, &random).frames
      })
    #expect(lengths == [18, 19, 20, 21, 22])
  }

  @Test("adds one smooth curve along the bands to all frames and channels")
  func equalizer() {
    var map = spectrogram(bands: 4)
    let before = map
    map.equalize([2, 0, 0])
    let curve: [Float] = [1.8478, 0.7654, -0.7654, -1.8478]
    for (place, pair) in zip(map.values, before.values).enumerated() {
      #expect(abs(pair.0 - pair.1 - curve[place / 2 % 4]) < 1e-3)
    }
    var options = AugmentationOptions.none
    options.equalizer = 3
    var random = RandomSource(seed: 1)
    let varied = options.vary(before, &random)
    #expect(varied != before)
    #expect(zip(varied.values, before.values).allSatisfy { abs($0 - $1) <= 9 })
  }

  @Test("warps bands by 1 without a change, and otherwise along the bands alone")
  func warp() {
    let map = spectrogram(bands: 40)
    #expect(map.warped(by: 1) == map)
    var ramp = FeatureMap(zeros: 3, bands: 10, channels: 2)
    for t in 0..<3 {
      for band in 0..<10 {
        for c in 0..<2 { ramp[t, band, c] = Float(100 * t + 10 * c) + Float(band) }
      }
    }
    let warped = ramp.warped(by: 0.5)
    #expect(warped[2, 6, 1] == 213 && warped[1, 5, 0] == 102.5)
    #expect(ramp.warped(by: 2)[0, 8, 1] == 19)
  }

  @Test("masks whole frames and whole bands, never more than asked", arguments: 0..<20)
  func masks(seed: UInt64) {
    var options = AugmentationOptions.none
    options.bandMasks = 2
    options.bandMaskWidth = 3
    options.timeMasks = 1
    options.timeMaskWidth = 9
    var random = RandomSource(seed: seed)
    var map = FeatureMap(zeros: 20, bands: 8, channels: 2)
    for i in map.values.indices { map.values[i] = 1 }
    options.mask(&map, &random)
    let bands = (0..<8).filter { band in (0..<20).allSatisfy { map[$0, band, 1] == 0 } }
    let frames = (0..<20).filter { t in (0..<8).allSatisfy { map[t, $0, 0] == 0 } }
    // A quarter of the clip at most.
    #expect(bands.count <= 6 && frames.count <= 5)
    for t in 0..<20 {
      for band in 0..<8 {
        let cleared: Float = bands.contains(band) || frames.contains(t) ? 0 : 1
        #expect(map[t, band, 0] == cleared && map[t, band, 1] == cleared)
      }
    }
  }

  @Test("masks no more than there is, and a quarter of the frames at most")
  func wideMasks() {
    var options = AugmentationOptions.none
    options.bandMasks = 1
    options.bandMaskWidth = 1000
    options.timeMasks = 1
    options.timeMaskWidth = 1000
    var cleared: Set<Int> = []
    for seed in 0..<50 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      let map = spectrogram(frames: 12, bands: 3, channels: 1)
      var masked = map
      options.mask(&masked, &random)
      #expect(zip(masked.values, map.values).allSatisfy { $0 == $1 || $0 == 0 })
      cleared.insert((0..<12).count { t in (0..<3).allSatisfy { masked[t, $0, 0] == 0 } })
    }
    // All bands, or none to three frames of the rest.
    #expect(cleared == [0, 1, 2, 3, 12])
  }
}
