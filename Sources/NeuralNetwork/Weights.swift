/// A network's numbers: parameters, which gradients move, and running statistics, which they do not.
public struct Weights: Sendable, Equatable {
  public var parameters: [Float]
  public var statistics: [Float]

  public init(parameters: [Float], statistics: [Float]) {
    self.parameters = parameters
    self.statistics = statistics
  }
}
