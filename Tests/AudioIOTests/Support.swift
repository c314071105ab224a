import AudioIO
import FoundationEssentials
import Glibc

/// The bytes of a recording that Fixtures/make_fixtures.py wrote.
func fixture(_ name: String) throws -> [UInt8] {
  let folder = URL(filePath: #filePath).deletingLastPathComponent()
  return try [UInt8](Data(contentsOf: folder.appending(path: "Fixtures/\(name)")))
}

func decode(_ name: String) throws -> DecodedAudio {
  try AudioDecoder().decode(fixture(name))
}

/// A sine at `frequency` Hz.
func sine(
  _ frequency: Double = 1000, amplitude: Double = 0.5, rate: Int, seconds: Double = 0.25
) -> Waveform {
  let step = 2 * Double.pi * frequency / Double(rate)
  let samples = (0..<Int(seconds * Double(rate))).map { Float(amplitude * sin(step * Double($0))) }
  return Waveform(samples: samples, sampleRate: rate)
}

/// The sine of a known frequency that fits the middle half of a waveform best: a codec's delay and the
/// fades at both ends do not count.
struct ToneFit {
  var amplitude = 0.0
  /// Power of the fitted sine over power of everything else, dB.
  var signalToNoise = 0.0

  init(_ waveform: Waveform, frequency: Double = 1000) {
    let count = waveform.samples.count
    let middle = waveform.samples[count / 4..<count * 3 / 4].map(Double.init)
    let step = 2 * Double.pi * frequency / Double(waveform.sampleRate)
    let sines = middle.indices.map { sin(step * Double($0)) }
    let cosines = middle.indices.map { cos(step * Double($0)) }
    let (ss, cc, sc) = (dot(sines, sines), dot(cosines, cosines), dot(sines, cosines))
    let (sy, cy) = (dot(sines, middle), dot(cosines, middle))
    let determinant = ss * cc - sc * sc
    let a = (sy * cc - cy * sc) / determinant
    let b = (cy * ss - sy * sc) / determinant
    let residue = middle.indices.map { middle[$0] - a * sines[$0] - b * cosines[$0] }
    amplitude = (a * a + b * b).squareRoot()
    let signal = a * sy + b * cy
    signalToNoise = 10 * log10(signal / max(dot(residue, residue), 1e-30))
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
