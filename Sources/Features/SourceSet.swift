import SignalProcessing

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

  private let count: Int
  private var passes: [Pass] = []
  private var sampleFeatures: [(position: Int, feature: any SampleFeature)] = []
  private let sampleRate: Int

  /// - Precondition: the configuration is valid.
  init(
    _ features: [FeatureConfiguration], in frontEnd: FrontEndConfiguration
  ) throws(SignalError) {
    count = features.count
    sampleRate = frontEnd.sampleRate
    for (position, feature) in features.enumerated() {
      try add(feature, at: position, in: frontEnd)
    }
  }

  private mutating func add(
    _ feature: FeatureConfiguration, at position: Int, in frontEnd: FrontEndConfiguration
  ) throws(SignalError) {
    let input = FeatureInput(feature, in: frontEnd)
    switch try feature.source.options.computation(input) {
    case .ofSamples(let computation): sampleFeatures.append((position, computation))
    case .ofSpectra(let computation):
      let pass = try pass(feature.spectrum ?? frontEnd.spectrum, in: frontEnd)
      passes[pass].readers.append((position, computation))
      if computation.needsPreciseSpectrum { passes[pass].stft.isPrecise = true }
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
  func callAsFunction(_ samples: Span<Float>) throws(SignalError) -> [Frames] {
    var result = [Frames](repeating: Frames(width: 1), count: count)
    for pass in passes {
      if pass.sampleRate == sampleRate {
        pass.run(samples, into: &result)
      } else {
        let fewer = try decimated(samples, from: sampleRate, to: pass.sampleRate)
        pass.run(fewer.span, into: &result)
      }
    }
    for (position, feature) in sampleFeatures { result[position] = feature(samples) }
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

/// The samples at a lower rate, as many as make the same number of frames.
private func decimated(
  _ samples: Span<Float>, from rate: Int, to lower: Int
) throws(SignalError) -> [Float] {
  let count = samples.count * lower / rate
  var fewer = try Resampler.resample(samples, from: rate, to: lower)
  if fewer.count > count { fewer.removeLast(fewer.count - count) }
  fewer.append(contentsOf: repeatElement(0, count: count - fewer.count))
  return fewer
}
