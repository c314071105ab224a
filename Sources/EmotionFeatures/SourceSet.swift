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
    var readers: [(position: Int, feature: any SpectralFeature)] = []
  }

  fileprivate enum TimeFeature: Sendable {
    case energy(FrameEnergy)
    case crossings(ZeroCrossings)
  }

  private let count: Int
  private var passes: [Pass] = []
  private var timeFeatures: [(position: Int, feature: TimeFeature)] = []

  /// - Precondition: the configuration is valid.
  init(_ keys: [SourceKey], in frontEnd: FrontEndConfiguration) throws(SignalError) {
    count = keys.count
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
        sampleRate: frontEnd.sampleRate, fftSize: key.spectrum.fftSize)
      let pass = try pass(key.spectrum, hopLength: hop)
      passes[pass].readers.append((position, feature))
      if feature.needsPreciseSpectrum { passes[pass].stft.isPrecise = true }
    }
  }

  private mutating func pass(
    _ spectrum: SpectrumConfiguration, hopLength: Int
  ) throws(SignalError) -> Int {
    if let index = passes.firstIndex(where: { $0.spectrum == spectrum }) { return index }
    let stft = try STFT(
      fftSize: spectrum.fftSize, windowLength: spectrum.windowLength, hopLength: hopLength,
      window: spectrum.window)
    passes.append(Pass(stft: stft, spectrum: spectrum))
    return passes.count - 1
  }

  /// Every feature (T, N) in its position.
  func callAsFunction(_ samples: Span<Float>) -> [Frames] {
    var result = [Frames](repeating: Frames(width: 1), count: count)
    for pass in passes { pass.run(samples, into: &result) }
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

extension SourceSet.TimeFeature {
  fileprivate func callAsFunction(_ samples: Span<Float>) -> Frames {
    switch self {
    case .energy(let energy): energy(samples)
    case .crossings(let crossings): crossings(samples)
    }
  }
}
