public import SignalProcessing

/// Why there are no features.
public enum FeatureError: Error, Equatable, Sendable {
  /// A field of the configuration is missing, unknown or makes no sense; `field` is its path, as `channels[0].bands`.
  case configuration(field: String, problem: Problem)
  /// The recording, or what is left of it without silence, is too short. Seconds.
  case tooShort(duration: Double, minimum: Double)
  /// Nothing in the recording is louder than the configured floor.
  case silent
  /// A sample is not a number or infinite.
  case nonFiniteSamples
  /// A sample is so large that its power can't be computed.
  case samplesTooLarge(peak: Float)
  /// The recording can't be brought to the front end's rate.
  case resampling(SignalError)

  public enum Problem: Error, Equatable, Sendable {
    case unknown, missing, malformed
    case outOfRange(Double)
    /// Two settings that must agree don't.
    case mismatch(found: Int, expected: Int)
  }
}

extension FeatureError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .configuration(let field, let problem): "feature configuration: \(field) \(problem)"
    case .tooShort(let duration, let minimum):
      "\(duration) s of sound where at least \(minimum) s are needed"
    case .silent: "the recording is silent"
    case .nonFiniteSamples: "a sample is not a finite number"
    case .samplesTooLarge(let peak): "samples as large as \(peak)"
    case .resampling(let error): "\(error)"
    }
  }
}

extension FeatureError.Problem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unknown: "is unknown"
    case .missing: "is missing"
    case .malformed: "is malformed"
    case .outOfRange(let value): "can't be \(value)"
    case .mismatch(let found, let expected): "is \(found) where \(expected) is needed"
    }
  }
}
