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

@Suite("AugmentationOptions")
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

  @Test("stretches to the same length without a change")
  func sameLength() {
    let map = spectrogram(frames: 137)
    #expect(map.stretched(to: 137) == map)
  }

  @Test("stretches ramps into ramps with the same ends", arguments: [1, 2, 7, 19, 38, 200])
  func ramps(count: Int) {
    let ramp = FeatureMap(frames: 20, bands: 1, channels: 1, values: (0..<20).map(Float.init))
    let stretched = ramp.stretched(to: count)
    let expected = (0..<count).map { count > 1 ? 19 * Float($0) / Float(count - 1) : 0 }
    #expect(stretched.frames == count)
    #expect(largestDifference(stretched.values, expected) < 1e-4)
  }

  @Test("stretches a clip of one frame")
  func oneFrame() {
    let map = spectrogram(frames: 1)
    #expect(map.stretched(to: 3).values == map.values + map.values + map.values)
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

  @Test("tilts the spectrum about its middle, by so many decibels from end to end")
  func tilt() {
    var map = FeatureMap(zeros: 2, bands: 5, channels: 2)
    map.tilt(by: 8)
    #expect((0..<5).map { map[1, $0, 1] } == [-4, -2, 0, 2, 4])
  }

  @Test("adds noise far below the sound without a change")
  func inaudibleNoise() {
    var random = RandomSource(seed: 1)
    let map = spectrogram()
    var noisy = map
    noisy.addNoise(level: 150, &random)
    #expect(noisy == map)
  }

  @Test("adds noise that raises quiet parts to its level and leaves loud ones")
  func noise() {
    var random = RandomSource(seed: 1)
    let map = spectrogram(frames: 200)
    var noisy = map
    noisy.addNoise(level: 30, &random)
    #expect(zip(noisy.values, map.values).allSatisfy { $0 >= $1 })
    #expect(noisy.values.allSatisfy { $0 > -37 })
    for (after, before) in zip(noisy.values, map.values) where before > -9 {
      #expect(after - before < 0.15)
    }
    // Two equal powers are 3 dB more than one.
    var flat = FeatureMap(zeros: 100, bands: 10, channels: 1)
    flat.addNoise(level: 0, &random)
    #expect(abs(flat.values.reduce(0, +) / 1000 - 3.1) < 0.2)
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

  @Test("masks no more than there is")
  func wideMasks() {
    var options = AugmentationOptions.none
    options.bandMasks = 3
    options.bandMaskWidth = 1000
    options.timeMasks = 3
    options.timeMaskWidth = 1000
    var random = RandomSource(seed: 1)
    var map = spectrogram(frames: 1, bands: 1)
    options.mask(&map, &random)
    #expect(map.frames == 1)
  }
}
