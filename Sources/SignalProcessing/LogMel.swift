/// Mel band energies in decibels: `librosa.power_to_db(librosa.feature.melspectrogram(…))`.
public struct LogMel: SpectralFeature {
  let bank: MelBank
  let decibels: Decibels

  public init(bank: MelBank, decibels: Decibels = .init()) {
    self.bank = bank
    self.decibels = decibels
  }

  public var width: Int { bank.bandCount }
  public func rows(_ power: Frames) -> Frames { bank(power) }
  public func finish(_ rows: consuming Frames) -> Frames { decibels(rows) }
}
