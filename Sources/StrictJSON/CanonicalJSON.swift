import Foundation

/// The same text for the same value on every machine: keys in order, no blanks, slashes as they are.
/// - Precondition: it holds no number that JSON does not know.
package func canonicalJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  guard let data = try? encoder.encode(value) else { preconditionFailure("no JSON for \(value)") }
  return String(decoding: data, as: UTF8.self)
}

/// JSON for people: indented, keys in order, slashes as they are.
/// - Throws: `EncodingError` for a number that JSON does not know.
package func readableJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
