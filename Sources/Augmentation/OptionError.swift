/// Why an option of a training or of its augmentation cannot be used.
public enum OptionError: Error, Equatable, Sendable, CustomStringConvertible {
  case outOfRange(option: String, found: Double, allowed: ClosedRange<Double>)
  /// An option of the augmentation that means nothing for the features it is used with.
  case unsuitable(option: String, features: String)

  public var description: String {
    switch self {
    case .outOfRange(let option, let found, let allowed):
      "\(option) is \(found), must be \(allowed.lowerBound) to \(allowed.upperBound)"
    case .unsuitable(let option, let features):
      "training.augmentation.\(option) is for features of \(features); set it to 0"
    }
  }

  /// - Throws: `outOfRange` where `value` is not within `allowed`.
  package static func check(
    _ option: String, _ value: Double, _ allowed: ClosedRange<Double>
  ) throws(OptionError) {
    guard allowed.contains(value) else {
      throw .outOfRange(option: option, found: value, allowed: allowed)
    }
  }
}
