import SignalProcessing
import Testing

@Suite("Features agree with librosa 0.11.0")
struct LibrosaTests {
  @Test("STFT magnitude, within 1e-5 of the largest", arguments: Golden.all.cases("stft"))
  func magnitude(golden: GoldenCase) throws {
    #expect(try golden.error(of: golden.power.magnitude) < 1e-5)
  }

  @Test("mel spectrogram", arguments: Golden.all.cases("mel"))
  func mel(golden: GoldenCase) throws {
    #expect(try golden.error(of: golden.melBank(golden.power)) < 1e-4)
  }

  @Test("mel spectrogram in decibels", arguments: Golden.all.cases("log_mel"))
  func logMel(golden: GoldenCase) throws {
    let logMel = try LogMel(bank: golden.melBank, decibels: golden.decibels)
    let error = try golden.error(of: logMel(golden.power))
    #expect(error < 1e-4)
  }

  @Test("MFCC", arguments: Golden.all.cases("mfcc"))
  func mfcc(golden: GoldenCase) throws {
    #expect(try golden.error(of: golden.mfcc(golden.power)) < 1e-4)
  }

  @Test("deltas", arguments: Golden.all.cases("delta"))
  func delta(golden: GoldenCase) throws {
    let options = golden.options.delta ?? [:]
    let delta = try Delta(width: options["width"] ?? 9, order: options["order"] ?? 1)
    #expect(try golden.error(of: delta(golden.mfcc(golden.power))) < 1e-4)
  }

  @Test(
    "chroma, with a given tuning and with an estimated one", arguments: Golden.all.cases("chroma"))
  func chroma(golden: GoldenCase) throws {
    let chroma = try Chroma(
      sampleRate: golden.rate, fftSize: golden.options.fftSize ?? 2048,
      classes: golden.options.classes ?? 12,
      tuning: golden.options.tuning.map { .fixed($0) } ?? .estimated)
    #expect(try golden.error(of: chroma(golden.power)) < 1e-4)
  }

  @Test("tuning", arguments: Golden.all.cases("tuning"))
  func tuning(golden: GoldenCase) throws {
    let tuning = try golden.power.tuning(sampleRate: golden.rate)
    #expect(abs(Float(tuning) - (golden.expected.first ?? .nan)) < 1e-6)
  }

  @Test("spectral contrast", arguments: Golden.all.cases("contrast"))
  func contrast(golden: GoldenCase) throws {
    let contrast = try SpectralContrast(
      sampleRate: golden.rate, fftSize: golden.options.fftSize ?? 2048,
      octaves: golden.options.octaves ?? 6, low: golden.options.fmin ?? 200,
      quantile: golden.options.quantile ?? 0.02, isLinear: golden.options.linear ?? false)
    var stft = try golden.stft
    stft.isPrecise = contrast.needsPreciseSpectrum
    #expect(golden.error(of: contrast(stft.power(of: golden.samples.span))) < 1e-4)
  }

  @Test("the spectrum in double precision", arguments: Golden.all.cases("stft"))
  func precise(golden: GoldenCase) throws {
    var stft = try golden.stft
    stft.isPrecise = true
    #expect(golden.error(of: stft.power(of: golden.samples.span).magnitude) < 1e-6)
  }

  @Test(
    "spectral centroid, bandwidth, rolloff and flatness",
    arguments: Golden.all.cases("centroid", "bandwidth", "rolloff", "flatness"))
  func shape(golden: GoldenCase) throws {
    let measure: SpectralShape.Measure =
      switch golden.feature {
      case "centroid": .centroid
      case "bandwidth": .bandwidth
      case "rolloff": .rolloff(fraction: golden.options.share ?? 0.85)
      default: .flatness
      }
    let shape = try SpectralShape(
      measure, sampleRate: golden.rate, fftSize: golden.options.fftSize ?? 2048)
    #expect(try golden.error(of: shape(golden.power)) < 1e-4)
  }

  @Test("RMS level", arguments: Golden.all.cases("rms"))
  func rms(golden: GoldenCase) throws {
    let energy = try FrameEnergy(
      frameLength: golden.options.frameLength ?? 2048, hopLength: golden.options.hopLength ?? 512)
    #expect(golden.error(of: energy(golden.samples.span)) < 1e-4)
  }

  @Test("zero-crossing rate", arguments: Golden.all.cases("zero_crossing_rate"))
  func zeroCrossings(golden: GoldenCase) throws {
    let crossings = try ZeroCrossings(
      frameLength: golden.options.frameLength ?? 2048, hopLength: golden.options.hopLength ?? 512)
    #expect(golden.error(of: crossings(golden.samples.span)) < 1e-4)
  }

  @Test("silence at both ends", arguments: Golden.all.cases("trim"))
  func trim(golden: GoldenCase) throws {
    let range = try golden.silence.trimmed(golden.samples.span)
    #expect([Float(range.lowerBound), Float(range.upperBound)] == Array(golden.expected))
  }
}

extension GoldenCase {
  var silence: Silence {
    get throws {
      try Silence(
        decibels: (options.range ?? 60) ?? 60, frameLength: options.frameLength ?? 2048,
        hopLength: options.hopLength ?? 512)
    }
  }
}

extension Frames {
  fileprivate var magnitude: Frames {
    Frames(width: width, values: values.map { $0.squareRoot() })
  }
}
