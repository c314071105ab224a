import FoundationEssentials
import NeuralNetwork
import StrictJSON

/// What the metadata says of a member; its weights are the file's tensors.
struct MemberDescription: Codable {
  let name: String
  let weight: Float
  /// A configuration of the front end, which this module does not read.
  let features: JSONValue
  let network: NetworkSpec
}

extension MemberDescription {
  /// - Precondition: the member's features are JSON.
  init(_ member: ModelFile.Member) {
    guard let features = try? JSONValue(Data(member.features.utf8)) else {
      preconditionFailure("features that are no JSON")
    }
    self.init(
      name: member.name, weight: member.weight, features: features, network: member.network.spec)
  }
}
