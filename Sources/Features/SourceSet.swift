import AudioIO
import SignalProcessing

/// A feature and the spectrum it is computed from.
struct SourceKey: Equatable {
  let source: FeatureSource
  let spectrum: SpectrumConfiguration

  init(_ feature: FeatureConfiguration, in frontEnd: FrontEndConfiguration) {
    source = feature.source
    spectrum = feature.spectrum ?? frontEnd.spectrum
  }
}

/// Several features of one recording; those of one spectrum share its Fourier transform.
struct SourceSet: Sendable {
  /// A Fourier transform and the features, by position, that read it.
  fileprivate struct Pass: Sendable {
    var stft: STFT
    let spectrum: SpectrumConfiguration
    /// Hz, of the samples it reads.
    let sampleRate: Int
    var readers: [(position: Int, feature: any SpectralFeature)] = []
  }

  fileprivate enum TimeFeature: Sendable {
    case energy(FrameEnergy)
    case crossings(ZeroCrossings)
  }

  private let count: Int
  private var passes: [Pass] = []
  private var timeFeatures: [(position: Int, feature: TimeFeature)] = []
  private let sampleRate: Int

  /// - Precondition: the configuration is valid.
  init(_ keys: [SourceKey], in frontEnd: FrontEndConfiguration) throws(SignalError) {
    count = keys.count
    sampleRate = frontEnd.sampleRate
    for (position, key) in keys.enumerated() { try add(key, at: position, in: frontEnd) }
  }

  private mutating func add(
    _ key: SourceKey, at position: Int, in frontEnd: FrontEndConfiguration
  ) throws(SignalError) {
    let (frame, hop) = (key.spectrum.fftSize, frontEnd.hopLength)
    switch key.source {
    case .rms:
      let energy = try FrameEnergy(frameLength: frame, hopLength: hop)
      timeFeatures.append((position, .energy(energy)))
    case .zeroCrossingRate:
      let crossings = try ZeroCrossings(frameLength: frame, hopLength: hop)
      timeFeatures.append((position, .crossings(crossings)))
    default:
      let feature = try key.source.spectralFeature(
        sampleRate: key.spectrum.sampleRate(in: frontEnd), fftSize: key.spectrum.fftSize)
      let pass = try pass(key.spectrum, in: frontEnd)
      passes[pass].readers.append((position, feature))
      if feature.needsPreciseSpectrum { passes[pass].stft.isPrecise = true }
    }
  }

  private mutating func pass(
    _ spectrum: SpectrumConfiguration, in frontEnd: FrontEndConfiguration
  ) throws(SignalError) -> Int {
    if let index = passes.firstIndex(where: { $0.spectrum == spectrum }) { return index }
    let stft = try STFT(
      fftSize: spectrum.fftSize, windowLength: spectrum.windowLength,
      hopLength: frontEnd.hopLength / (spectrum.decimation ?? 1), window: spectrum.window)
    passes.append(
      Pass(stft: stft, spectrum: spectrum, sampleRate: spectrum.sampleRate(in: frontEnd)))
    return passes.count - 1
  }

  /// Every feature (T, N) in its position.
  func callAsFunction(_ samples: Span<Float>) throws(AudioError) -> [Frames] {
    var result = [Frames](repeating: Frames(width: 1), count: count)
    for pass in passes {
      if pass.sampleRate == sampleRate {
        pass.run(samples, into: &result)
      } else {
        let fewer = try decimated(samples, from: sampleRate, to: pass.sampleRate)
        pass.run(fewer.span, into: &result)
      }
    }
    for (position, feature) in timeFeatures { result[position] = feature(samples) }
    return result
  }
}

extension SourceSet.Pass {
  fileprivate func run(_ samples: Span<Float>, into result: inout [Frames]) {
    var rows = [Frames?](repeating: nil, count: readers.count)
    let frameCount = stft.frameCount(of: samples.count)
    stft.forEachBlock(of: samples) { power in
      for (index, reader) in readers.enumerated() {
        let block = reader.feature.rows(power)
        if rows[index] == nil {
          rows[index] = Frames(width: block.width)
          rows[index]?.reserveCapacity(frameCount)
        }
        rows[index]?.append(contentsOf: block)
      }
    }
    for (reader, rows) in zip(readers, rows) {
      if let rows { result[reader.position] = reader.feature.finish(rows) }
    }
  }
}

/// Every so-manieth sample, as many as make the same number of frames.
private func decimated(
  _ samples: Span<Float>, from rate: Int, to lower: Int
) throws(AudioError) -> [Float] {
  var resampler = try Resampler(from: rate, to: lower)
  var fewer: [Float] = []
  let count = samples.count * lower / rate
  fewer.reserveCapacity(count + 64)
  resampler.resample(samples, into: &fewer)
  resampler.finish(into: &fewer)
  if fewer.count > count { fewer.removeLast(fewer.count - count) }
  return fewer + .init(repeating: 0, count: count - fewer.count)
}

extension SourceSet.TimeFeature {
  fileprivate func callAsFunction(_ samples: Span<Float>) -> Frames {
    switch self {
    case .energy(let energy): energy(samples)
    case .crossings(let crossings): crossings(samples)
    }
  }
}
