import EmotionModel
import Foundation
package import NeuralNetwork
package import SafeTensors

/// A network that PyTorch ran: what `save` of `reference_network.py` wrote.
package struct ReferenceNetwork {
  package let file: TensorFile
  package let network: Network
  package let weights: Weights
  /// Frames of each clip.
  package let lengths: [Int]

  private struct Description: Decodable {
    let network: NetworkSpec
    let lengths: [Int]
  }

  /// A forward pass of `make_layer_golden.py`.
  package init(_ name: String, besides test: String = #filePath) throws {
    try self.init(file: "golden/\(name).safetensors", besides: test)
  }

  /// A step in training mode of `make_gradient_golden.py`.
  package init(gradient name: String, besides test: String = #filePath) throws {
    try self.init(file: "gradients/\(name).safetensors", besides: test)
  }

  private init(file name: String, besides test: String) throws {
    let data = try fixture(name, besides: test)
    file = try TensorFile(bytes: Array(data))
    let description = try JSONDecoder().decode(
      Description.self, from: Data(file.metadata["description", default: ""].utf8))
    let network = try Network(description.network)
    lengths = description.lengths
    let layout = network.layout
    let names = Set((layout.parameters + layout.statistics).map(\.name))
    weights = try Weights(
      of: network, from: TensorFile(tensors: file.tensors.filter { names.contains($0.name) }))
    self.network = network
  }

  package var input: Batch {
    get throws {
      Batch(
        lengths: lengths, bands: network.spec.bands, channels: network.spec.channels,
        values: try values("input"))
    }
  }

  /// One clip of the input by itself.
  package func input(clip: Int) throws -> Batch {
    Batch(
      lengths: [lengths[clip]], bands: network.spec.bands, channels: network.spec.channels,
      values: try values("input", clip: clip))
  }

  /// The numbers of one clip.
  package func values(_ name: String, clip: Int) throws -> [Float] {
    try file.require("\(name).\(clip)").values
  }

  /// The numbers of all clips, one clip after the other.
  package func values(_ name: String) throws -> [Float] {
    try lengths.indices.flatMap { try values(name, clip: $0) }
  }
}

extension TensorFile {
  /// The tensor of that name; a reference that is missing fails the test.
  package func require(_ name: String) throws -> Tensor {
    guard let tensor = self[name] else { throw MissingReference(name: name) }
    return tensor
  }
}

package struct MissingReference: Error {
  package let name: String
}

/// The largest |a - b| as a part of the largest |b|: an error relative to the range of what is
/// expected. Infinite when the lengths differ or a number is not one.
package func relativeDifference(
  _ a: some Collection<Float>, _ b: some Collection<Float>
) -> Float {
  let difference = largestDifference(a, b)
  return difference == 0 ? 0 : difference / (b.map(abs).max() ?? 0)
}
