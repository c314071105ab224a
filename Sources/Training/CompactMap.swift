public import Features
import LinearAlgebra
import SafeTensors

/// A feature map held in 16 bits a value: of five corpora and their copies, 32 bits fill the memory.
///
/// Each row of the map, a band of a channel, is divided evenly between its smallest and its largest value into 65,535 steps.
/// A value read back is at most half such a step off, rounding aside.
public struct CompactMap: Sendable, Equatable {
  /// T
  public let frames: Int
  /// F
  public let bands: Int
  /// C
  public let channels: Int
  /// Smallest value of each row: F · C numbers.
  let lowest: [Float]
  /// Difference between neighbouring values of each row: F · C numbers.
  let step: [Float]
  /// T · F · C counts of steps.
  let counts: [UInt16]

  /// Rounds each value to its row's nearest step.
  public init(_ map: FeatureMap) {
    (frames, bands, channels) = (map.frames, map.bands, map.channels)
    let rows = bands * channels
    var lowest = Array(map.values.prefix(rows))
    var highest = lowest
    for start in stride(from: 0, to: map.values.count, by: rows) {
      for row in 0..<rows {
        lowest[row] = min(lowest[row], map.values[start + row])
        highest[row] = max(highest[row], map.values[start + row])
      }
    }
    let step = zip(lowest, highest).map { ($1 - $0) / Self.steps }
    let perStep = step.map { $0 > 0 ? 1 / $0 : 0 }
    var counts = [UInt16](repeating: 0, count: map.values.count)
    for start in stride(from: 0, to: counts.count, by: rows) {
      for row in 0..<rows {
        let count = (map.values[start + row] - lowest[row]) * perStep[row]
        counts[start + row] = UInt16(min(count + 0.5, Self.steps))
      }
    }
    (self.lowest, self.step, self.counts) = (lowest, step, counts)
  }

  private static let steps = Float(UInt16.max)

  /// The map in 32 bits a value.
  public var map: FeatureMap {
    var map = FeatureMap(zeros: frames, bands: bands, channels: channels)
    let rows = bands * channels
    map.values.updateAll { values in
      for start in stride(from: 0, to: counts.count, by: rows) {
        for row in 0..<rows {
          values[start + row] = lowest[row] + step[row] * Float(counts[start + row])
        }
      }
    }
    return map
  }
}

// How a map is kept in a file, as three tensors.
extension CompactMap {
  func tensors(_ place: Int) -> [(name: String, tensor: Tensor)] {
    let names = Self.names(place)
    return [
      (names.counts, Tensor(shape: [frames, bands, channels], values: counts.map(Float.init))),
      (names.lowest, Tensor(shape: [bands, channels], values: lowest)),
      (names.step, Tensor(shape: [bands, channels], values: step)),
    ]
  }

  /// Nil where the file does not hold the map at `place`, or not with such rows.
  init?(_ place: Int, of file: TensorFile, bands: Int, channels: Int) {
    let names = Self.names(place)
    guard let counts = file[names.counts], counts.shape.count == 3, counts.shape[0] > 0,
      counts.shape[1...] == [bands, channels], let lowest = file[names.lowest],
      lowest.shape == [bands, channels], let step = file[names.step],
      step.shape == [bands, channels],
      counts.values.allSatisfy({ (0...Self.steps).contains($0) })
    else { return nil }
    frames = counts.shape[0]
    (self.bands, self.channels) = (bands, channels)
    (self.lowest, self.step) = (lowest.values, step.values)
    self.counts = counts.values.map { UInt16($0) }
  }

  static func names(_ place: Int) -> (counts: String, lowest: String, step: String) {
    ("\(place).counts", "\(place).lowest", "\(place).step")
  }
}
