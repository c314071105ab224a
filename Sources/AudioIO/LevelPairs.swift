import Glibc

/// How often each pair of levels occurred in two channels, in steps of 2 dB from -100 to 0: what tells a call with a voice in
/// each channel from one voice in both, in the same memory for any length.
struct LevelPairs {
  private static let count = 50

  /// Blocks of such a pair; the first channel's level counts in rows.
  private var blocks = [Int32](repeating: 0, count: count * count)
  private var sums = (first: 0.0, second: 0.0)
  private var total = 0.0

  /// Counts a block.
  /// - Parameters: mean squares of full scale.
  mutating func add(_ first: Float, _ second: Float) {
    blocks[Self.step(Double(first)) * Self.count + Self.step(Double(second))] += 1
    sums.first += Double(first)
    sums.second += Double(second)
    total += 1
  }

  /// Whether each is loud, above its mean, while the other is not, 7 dB below its own: in 3 % of the blocks in which one is
  /// loud. Voices that speak at the same time differ, too. One voice in both channels is loud in both at the same time, and
  /// steady noise nowhere.
  var differ: Bool {
    var (isFirstAlone, isSecondAlone, isLoud) = (0, 0, 0)
    let loud = (Self.step(sums.first / total), Self.step(sums.second / total))
    let quiet = (Self.step(0.2 * sums.first / total), Self.step(0.2 * sums.second / total))
    for (index, count) in blocks.enumerated() where count > 0 {
      let (first, second) = index.quotientAndRemainder(dividingBy: Self.count)
      if first > loud.0 && second < quiet.1 { isFirstAlone += Int(count) }
      if second > loud.1 && first < quiet.0 { isSecondAlone += Int(count) }
      if first > loud.0 || second > loud.1 { isLoud += Int(count) }
    }
    return 100 * min(isFirstAlone, isSecondAlone) > 3 * isLoud
  }

  private static func step(_ power: Double) -> Int {
    guard power > 1e-10 else { return 0 }
    return min(count - 1, Int((100 + 10 * log10(power)) / 2))
  }
}
