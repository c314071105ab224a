public import FoundationEssentials

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
      planes = try fields.decode([PlaneConfiguration].self, forKey: .planes)
      normalization = try fields.decode(Normalization.self, forKey: .normalization)
      length = try fields.decode(LengthRule.self, forKey: .length)
      functionals = try fields.decodeIfPresent(
        FunctionalsConfiguration.self, forKey: .functionals)
    } catch let error as DecodingError {
      throw FeatureError(error)
    }
    try refuseUnknownFields(in: JSONShape(from: decoder))
    try validate()
  }

  /// What a decoder let pass unseen is what encoding doesn't bring back.
  private func refuseUnknownFields(in given: JSONShape) throws {
    let known = try JSONDecoder().decode(JSONShape.self, from: JSONEncoder().encode(self))
    guard let field = given.firstField(notIn: known) else { return }
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
  public var fingerprint: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let json = try? encoder.encode(self) else {
      preconditionFailure("a configuration with a number that JSON can't hold")
    }
    return String(decoding: json, as: UTF8.self)
  }

  /// The fingerprint of what `FrontEnd.extract` depends on: maps before normalisation may be shared under this key.
  public var extractionFingerprint: String {
    unnormalized.fingerprint
  }

  /// What makes the same maps and leaves them as they are.
  public var unnormalized: FrontEndConfiguration {
    var extraction = self
    extraction.normalization = .none
    for plane in planes.indices { extraction.planes[plane].normalization = nil }
    extraction.length = .any
    extraction.functionals = nil
    return extraction
  }
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

/// The fields of a JSON text, without their values.
private indirect enum JSONShape: Decodable {
  case object([String: JSONShape])
  case list([JSONShape])
  case value
  case null

  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    if let fields = try? decoder.container(keyedBy: AnyKey.self) {
      self = .object(
        try [String: JSONShape](
          uniqueKeysWithValues: fields.allKeys.map {
            ($0.stringValue, try fields.decode(JSONShape.self, forKey: $0))
          }))
    } else if var items = try? decoder.unkeyedContainer() {
      var list: [JSONShape] = []
      while !items.isAtEnd { list.append(try items.decode(JSONShape.self)) }
      self = .list(list)
    } else {
      self = try decoder.singleValueContainer().decodeNil() ? .null : .value
    }
  }

  /// The path of a field that `other` doesn't have. An absent option may be spelled out as null.
  func firstField(notIn other: JSONShape, at path: String = "") -> String? {
    switch (self, other) {
    case (.object(let fields), .object(let others)):
      fields.sorted { $0.key < $1.key }.lazy.compactMap { name, shape in
        shape.firstField(notIn: others[name] ?? .null, at: path.isEmpty ? name : "\(path).\(name)")
      }.first
    case (.list(let items), .list(let others)):
      zip(items, others).enumerated().lazy.compactMap { index, pair in
        pair.0.firstField(notIn: pair.1, at: "\(path)[\(index)]")
      }.first
    case (.null, _): nil
    case (_, .null): path
    default: nil
    }
  }
}
