extension TrainingOptions {
  /// Refuses values with which a training could not run.
  public func check() throws(PresetError) {
    let options: [(String, Double, ClosedRange<Double>)] = [
      ("epochs", Double(epochs), 1...1_000_000), ("batchSize", Double(batchSize), 1...65_536),
      ("shardSize", Double(shardSize), 1...65_536),
      ("schedule.peak", Double(schedule.peak), 0...10),
      ("schedule.warmup", Double(schedule.warmup), 0...1),
      ("weightDecay", Double(weightDecay), 0...10),
      ("labelSmoothing", Double(labelSmoothing), 0...0.99),
      ("clipNorm", Double(clipNorm), 0...1e9),
      ("averagingDecay", Double(averagingDecay), 0...0.999_999),
      ("settling", Double(settling), 0...1),
      // As many as a parallel layer has branches.
      ("members", Double(members), 1...16), ("patience", Double(patience), 0...1_000_000),
    ]
    for (name, value, range) in options { try EmotionTraining.check(name, value, range) }
    try augmentation.check()
  }
}

extension Augmentation {
  fileprivate func check() throws(PresetError) {
    let options: [(String, Double, ClosedRange<Double>)] = [
      ("timeStretch", Double(timeStretch), 0...0.9), ("bandWarp", Double(bandWarp), 0...0.9),
      ("noiseChance", Double(noiseChance), 0...1), ("tilt", Double(tilt), 0...100),
      ("bandMasks", Double(bandMasks), 0...100), ("bandMaskWidth", Double(bandMaskWidth), 0...4096),
      ("timeMasks", Double(timeMasks), 0...100),
      ("timeMaskWidth", Double(timeMaskWidth), 0...1_000_000),
      ("mixupChance", Double(mixupChance), 0...1), ("mixup", Double(mixup), 0.01...100),
      ("speeds.count", Double(speeds.count), 0...20),
      ("noiseLevel.count", Double(noiseLevel.count), 2...2),
    ]
    for (name, value, range) in options { try EmotionTraining.check(name, value, range) }
    for speed in speeds { try EmotionTraining.check("speeds", Double(speed), 0.25...4) }
    try EmotionTraining.check("noiseLevel[0]", Double(noiseLevel[0]), -200...200)
    try EmotionTraining.check(
      "noiseLevel[1]", Double(noiseLevel[1]), Double(noiseLevel[0])...200)
  }
}

private func check(
  _ option: String, _ value: Double, _ allowed: ClosedRange<Double>
) throws(PresetError) {
  guard allowed.contains(value) else {
    throw .outOfRange(option: option, found: value, allowed: allowed)
  }
}
