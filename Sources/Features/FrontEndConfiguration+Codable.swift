public import FoundationEssentials
import StrictJSON

extension FrontEndConfiguration: Decodable {
  /// Strict: every field but the optional ones must be there, and no other; values must make sense. Throws
  /// `FeatureError.configuration`.
  public init(from decoder: any Decoder) throws {
    do {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      sampleRate = try fields.decode(Int.self, forKey: .sampleRate)
      trim = try fields.decodeIfPresent(TrimConfiguration.self, forKey: .trim)
      silenceFloor = try fields.decode(Double.self, forKey: .silenceFloor)
      minimumDuration = try fields.decode(Double.self, forKey: .minimumDuration)
      hopLength = try fields.decode(Int.self, forKey: .hopLength)
      spectrum = try fields.decode(SpectrumConfiguration.self, forKey: .spectrum)
      channels = try fields.decode([ChannelConfiguration].self, forKey: .channels)
      normalization = try fields.decode(Normalization.self, forKey: .normalization)
      length = try fields.decode(LengthRule.self, forKey: .length)
      functionals = try fields.decodeIfPresent(
        FunctionalsConfiguration.self, forKey: .functionals)
    } catch let error as DecodingError {
      throw FeatureError(error)
    }
    try refuseUnknownFields(in: JSONValue(from: decoder))
    try validate()
  }

  /// What a decoder let pass unseen is what encoding doesn't bring back.
  private func refuseUnknownFields(in given: JSONValue) throws {
    guard let field = given.firstMember(notIn: JSONValue(encoding: self)) else { return }
    throw FeatureError.configuration(field: field, problem: .unknown)
  }

  /// Reads JSON text. Throws `.configuration` with the offending field.
  public init(json: Data) throws(FeatureError) {
    do {
      self = try JSONDecoder().decode(Self.self, from: json)
    } catch let error as FeatureError {
      throw error
    } catch {
      throw .configuration(field: "", problem: .malformed)
    }
  }

  /// Canonical JSON, the same for equal configurations on every machine.
  public var fingerprint: String { canonicalJSON(self) }

  /// The fingerprint of what `FrontEnd.extract` depends on: maps before normalisation may be shared under this key.
  public var extractionFingerprint: String {
    unnormalized.fingerprint
  }

  /// What makes the same maps and leaves them as they are.
  public var unnormalized: FrontEndConfiguration {
    var extraction = self
    extraction.normalization = .none
    for channel in channels.indices { extraction.channels[channel].normalization = nil }
    extraction.length = .any
    extraction.functionals = nil
    return extraction
  }
}

/// `channels[0].features`
func path(_ keys: [any CodingKey]) -> String {
  let steps = keys.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }
  return String(steps.joined().drop { $0 == "." })
}

extension FeatureError {
  init(_ error: DecodingError) {
    switch error {
    case .keyNotFound(let key, let context):
      self = .configuration(field: path(context.codingPath + [key]), problem: .missing)
    case .valueNotFound(_, let context):
      self = .configuration(field: path(context.codingPath), problem: .missing)
    case .typeMismatch(_, let context), .dataCorrupted(let context):
      self = .configuration(field: path(context.codingPath), problem: .malformed)
    @unknown default:
      self = .configuration(field: "", problem: .malformed)
    }
  }
}
