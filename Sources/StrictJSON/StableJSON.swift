import Foundation

/// The same text for the same value, for fingerprints.
/// - Precondition: it holds no number that JSON does not know.
package func stableJSON(_ value: some Encodable) -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys]
  guard let data = try? encoder.encode(value) else { preconditionFailure("no JSON for \(value)") }
  return String(decoding: data, as: UTF8.self)
}
