/// A network's numbers: parameters, which gradients move, and running statistics, which they do not.
public struct Weights: Sendable, Equatable {
  /// As `ParameterLayout.parameters` lays them out.
  public var parameters: [Float]
  /// As `ParameterLayout.statistics` lays them out.
  public var statistics: [Float]

  /// As many of each as the network's layout has.
  public init(parameters: [Float], statistics: [Float]) {
    self.parameters = parameters
    self.statistics = statistics
  }
}
