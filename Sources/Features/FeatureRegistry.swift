/// The features that a front end may compute.
package enum FeatureRegistry {
  package static let all: [any FeatureOptions.Type] = [
    MelConfiguration.self,
    LogMelConfiguration.self,
    MFCCConfiguration.self,
    ChromaConfiguration.self,
    ContrastConfiguration.self,
    CentroidConfiguration.self,
    BandwidthConfiguration.self,
    RolloffConfiguration.self,
    FlatnessConfiguration.self,
    RMSConfiguration.self,
    ZeroCrossingRateConfiguration.self,
  ]

  /// By their names in JSON.
  package static let types = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
