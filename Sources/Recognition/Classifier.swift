import AudioIO
import EmotionModel
import Features
import FoundationEssentials
import LinearAlgebra
import NeuralNetwork
import Voices

/// The frozen members of a model with their front ends: features in, probabilities out.
struct Classifier: Sendable {
  private struct Member: Sendable {
    let network: Network
    let weights: Weights
    /// What its logits are multiplied with.
    let weight: Float
  }

  let frontEnds: FrontEndGroup
  /// In the order of the front ends.
  private let members: [Member]
  private let temperature: Float
  /// What a known speaker's recordings are moved to; nil where the file does not say.
  private let meanVoice: BandStyle?

  /// Checks that each member's features and network belong together.
  /// - Parameter path: For errors.
  init(_ file: ModelFile, path: String) throws(ModelLoadError) {
    do {
      var configurations: [FrontEndConfiguration] = []
      for member in file.members {
        configurations.append(try FrontEndConfiguration(json: Data(member.features.utf8)))
      }
      frontEnds = try FrontEndGroup(configurations)
      for (member, configuration) in zip(file.members, configurations) {
        try Self.check(member.network.spec, takes: configuration.networkInput)
      }
      meanVoice = try Self.meanVoice(file.voice, rows: frontEnds.rows)
    } catch let error as FeatureError {
      throw .features(path: path, error)
    } catch let error as ModelError {
      throw .model(path: path, .model(error))
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
    members = file.members.map { member in
      let (network, weights) = member.network.folded(member.weights)
      return Member(network: network, weights: weights, weight: member.weight)
    }
    temperature = file.calibration.temperature
  }

  private static func check(
    _ network: NetworkSpec, takes input: (bands: Int, channels: Int, isVector: Bool)
  ) throws(ModelError) {
    guard network.bands == input.bands, network.channels == input.channels,
      network.takesVectors ?? false == input.isVector
    else {
      throw .inputMismatch(
        expected: [network.bands, network.channels], found: [input.bands, input.channels])
    }
  }

  /// - Parameter rows: Of each map that the front ends extract.
  private static func meanVoice(
    _ voice: MeanVoice?, rows: [Int]
  ) throws(ModelError) -> BandStyle? {
    guard let voice else { return nil }
    guard rows == [voice.means.count] else {
      throw .invalidMetadata(
        key: "voice", problem: "has \(voice.means.count) rows, the features have \(rows)")
    }
    return BandStyle(means: voice.means, deviations: voice.deviations)
  }

  /// What the members get of a recording.
  /// - Parameter profile: Of the speaker, whose own sound is taken off.
  func features(
    of waveform: Waveform, by profile: VoiceProfile? = nil
  ) throws(FeatureError) -> [FeatureMap] {
    var extracted = try frontEnds.extract(waveform)
    if let profile, let meanVoice { profile.adapt(&extracted[0], to: meanVoice) }
    return try inputs(of: extracted, waveform.duration)
  }

  /// How a recording sounds before it is normalised, where the model can use that, and what the members get of it.
  func voice(
    of waveform: Waveform
  ) throws(FeatureError) -> (style: BandStyle?, features: [FeatureMap]) {
    let extracted = try frontEnds.extract(waveform)
    return (
      meanVoice.map { _ in BandStyle(of: extracted[0]) },
      try inputs(of: extracted, waveform.duration)
    )
  }

  /// - Parameter duration: Of the recording, seconds.
  private func inputs(
    of extracted: [FeatureMap], _ duration: Double
  ) throws(FeatureError) -> [FeatureMap] {
    let maps = frontEnds.networkInputs(of: extracted)
    for (map, member) in zip(maps, members) where member.network.outputFrames(map.frames) < 1 {
      throw .tooShort(
        duration: duration,
        minimum: Double(member.network.minimumFrames) * frontEnds.frameDuration)
    }
    return maps
  }

  /// Of the labels, in their order.
  /// - Parameter profile: Of the speaker, whose mean answer is taken off.
  func logits(of maps: [FeatureMap], by profile: VoiceProfile? = nil) -> [Float] {
    var sum: [Float] = []
    for (map, member) in zip(maps, members) {
      let batch = Batch(
        lengths: [map.frames], bands: map.bands, channels: map.channels, values: map.values)
      let logits = member.network.logits(batch, member.weights).values
      if sum.isEmpty { sum = .init(repeating: 0, count: logits.count) }
      for i in sum.indices { sum[i] += member.weight * logits[i] }
    }
    profile?.adapt(&sum)
    return sum
  }

  /// The calibrated probabilities that logits stand for.
  func probabilities(of logits: [Float]) -> [Float] {
    var values = logits.map { $0 / temperature }
    values.updateAll { softmax(&$0) }
    return values
  }
}
