package import Foundation

/// A file in the folder `Fixtures` beside the test that asks for it.
package func fixture(_ name: String, besides file: String = #filePath) throws -> Data {
  let folder = URL(filePath: file).deletingLastPathComponent()
  return try Data(contentsOf: folder.appending(path: "Fixtures").appending(path: name))
}

/// Little-endian 32-bit floats.
package func floats(_ data: Data) -> [Float] {
  integers(data, as: UInt32.self).map { Float(bitPattern: $0) }
}

/// Little-endian 16-bit samples at full scale ±1.
package func samples(_ data: Data) -> [Float] {
  integers(data, as: Int16.self).map { Float($0) / 32768 }
}

private func integers<I: FixedWidthInteger>(_ data: Data, as type: I.Type) -> [I] {
  let size = MemoryLayout<I>.size
  let bytes = [UInt8](data)
  return stride(from: 0, to: bytes.count - size + 1, by: size).map { start in
    (0..<size).reduce(I.zero) { $0 | I(truncatingIfNeeded: bytes[start + $1]) << I(8 * $1) }
  }
}

/// The largest |a − b|; infinite when the lengths differ or a number is not one.
package func largestDifference(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).reduce(0) { worst, pair in
    let difference = abs(pair.0 - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference)
  }
}
