import EmotionFeatures

extension Preset {
  /// For voices that were in training, as a random split has them: a recording's level and its silences, which `default` throws
  /// away because they mislead about strangers, tell which take of which actor it is.
  static var knownVoices: Preset {
    var preset = Preset.default
    preset.name = "known-voices"
    preset.summary =
      "for voices heard in training only: level and silences kept; three CNN+LSTM, and three small networks over statistics"
    preset.features.normalization = .fixed(nil)
    preset.features.trim = nil
    preset.features.planes.removeLast(2)

    var training = TrainingOptions()
    training.epochs = 200
    training.validation = 0
    training.members = 3
    training.classWeights = .balanced
    training.augmentation.mixupChance = 0.5
    preset.training = training

    var statistics = statistics(classes: 8, coefficients: [32, 48])
    statistics.share = 0.4
    statistics.training.epochs = 40
    preset.companions = [statistics]
    return preset
  }
}
