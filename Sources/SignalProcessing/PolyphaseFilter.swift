import Foundation

/// A change of rate by a fixed low-pass filter: the coefficients of each output sample, one row for each place that it may have
/// between two input samples.
struct PolyphaseFilter: Sendable {
  /// Samples out and samples in per period: their rates without common factors.
  let up: Int
  let down: Int
  /// Coefficients of a row.
  let taps: Int
  /// Input samples that an output reads before its own place.
  let lead: Int
  /// Zeros before and after a row's coefficients, for the kernel.
  let padding: Int
  /// (up, padding + taps + padding)
  let rows: [Float]
  /// The coefficient at an output's own place where every second coefficient beside it is zero, and is not computed.
  let middle: Float?

  /// - Parameters:
  ///   - coefficient: Of the input sample so many samples before an output's place; of no matter beyond `reach`.
  ///   - reach: The largest distance of an input sample that counts, in input samples.
  private init(
    up: Int, down: Int, reach: Double, middle: Float? = nil, coefficient: (Double) -> Double
  ) {
    self.up = up
    self.down = down
    self.middle = middle
    let lead = Int(reach)
    let taps = lead + Int(reach + Double(up - 1) / Double(up)) + 1
    // The last output of a group lies so many input samples after the first.
    padding = (Self.group * down + up - 1) / up
    let zeros = [Float](repeating: 0, count: padding)
    rows = (0..<up).flatMap { phase in
      let row = (0..<taps).map { tap in
        let distance = Double(phase) / Double(up) + Double(lead - tap)
        return abs(distance) > reach ? 0 : Float(coefficient(distance))
      }
      return zeros + row + zeros
    }
    self.lead = lead
    self.taps = taps
  }

  /// A low pass whose edges are those of libsoxr's quality HQ: nothing is lost up to 0.913 of half the lower rate, and nothing is left
  /// from there on that is above −126 dB. A sinc with a Kaiser window (Oppenheim and Schafer, Discrete-Time Signal Processing,
  /// section 7.5); its numbers are those of libsoxr's response from 48 to 16 kHz.
  static func sharp(up: Int, down: Int) -> PolyphaseFilter {
    let lower = Double(min(up, down)) / Double(down)
    let cutoff = 0.956872 * lower
    let reach = 96.833 / lower
    return PolyphaseFilter(up: up, down: down, reach: reach) { distance in
      cutoff * sinc(cutoff * distance) * kaiser(distance / reach, beta: 13.04)
    }
  }

  /// Halves the rate, and keeps what is below half of a rate that is still to come.
  /// - Parameter fraction: The rate to come over the input's rate; below a half.
  static func half(keeping fraction: Double) -> PolyphaseFilter {
    // Kaiser's formulas for the length and shape of a window that leaves −130 dB.
    let transition = .pi * (1 - 2 * fraction)
    let length = (130 - 7.95) / (2.285 * transition)
    let beta = 0.1102 * (130 - 8.7)
    // The outermost coefficients are at odd distances: those at even ones are zero.
    let outermost = Int((length / 4 + 0.5).rounded(.up)) * 2 - 1
    func window(_ distance: Double) -> Double {
      0.5 * sinc(distance / 2) * kaiser(distance / Double(outermost + 1), beta: beta)
    }
    let sum = stride(from: 1, through: outermost, by: 2).reduce(0) { $0 + 2 * window(Double($1)) }
    return PolyphaseFilter(up: 1, down: 2, reach: Double(outermost), middle: 0.5) { distance in
      // The window moves the gain a little: both halves of the coefficients have to add up to one half.
      Int(distance).isMultiple(of: 2) ? 0 : window(distance) * 0.5 / sum
    }
  }

  /// Outputs before the first sample of the input that are not zero.
  var early: Int { (taps - 1 - lead) * up / down }
}

private func sinc(_ x: Double) -> Double { x == 0 ? 1 : sin(.pi * x) / (.pi * x) }

/// - Parameter place: -1 to 1.
private func kaiser(_ place: Double, beta: Double) -> Double {
  bessel(beta * max(0, 1 - place * place).squareRoot()) / bessel(beta)
}

/// The modified Bessel function of the first kind, order 0, by its power series.
private func bessel(_ x: Double) -> Double {
  var (sum, term, order) = (1.0, 1.0, 1.0)
  while term > 1e-17 * sum {
    term *= (x / 2 / order) * (x / 2 / order)
    sum += term
    order += 1
  }
  return sum
}
