package import FoundationEssentials

/// Any JSON value, to look at before it becomes one of this program's types.
package enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  /// Beyond `Int`.
  case natural(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  package init(_ json: Data) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: json)
  }

  package init(encoding value: some Encodable) {
    guard let data = try? JSONEncoder().encode(value), let json = try? JSONValue(data) else {
      preconditionFailure("no JSON for \(type(of: value))")
    }
    self = json
  }

  package func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }

  package subscript(key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}

extension JSONValue {
  /// With the members of `defaults` that are missing here, in objects inside objects too.
  ///
  /// An object of one member is how an enumeration's case is written: another case replaces it.
  package func filled(from defaults: JSONValue) -> JSONValue {
    guard case .object(let given) = self, case .object(let others) = defaults else { return self }
    if others.count == 1, given.count == 1, given.keys != others.keys { return self }
    return .object(given.merging(others) { $0.filled(from: $1) })
  }

  /// The path of the first member that `other` does not have. An option left out may be null here.
  package func firstMember(notIn other: JSONValue, at path: String = "") -> String? {
    switch (self, other) {
    case (.object(let members), .object(let others)):
      members.sorted { $0.key < $1.key }.lazy.compactMap { name, value in
        let place = path.isEmpty ? name : "\(path).\(name)"
        guard let known = others[name] else { return value == .null ? nil : place }
        return value.firstMember(notIn: known, at: place)
      }.first
    case (.array(let items), .array(let others)):
      zip(items, others).enumerated().lazy.compactMap { index, pair in
        pair.0.firstMember(notIn: pair.1, at: "\(path)[\(index)]")
      }.first
    default: nil
    }
  }
}

extension JSONValue: Codable {
  package init(from decoder: any Decoder) throws {
    if let members = try? decoder.container(keyedBy: AnyKey.self) {
      self = .object(
        try [String: JSONValue](
          uniqueKeysWithValues: members.allKeys.map {
            ($0.stringValue, try members.decode(JSONValue.self, forKey: $0))
          }))
    } else if var items = try? decoder.unkeyedContainer() {
      var array: [JSONValue] = []
      while !items.isAtEnd { array.append(try items.decode(JSONValue.self)) }
      self = .array(array)
    } else {
      self = try JSONValue(from: decoder.singleValueContainer())
    }
  }

  private init(from single: any SingleValueDecodingContainer) throws {
    self =
      if single.decodeNil() {
        .null
      } else if let bool = try? single.decode(Bool.self) {
        .bool(bool)
      } else if let integer = try? single.decode(Int.self) {
        .integer(integer)
      } else if let natural = try? single.decode(UInt64.self) {
        .natural(natural)
      } else if let number = try? single.decode(Double.self) {
        .number(number)
      } else {
        .string(try single.decode(String.self))
      }
  }

  package func encode(to encoder: any Encoder) throws {
    var single = encoder.singleValueContainer()
    switch self {
    case .null: try single.encodeNil()
    case .bool(let bool): try single.encode(bool)
    case .integer(let integer): try single.encode(integer)
    case .natural(let natural): try single.encode(natural)
    case .number(let number): try single.encode(number)
    case .string(let string): try single.encode(string)
    case .array(let items): try single.encode(items)
    case .object(let members): try single.encode(members)
    }
  }
}
