public import Augmentation

extension TrainingOptions {
  /// Refuses values with which a training could not run.
  /// - Throws: `outOfRange` with the first option that is not within its limits.
  public func check() throws(OptionError) {
    let options: [(String, Double, ClosedRange<Double>)] = [
      ("epochs", Double(epochs), 1...1_000_000),
      ("passesPerEpoch", Double(passesPerEpoch), 1...1000),
      ("batchSize", Double(batchSize), 1...65_536),
      ("shardSize", Double(shardSize), 1...65_536),
      ("schedule.peak", Double(schedule.peak), 0...10),
      ("schedule.warmup", Double(schedule.warmup), 0...1),
      ("weightDecay", Double(weightDecay), 0...10),
      ("labelSmoothing", Double(labelSmoothing), 0...0.99),
      ("voteFraction", Double(voteFraction), 0...1),
      ("teacherFraction", Double(teacherFraction), 0...1),
      ("teacherTemperature", Double(teacherTemperature), 0.01...100),
      ("absentLabelWeight", Double(absentLabelWeight), 0...1),
      ("intensity", Double(intensity), 0...1),
      ("clipNorm", Double(clipNorm), 0...1e9),
      ("averagingDecay", Double(averagingDecay), 0...0.999_999),
      ("selectionStart", Double(selectionStart), 0...1),
      ("refitEpochFraction", Double(refitEpochFraction), 0.01...1),
      ("vectorCopies", Double(vectorCopies), 0...100),
      ("patience", Double(patience), 0...1_000_000),
    ]
    for (name, value, range) in options { try OptionError.check(name, value, range) }
    try augmentation.check()
  }
}
