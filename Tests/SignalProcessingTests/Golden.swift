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

  /// librosa's names.
  struct Options: Decodable, Sendable {
    var n_fft: Int?
    var win_length: Int?
    var hop_length: Int?
    var window: String?
    var center: Bool?
    var n_mels: Int?
    var fmin: Double?
    var fmax: Double?
    var htk: Bool?
    var norm: String?
    var n_mfcc: Int?
    var lifter: Double?
    var ref: Double?
    var amin: Double?
    /// Absent for librosa's default; `.some(nil)` for its None.
    var top_db: Double??
    var frame_length: Int?
    var order: Int?
    var width: Int?
    var n_bands: Int?
    var quantile: Double?
    var linear: Bool?
    var roll_percent: Double?
    var tuning: Double?
    var n_chroma: Int?
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
      n_fft = try value("n_fft")
      win_length = try value("win_length")
      hop_length = try value("hop_length")
      window = try value("window")
      center = try value("center")
      n_mels = try value("n_mels")
      fmin = try value("fmin")
      fmax = try value("fmax")
      htk = try value("htk")
      n_mfcc = try value("n_mfcc")
      lifter = try value("lifter")
      ref = try value("ref")
      amin = try value("amin")
      frame_length = try value("frame_length")
      n_bands = try value("n_bands")
      quantile = try value("quantile")
      linear = try value("linear")
      roll_percent = try value("roll_percent")
      tuning = try value("tuning")
      n_chroma = try value("n_chroma")
      delta = try value("delta")
      let topDB = Key(stringValue: "top_db")
      if c.contains(topDB) { top_db = .some(try c.decodeIfPresent(Double.self, forKey: topDB)) }
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
        fftSize: options.n_fft ?? 2048, windowLength: options.win_length,
        hopLength: options.hop_length,
        window: options.window.flatMap { Window(rawValue: $0) } ?? .hann,
        isCentered: options.center ?? true)
    }
  }

  var power: Frames { get throws { try stft.power(of: samples.span) } }

  var melBank: MelBank {
    get throws {
      try MelBank(
        sampleRate: rate, fftSize: options.n_fft ?? 2048, bandCount: options.n_mels ?? 128,
        low: options.fmin ?? 0, high: options.fmax, scale: options.htk == true ? .htk : .slaney,
        norm: options.isPlain ? .none : .slaney)
    }
  }

  var decibels: Decibels {
    Decibels(
      reference: options.ref ?? 1, floor: options.amin ?? 1e-10, range: options.top_db ?? 80)
  }

  var mfcc: MFCC {
    get throws {
      try MFCC(
        bank: melBank, coefficients: options.n_mfcc ?? 20, lifter: options.lifter ?? 0)
    }
  }

  /// The largest difference to librosa as a share of the feature's range; infinite when there are more or fewer frames.
  func error(of result: Frames) -> Float {
    guard result.count == total, result.width == width else { return .infinity }
    return largestDifference(frames.flatMap { result[$0] }, expected) / (range > 0 ? range : 1)
  }
}
