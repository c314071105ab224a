import Foundation
import SignalProcessing
import TestSupport
import Testing

/// What librosa computed from a signal, as `make_golden.py` wrote it down.
struct GoldenCase: Decodable, Sendable, CustomTestStringConvertible {
  let signal: String
  let feature: String
  let options: Options
  /// Frames of the whole result, and which of them are kept.
  let total: Int
  let frames: [Int]
  let width: Int
  let offset: Int
  /// Largest value minus smallest, over all frames; for a magnitude, the largest.
  let range: Float

  var testDescription: String { "\(feature) of \(signal) \(options.summary)" }

  /// What librosa's arguments of these meanings were.
  struct Options: Decodable, Sendable {
    var fftSize: Int?
    var windowLength: Int?
    var hopLength: Int?
    var window: String?
    var melBands: Int?
    var fmin: Double?
    var fmax: Double?
    var htk: Bool?
    var coefficients: Int?
    var lifter: Double?
    var ref: Double?
    var amin: Double?
    /// Absent for librosa's default; `.some(nil)` for its None.
    var range: Double??
    var frameLength: Int?
    var octaves: Int?
    var quantile: Double?
    var linear: Bool?
    var share: Double?
    var tuning: Double?
    var classes: Int?
    var delta: [String: Int]?
    /// `norm=None` was given.
    var isPlain = false
    var summary = ""

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let c = try decoder.container(keyedBy: Key.self)
      func value<T: Decodable>(_ name: String) throws -> T? {
        try c.decodeIfPresent(T.self, forKey: Key(stringValue: name))
      }
      fftSize = try value("n_fft")
      windowLength = try value("win_length")
      hopLength = try value("hop_length")
      window = try value("window")
      melBands = try value("n_mels")
      fmin = try value("fmin")
      fmax = try value("fmax")
      htk = try value("htk")
      coefficients = try value("n_mfcc")
      lifter = try value("lifter")
      ref = try value("ref")
      amin = try value("amin")
      frameLength = try value("frame_length")
      octaves = try value("n_bands")
      quantile = try value("quantile")
      linear = try value("linear")
      share = try value("roll_percent")
      tuning = try value("tuning")
      classes = try value("n_chroma")
      delta = try value("delta")
      let topDB = Key(stringValue: "top_db")
      if c.contains(topDB) { range = .some(try c.decodeIfPresent(Double.self, forKey: topDB)) }
      isPlain = c.contains(Key(stringValue: "norm"))
      summary = c.allKeys.map(\.stringValue).sorted().joined(separator: " ")
    }
  }
}

/// All cases and their numbers, read once.
struct Golden: Sendable {
  static let all: Golden = {
    do { return try Golden() } catch { fatalError("golden vectors are missing: \(error)") }
  }()

  let cases: [GoldenCase]
  private let signals: [String: Signal]
  private let numbers: [Float]
  private let recorded: [Float]

  struct Signal: Decodable {
    let rate: Int
    let offset: Int
    let count: Int
  }

  private init() throws {
    struct Index: Decodable {
      let signals: [String: Signal]
      let cases: [GoldenCase]
    }
    let index = try JSONDecoder().decode(Index.self, from: fixture("golden.json"))
    (cases, signals) = (index.cases, index.signals)
    numbers = floats(try fixture("golden.f32"))
    recorded = TestSupport.samples(try fixture("signals.i16"))
  }

  func cases(_ features: String...) -> [GoldenCase] {
    cases.filter { features.contains($0.feature) }
  }

  func expected(_ golden: GoldenCase) -> ArraySlice<Float> {
    numbers[golden.offset..<golden.offset + golden.frames.count * golden.width]
  }

  func rate(_ signal: String) -> Int { signals[signal]?.rate ?? 0 }

  func samples(_ signal: String) -> [Float] {
    guard let place = signals[signal] else { return [] }
    return Array(recorded[place.offset..<place.offset + place.count])
  }
}

extension GoldenCase {
  var expected: ArraySlice<Float> { Golden.all.expected(self) }
  var rate: Int { Golden.all.rate(signal) }
  var samples: [Float] { Golden.all.samples(signal) }

  var stft: STFT {
    get throws {
      try STFT(
        fftSize: options.fftSize ?? 2048, windowLength: options.windowLength,
        hopLength: options.hopLength,
        window: options.window.flatMap { Window(rawValue: $0) } ?? .hann)
    }
  }

  var power: Frames { get throws { try stft.power(of: samples.span) } }

  var melBank: MelBank {
    get throws {
      try MelBank(
        sampleRate: rate, fftSize: options.fftSize ?? 2048, bandCount: options.melBands ?? 128,
        low: options.fmin ?? 0, high: options.fmax, scale: options.htk == true ? .htk : .slaney,
        norm: options.isPlain ? .none : .slaney)
    }
  }

  var decibels: Decibels {
    Decibels(
      reference: options.ref ?? 1, floor: options.amin ?? 1e-10, range: options.range ?? 80)
  }

  var mfcc: MFCC {
    get throws {
      try MFCC(
        bank: melBank, coefficients: options.coefficients ?? 20, lifter: options.lifter ?? 0)
    }
  }

  /// The largest difference to librosa as a fraction of the feature's range; infinite when there are more or fewer frames.
  func error(of result: Frames) -> Float {
    guard result.count == total, result.width == width else { return .infinity }
    return largestDifference(frames.flatMap { result[$0] }, expected) / (range > 0 ? range : 1)
  }
}
