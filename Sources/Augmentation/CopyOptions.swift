/// The augmented copies that are made of every recording once, before training. Their features are cached.
public struct CopyOptions: Codable, Sendable, Equatable {
  /// Speeds of copies, tempo and pitch together. The recording itself is always there.
  public var speeds: [Float] = [0.82, 0.87, 0.92, 0.96, 1.04, 1.09, 1.14, 1.2]
  /// Semitones by which copies are higher, or lower if negative, at the recording's own tempo.
  public var pitches: [Float] = []
  /// Degradations of copies, each at one of the speeds that is drawn for the recording.
  public var degradations: [Degradation] = []
  /// How many degraded copies there are, each under a degradation that is drawn for the recording; one under each
  /// degradation for nil. A large corpus meets every degradation without a copy under each of every clip.
  public var drawnDegradations: Int?

  public init() {}

  public init(speeds: [Float], pitches: [Float] = [], degradations: [Degradation] = []) {
    self.speeds = speeds
    self.pitches = pitches
    self.degradations = degradations
  }

  /// The copies, in the order in which they are cached.
  public var copies: [AugmentedCopy] {
    let speeds = speeds.filter { $0 != 1 }
    return speeds.map { .speed($0) } + pitches.map { .pitch($0) }
      + degradationChoices.map { .degradation(oneOf: $0, speeds: speeds) }
  }

  private var degradationChoices: [[Degradation]] {
    guard let drawnDegradations, !degradations.isEmpty else { return degradations.map { [$0] } }
    return .init(repeating: degradations, count: drawnDegradations)
  }

  /// Refuses values with which no copy could be made.
  package func check() throws(OptionError) {
    try OptionError.check("copies.speeds.count", Double(speeds.count), 0...20)
    try OptionError.check("copies.pitches.count", Double(pitches.count), 0...20)
    try OptionError.check("copies.degradations.count", Double(degradations.count), 0...40)
    try OptionError.check("copies.drawnDegradations", Double(drawnDegradations ?? 0), 0...40)
    for speed in speeds { try OptionError.check("copies.speeds", Double(speed), 0.25...4) }
    for pitch in pitches { try OptionError.check("copies.pitches", Double(pitch), -24...24) }
  }
}
