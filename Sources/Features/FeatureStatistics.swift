import Glibc

/// Mean and deviation of every band of every channel, in the order (F, C) of one frame.
public struct FeatureStatistics: Codable, Sendable, Equatable {
  public var mean: [Float]
  public var deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }
}

extension FeatureStatistics {
  /// Gathers the statistics of maps of one shape; each frame counts the same.
  public struct Accumulator: Sendable {
    private var frames = 0.0
    private var mean: [Double] = []
    /// Sum of squared distances from the mean.
    private var squares: [Double] = []

    public init() {}

    /// Welford's update, which stays exact however many frames there are.
    public mutating func add(_ map: FeatureMap) {
      let width = map.bands * map.channels
      if mean.isEmpty {
        mean = [Double](repeating: 0, count: width)
        squares = mean
      }
      precondition(mean.count == width, "a map of another shape")
      for t in 0..<map.frames {
        frames += 1
        for i in 0..<width {
          let value = Double(map.values[t * width + i])
          let distance = value - mean[i]
          mean[i] += distance / frames
          squares[i] += distance * (value - mean[i])
        }
      }
    }

    /// The statistics so far; nil before the first frame.
    public var statistics: FeatureStatistics? {
      guard frames > 0 else { return nil }
      return FeatureStatistics(
        mean: mean.map { Float($0) }, deviation: squares.map { Float(sqrt($0 / frames)) })
    }
  }
}
