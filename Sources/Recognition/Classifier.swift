import AudioIO
import EmotionModel
import Features
import FoundationEssentials
import LinearAlgebra
import NeuralNetwork

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

  /// What the members get of a recording.
  func features(of waveform: Waveform) throws(FeatureError) -> [FeatureMap] {
    let maps = try frontEnds(waveform)
    for (map, member) in zip(maps, members) where member.network.outputFrames(map.frames) < 1 {
      throw .tooShort(
        duration: waveform.duration,
        minimum: Double(member.network.minimumFrames) * frontEnds.frameDuration)
    }
    return maps
  }

  /// Of the labels, in their order.
  func probabilities(of maps: [FeatureMap]) -> [Float] {
    var sum: [Float] = []
    for (map, member) in zip(maps, members) {
      let batch = Batch(
        lengths: [map.frames], bands: map.bands, channels: map.channels, values: map.values)
      let logits = member.network.logits(batch, member.weights).values
      if sum.isEmpty { sum = .init(repeating: 0, count: logits.count) }
      for i in sum.indices { sum[i] += member.weight * logits[i] }
    }
    for i in sum.indices { sum[i] /= temperature }
    sum.updateAll { softmax(&$0) }
    return sum
  }
}
