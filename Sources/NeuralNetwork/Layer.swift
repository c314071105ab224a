/// A layer of a network: a constant value that maps a batch to a batch.
///
/// It holds its sizes and the places of its weights, not the weights: those lie in one vector per
/// network, which training moves and copies whole.
public protocol Layer: Sendable {
  /// The name its tensors begin with.
  var name: String { get }

  /// The shape of the frames it gives.
  var output: FrameShape { get }

  /// How many frames it makes of a clip of `frames`; below one, the clip is too short.
  func outputFrames(_ frames: Int) -> Int

  /// The frozen layer's answer. `x` may be changed in place.
  func forward(_ x: consuming Batch, _ weights: Weights) -> Batch

  /// Multiplications and additions for a clip of `frames` (2 for each pair).
  func floatingPointOperations(_ frames: Int) -> Int
}

extension Layer {
  public func outputFrames(_ frames: Int) -> Int { frames }
  public func floatingPointOperations(_ frames: Int) -> Int { 0 }
}

/// A network's numbers: parameters, which gradients move, and running statistics, which they do not.
public struct Weights: Sendable, Equatable {
  public var parameters: [Float]
  public var statistics: [Float]

  public init(parameters: [Float], statistics: [Float]) {
    self.parameters = parameters
    self.statistics = statistics
  }
}
