import AudioIO
import Features
import TestSupport
import Testing

@Suite("The front end agrees with librosa 0.11.0")
struct LibrosaTests {
  private static let stack: FrontEndConfiguration = {
    let long = SpectrumConfiguration(fftSize: 1024, windowLength: 1024)
    let mfcc = FeatureSource.mfcc(.init(coefficients: 13))
    var configuration = FrontEndConfiguration()
    configuration.channels = [
      .init(features: [
        .init(mfcc), .init(mfcc, delta: .init()), .init(.chroma(.init(tuning: 0)), spectrum: long),
        .init(.contrast(.init()), spectrum: long), .init(.zeroCrossingRate),
      ])
    ]
    return configuration
  }()

  private func voice() throws -> Waveform {
    Waveform(samples: samples(try fixture("voice.i16")), sampleRate: 16_000)
  }

  /// The fraction of each band's range by which it is off, at worst.
  private func error(_ map: FeatureMap, _ name: String) throws -> Float {
    let expected = floats(try fixture(name))
    let kept = stride(from: 0, to: map.frames, by: 10)
    guard expected.count == Array(kept).count * map.bands else { return .infinity }
    return (0..<map.bands).map { band in
      let theirs = stride(from: band, to: expected.count, by: map.bands).map { expected[$0] }
      let range = (theirs.max() ?? 0) - (theirs.min() ?? 0)
      return largestDifference(kept.map { map[$0, band, 0] }, theirs) / range
    }.max() ?? .infinity
  }

  @Test("trimmed log-mel")
  func logMel() throws {
    #expect(try error(FrontEnd().extract(voice()), "log_mel.f32") < 1e-4)
  }

  @Test("log-mel of the recording at a quarter of its rate")
  func decimated() throws {
    var harmonics = LogMelConfiguration(mel: .init(bands: 64, low: 60, high: 1600))
    harmonics.range = 70
    var configuration = FrontEndConfiguration()
    configuration.channels = [
      .init(features: [
        .init(
          .logMel(harmonics), spectrum: .init(fftSize: 512, windowLength: 256, decimation: 4))
      ])
    ]
    // Between 1.8 and 2 kHz the two resamplers have different slopes.
    #expect(try error(FrontEnd(configuration).extract(voice()), "decimated.f32") < 3e-4)
  }

  @Test("normalised log-mel")
  func normalized() throws {
    #expect(try error(FrontEnd()(voice()), "normalized.f32") < 1e-4)
  }

  @Test("MFCC, deltas, chroma, contrast and zero crossings in one channel")
  func stack() throws {
    #expect(try error(FrontEnd(Self.stack).extract(voice()), "stack.f32") < 1e-4)
  }
}
