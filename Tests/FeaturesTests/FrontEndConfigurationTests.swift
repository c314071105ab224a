import Features
import Foundation
import SignalProcessing
import Testing

@Suite("The front end's configuration")
struct FrontEndConfigurationTests {
  /// Weights depend on every one of these: changing a default breaks the models that were trained with it.
  @Test("defaults are pinned")
  func defaults() {
    #expect(
      FrontEndConfiguration().fingerprint == #"""
        {"channels":[{"features":[{"source":{"logMel":\#
        {"floor":1e-10,"mel":{"bands":80,"high":8000,"low":20,"norm":"slaney","scale":"slaney"}}}}]}],\#
        "hopLength":160,"length":{"rule":"any"},"minimumDuration":0.25,\#
        "normalization":{"rule":"utterance"},\#
        "sampleRate":16000,"silenceFloor":-80,\#
        "spectrum":{"fftSize":512,"window":"hann","windowLength":400},\#
        "trim":{"decibels":38,"frameLength":400,"hopLength":160}}
        """#)
  }

  @Test("defaults of the other features are librosa's")
  func featureDefaults() {
    let mfcc = MFCCConfiguration()
    #expect(mfcc.coefficients == 40 && mfcc.lifter == 0 && mfcc.floor == 1e-10 && mfcc.range == 80)
    #expect(mfcc.mel.bands == 128 && mfcc.mel.low == 0 && mfcc.mel.high == nil)
    #expect(mfcc.mel.scale == .slaney && mfcc.mel.norm == .slaney)
    #expect(ChromaConfiguration().classes == 12 && ChromaConfiguration().tuning == nil)
    let contrast = ContrastConfiguration()
    #expect(contrast.octaves == 6 && contrast.low == 200)
    #expect(contrast.quantile == 0.02 && !contrast.isLinear)
    #expect(RolloffConfiguration().fraction == 0.85)
    let delta = DeltaConfiguration()
    #expect(delta.order == 1 && delta.width == 9)
  }

  @Test("survives JSON", arguments: Samples.configurations)
  func roundTrip(configuration: FrontEndConfiguration) throws {
    let json = Data(configuration.fingerprint.utf8)
    #expect(try FrontEndConfiguration(json: json) == configuration)
  }

  @Test("an option may be spelled out as null")
  func null() throws {
    let json = Samples.json(replacing: #""high":8000"#, with: #""high":null"#)
    let configuration = try FrontEndConfiguration(json: json)
    #expect(configuration.channels != FrontEndConfiguration().channels)
  }

  @Test(
    "names the field that is missing, unknown or malformed",
    arguments: [
      (#""hopLength":160,"#, "", "hopLength", FeatureError.Problem.missing),
      (#""bands":80,"#, "", "channels[0].features[0].source.logMel.mel.bands", .missing),
      (#""hopLength":160,"#, #""hopLength":160,"hop":1,"#, "hop", .unknown),
      (
        #""bands":80,"#, #""bands":80,"colour":[1],"#,
        "channels[0].features[0].source.logMel.mel.colour", .unknown
      ),
      (#""window":"hann""#, #""window":"round""#, "spectrum.window", .malformed),
      (#""fftSize":512"#, #""fftSize":"512""#, "spectrum.fftSize", .malformed),
      // Foundation doesn't say where a number doesn't fit.
      (#""fftSize":512"#, #""fftSize":512.5"#, "", .malformed),
      (#""logMel":"#, #""logMelody":"#, "channels[0].features[0].source", .malformed),
      (#""rule":"any""#, #""rule":"some""#, "length.rule", .malformed),
      (#""rule":"any""#, #""rule":"fixed""#, "length.frames", .missing),
    ] as [(String, String, String, FeatureError.Problem)])
  func refusal(old: String, new: String, field: String, problem: FeatureError.Problem) {
    let json = Samples.json(replacing: old, with: new)
    #expect(throws: FeatureError.configuration(field: field, problem: problem)) {
      try FrontEndConfiguration(json: json)
    }
  }

  @Test("may leave its statistics to training, but makes no front end without them")
  func needsStatistics() throws {
    let json = Samples.json(replacing: #""rule":"utterance""#, with: #""rule":"fixed""#)
    let configuration = try FrontEndConfiguration(json: json)
    #expect(configuration.needsStatistics)
    #expect(try FrontEndConfiguration(json: Data(configuration.fingerprint.utf8)) == configuration)
    #expect(
      throws: FeatureError.configuration(field: "normalization.statistics", problem: .missing)
    ) { try FrontEnd(configuration) }
  }

  @Test("refuses settings that make no sense", arguments: Nonsense.all)
  func refusal(of nonsense: Nonsense) {
    var configuration = FrontEndConfiguration()
    nonsense.change(&configuration)
    #expect {
      try FrontEnd(configuration)
    } throws: { error in
      guard case .configuration(nonsense.field, _) = error as? FeatureError else { return false }
      return true
    }
  }

  @Test("the cache key leaves out what is applied after the cache")
  func extractionFingerprint() {
    var configuration = FrontEndConfiguration()
    let key = configuration.extractionFingerprint
    configuration.normalization = .perBand
    configuration.channels[0].normalization = .utterance
    configuration.length = .fixed(frames: 10)
    #expect(configuration.extractionFingerprint == key)
    configuration.hopLength = 80
    #expect(configuration.extractionFingerprint != key)
  }
}

enum Samples {
  static func logMel(bands: Int = 80, low: Double = 20, high: Double? = 8000)
    -> [ChannelConfiguration]
  {
    let mel = MelConfiguration(bands: bands, low: low, high: high)
    return [.init(features: [.init(.logMel(.init(mel: mel)))])]
  }

  static func json(replacing old: String, with new: String) -> Data {
    let text = FrontEndConfiguration().fingerprint
    precondition(text.contains(old), "\(old) is not in \(text)")
    return Data(text.replacingOccurrences(of: old, with: new).utf8)
  }

  static let configurations: [FrontEndConfiguration] = {
    var stack = FrontEndConfiguration()
    stack.trim = nil
    stack.channels = [
      .init(features: [
        .init(.mfcc(.init())), .init(.mfcc(.init()), delta: .init(order: 2, width: 5)),
      ]),
      .init(
        features: [
          .init(.mel(.init()), spectrum: .init(fftSize: 1024, windowLength: 800)), .init(.rms),
          .init(.zeroCrossingRate), .init(.chroma(.init(tuning: 0))),
          .init(.contrast(.init(octaves: 5))), .init(.centroid), .init(.bandwidth),
          .init(.rolloff(.init(fraction: 0.5))), .init(.flatness),
        ],
        resizedBands: 80),
    ]
    stack.channels[0].normalization = .perFeature
    stack.length = .fixed(frames: 100, padding: .before)
    var fixed = FrontEndConfiguration()
    fixed.channels = logMel(bands: 2)
    fixed.normalization = .fixed(.init(mean: [-30.1, 1e-7], deviation: [3.3, 12]))
    fixed.length = .resized(frames: 100)
    return [FrontEndConfiguration(), stack, fixed]
  }()
}

/// A change that makes a configuration wrong, and the field to blame.
struct Nonsense: Sendable {
  let field: String
  let change: @Sendable (inout FrontEndConfiguration) -> Void

  init(_ field: String, _ change: @escaping @Sendable (inout FrontEndConfiguration) -> Void) {
    self.field = field
    self.change = change
  }

  static func channel(_ source: FeatureSource) -> [ChannelConfiguration] {
    [.init(features: [.init(source)])]
  }

  static let all = [
    Nonsense("sampleRate") { $0.sampleRate = 0 },
    Nonsense("sampleRate") { $0.sampleRate = .max },
    Nonsense("hopLength") { $0.hopLength = 0 },
    Nonsense("spectrum.fftSize") { $0.spectrum.fftSize = 0 },
    Nonsense("spectrum.fftSize") { $0.spectrum.fftSize = 1 << 30 },
    Nonsense("spectrum.fftSize") { $0.spectrum.fftSize = 513 },
    Nonsense("spectrum.decimation") { $0.spectrum.decimation = 0 },
    Nonsense("spectrum.decimation") { $0.spectrum.decimation = 3 },
    Nonsense("spectrum.decimation") { ($0.hopLength, $0.spectrum.decimation) = (162, 4) },
    Nonsense("channels[0].features[0].source.logMel.mel.high") { $0.spectrum.decimation = 4 },
    Nonsense("spectrum.windowLength") { $0.spectrum.windowLength = 513 },
    Nonsense("spectrum.windowLength") { $0.spectrum.windowLength = 0 },
    Nonsense("trim.decibels") { $0.trim?.decibels = -3 },
    Nonsense("trim.margin") { $0.trim?.margin = 0 },
    Nonsense("trim.frameLength") { $0.trim?.frameLength = 0 },
    Nonsense("trim.hopLength") { $0.trim?.hopLength = 1 << 40 },
    Nonsense("silenceFloor") { $0.silenceFloor = .nan },
    Nonsense("minimumDuration") { $0.minimumDuration = -1 },
    Nonsense("channels") { $0.channels = [] },
    Nonsense("channels[0].features") { $0.channels[0].features = [] },
    Nonsense("channels[0].resizedBands") { $0.channels[0].resizedBands = 0 },
    Nonsense("channels[0].normalization") { $0.channels[0].normalization = .fixed(nil) },
    Nonsense("channels[1].resizedBands") {
      $0.channels = Samples.configurations[1].channels
      $0.channels[1].normalization = .perFeature
    },
    Nonsense("channels[0].features[0].delta.width") {
      $0.channels[0].features[0].delta = .init(width: 4)
    },
    Nonsense("channels[0].features[0].delta.order") {
      $0.channels[0].features[0].delta = .init(order: 0)
    },
    Nonsense("channels[0].features[0].source.logMel.mel.bands") {
      $0.channels = Samples.logMel(bands: 258)
    },
    Nonsense("channels[0].features[0].source.logMel.mel.low") {
      $0.channels = Samples.logMel(low: 8000)
    },
    Nonsense("channels[0].features[0].source.logMel.mel.high") {
      $0.channels = Samples.logMel(high: 9000)
    },
    Nonsense("channels[0].features[0].source.mfcc.coefficients") {
      $0.channels = [.init(features: [.init(.mfcc(.init(coefficients: 129)))])]
    },
    Nonsense("channels[0].features[0].source.contrast") {
      $0.channels = channel(.contrast(.init(octaves: 7)))
    },
    Nonsense("channels[0].features[0].source.contrast.octaves") {
      $0.channels = channel(.contrast(.init(octaves: .min)))
    },
    Nonsense("channels[0].features[0].source.chroma.classes") {
      $0.channels = channel(.chroma(.init(classes: 0)))
    },
    Nonsense("channels[0].features[0].source.chroma.tuning") {
      $0.channels = channel(.chroma(.init(tuning: .infinity)))
    },
    Nonsense("channels[0].features[0].source.rolloff.fraction") {
      $0.channels = channel(.rolloff(.init(fraction: 1)))
    },
    Nonsense("length.frames") { $0.length = .fixed(frames: 0) },
    Nonsense("length.frames") { $0.length = .resized(frames: 1 << 40) },
    Nonsense("normalization.statistics.mean") {
      $0.normalization = .fixed(.init(mean: [0], deviation: [1]))
    },
    Nonsense("channels[1]") { $0.channels += Samples.logMel(bands: 40) },
  ]
}
