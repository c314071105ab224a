package import StrictJSON

/// What a weights file says of one layer: plain data, named as the fields are.
package protocol LayerSpecification: Codable, Sendable, Equatable {
  /// The layer that it describes.
  associatedtype Described: Layer where Described.Spec == Self

  /// Its `type` in JSON.
  static var typeName: String { get }

  /// The options that JSON may leave out, at their defaults; nil where there are none.
  static var defaults: JSONValue? { get }

  /// Unique in its network; the layer's tensors are `name.weight` and so on.
  var name: String { get set }

  /// The layers inside it, however they are arranged.
  var inner: [LayerSpec] { get }

}

extension LayerSpecification {
  package static var defaults: JSONValue? { nil }
  package var inner: [LayerSpec] { [] }

  /// The named options of `spec`, whose other options do not matter.
  static func options(_ names: String..., of spec: Self) -> JSONValue {
    let json = JSONValue(encoding: spec)
    return .object(
      [String: JSONValue](
        uniqueKeysWithValues: names.map { name in
          guard let value = json[name] else { preconditionFailure("\(Self.self) has no \(name)") }
          return (name, value)
        }))
  }

  /// The layer for frames of shape `input`, its weights placed in `layout`.
  func layer(
    input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) -> any Layer {
    try Described(self, input: input, layout: &layout)
  }
}

extension LayerSpecification {
  func check(_ holds: Bool, _ problem: String) throws(NetworkError) {
    if !holds { throw .invalidLayer(name: name, problem: problem) }
  }

  func check(_ value: Int, _ field: String, _ range: ClosedRange<Int>) throws(NetworkError) {
    try check(
      range.contains(value),
      "\(field) is \(value), must be \(range.lowerBound) to \(range.upperBound)")
  }

  /// A pair, for bands and for frames.
  func check(_ pair: [Int], _ field: String, _ range: ClosedRange<Int>) throws(NetworkError) {
    try check(pair.count == 2, "\(field) must be two numbers, for bands and for frames")
    for value in pair { try check(value, field, range) }
  }
}
