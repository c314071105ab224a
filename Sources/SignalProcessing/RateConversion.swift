import Synchronization

/// Polyphase filters that follow one another from one rate to another.
///
/// A rate is halved, by short filters, for as long as it stays above the wanted one; then one sharp filter does the rest. So
/// 48 kHz come to 16 by way of 24: half as many products as in one step.
struct RateConversion: Sendable {
  let filters: [PolyphaseFilter]
  private let up: Int
  private let down: Int

  /// Rates of recordings and models, Hz. Others are rare, and their filters may be large.
  static let sampleRates: Set = [
    4_000, 8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000,
    176_400, 192_000,
  ]
  /// Rows of the largest filter.
  static let rowLimit = 640

  /// - Returns: nil where a rate is rare, or the filter would have too many rows.
  init?(from inputRate: Int, to outputRate: Int) {
    guard inputRate != outputRate, Self.sampleRates.isSuperset(of: [inputRate, outputRate]) else {
      return nil
    }
    var filters: [PolyphaseFilter] = []
    var rate = inputRate
    // A filter that halves has no room for its slope where the halved rate is hardly above the wanted one.
    while rate.isMultiple(of: 2), rate / 2 * 4 >= outputRate * 5 {
      filters.append(.half(keeping: Double(outputRate) / Double(rate)))
      rate /= 2
    }
    let factor = commonDivisor(rate, outputRate)
    guard outputRate / factor <= Self.rowLimit else { return nil }
    filters.append(.sharp(up: outputRate / factor, down: rate / factor))
    self.filters = filters
    (up, down) = (outputRate, inputRate)
  }

  /// Samples out of so many samples in, to the nearest, halves upwards.
  func outputCount(of input: Int) -> Int { (2 * input * up + down) / (2 * down) }

  /// A stream for each filter, in order.
  func streams(width: Int = 0) -> [PolyphaseStream] {
    var inputEarly = 0
    return filters.enumerated().map { place, filter in
      let early = place == filters.count - 1 ? 0 : filter.early
      defer { inputEarly = early }
      return PolyphaseStream(filter, early: early, inputEarly: inputEarly, width: width)
    }
  }

  /// The filters between two rates, which are computed once.
  static func between(_ inputRate: Int, _ outputRate: Int) -> RateConversion? {
    let rates = Rates(input: inputRate, output: outputRate)
    return cache.withLock { known in
      if let found = known[rates] { return found }
      let made = RateConversion(from: inputRate, to: outputRate)
      // There are few pairs of frequent rates; others are not remembered.
      if let made { known[rates] = made }
      return made
    }
  }

  private struct Rates: Hashable {
    let input: Int
    let output: Int
  }

  private static let cache = Mutex<[Rates: RateConversion]>([:])
}

private func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
