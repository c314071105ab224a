import Glibc

/// How power becomes decibels (`librosa.power_to_db`).
public struct Decibels: Sendable, Equatable {
  /// The power that is 0 dB.
  public var reference: Double
  /// Smaller powers count as this.
  public var floor: Double
  /// Nothing lies further below the loudest value, in dB; no limit when absent.
  public var range: Double?

  /// librosa's defaults.
  public init(reference: Double = 1, floor: Double = 1e-10, range: Double? = 80) {
    self.reference = reference
    self.floor = floor
    self.range = range
  }

  /// - Parameter power: at least 0; the loudest of all frames counts for `range`.
  public func callAsFunction(_ power: consuming Frames) -> Frames {
    var result = power
    convert(&result.values)
    return result
  }

  func convert(_ values: inout [Float]) {
    var span = values.mutableSpan
    toDecibels(&span, floor: Float(floor))
    let offset = Float(10 * log10(max(floor, abs(reference))))
    if offset != 0 { for i in span.indices { span[i] -= offset } }
    if let range { limit(&span, range: Float(range)) }
  }
}
