/// What the mean training speaker sounds like in the front end's map, before it is normalised: to this, the recordings of a
/// speaker who is known are moved.
public struct MeanVoice: Codable, Sendable, Equatable {
  /// The mean over time of each row, a band of a channel: F · C numbers, channels innermost.
  public var means: [Float]
  /// The standard deviation over time of each row.
  public var deviations: [Float]

  public init(means: [Float], deviations: [Float]) {
    self.means = means
    self.deviations = deviations
  }

  var isValid: Bool {
    means.count == deviations.count && (means + deviations).allSatisfy(\.isFinite)
      && deviations.allSatisfy { $0 >= 0 }
  }
}
