/// Why a training cannot go on.
public enum TrainingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The loss is infinite or not a number. Epochs count from 1.
  case diverged(epoch: Int)

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .diverged(let epoch):
      "the loss is no finite number in epoch \(epoch); a lower learning rate may help"
    }
  }
}
