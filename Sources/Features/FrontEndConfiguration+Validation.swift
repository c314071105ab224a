import SignalProcessing

extension FrontEndConfiguration {
  /// Refuses what no front end can compute or nobody can mean. Throws `.configuration` with the field's path.
  public func validate() throws(FeatureError) {
    try check(sampleRate, in: 4000...192_000, "sampleRate")
    try check(silenceFloor, in: -200...0, "silenceFloor")
    try check(minimumDuration, in: 0...60, "minimumDuration")
    try check(hopLength, in: 1...65_536, "hopLength")
    try trim?.validate()
    try spectrum.validate(at: "spectrum", in: self)
    try validateChannels()
    try length.validate()
    try validateNormalization()
    try functionals?.validate(bands: bands, channels: channelCount)
  }

  private func validateChannels() throws(FeatureError) {
    try check(channels.count, in: 1...16, "channels")
    for (index, channel) in channels.enumerated() {
      let path = "channels[\(index)]"
      try channel.validate(at: path, in: self)
      guard channel.bands == channels[0].bands else {
        throw .configuration(
          field: path, problem: .mismatch(found: channel.bands, expected: channels[0].bands))
      }
    }
  }

  private func validateNormalization() throws(FeatureError) {
    for (index, channel) in channels.enumerated() {
      if case .fixed? = channel.normalization {
        throw .configuration(field: "channels[\(index)].normalization", problem: .malformed)
      }
      if rule(of: channel) == .perFeature, channel.resizedBands != nil, channel.features.count > 1 {
        // Where one feature ends and the next begins is blurred then.
        throw .configuration(field: "channels[\(index)].resizedBands", problem: .malformed)
      }
    }
    guard case .fixed(let statistics?) = normalization else { return }
    try statistics.validate(count: channels[0].bands * channels.count)
  }
}

extension FunctionalsConfiguration {
  fileprivate func validate(bands: Int, channels: Int) throws(FeatureError) {
    let path = "functionals"
    guard coefficients.count == channels else {
      throw .configuration(
        field: "\(path).coefficients",
        problem: .mismatch(found: coefficients.count, expected: channels))
    }
    for count in coefficients { try check(count, in: 1...bands, "\(path).coefficients") }
    try check(lags.count, in: 0...16, "\(path).lags.count")
    for lag in lags { try check(lag, in: 1...10_000, "\(path).lags") }
    for channel in untransformed ?? [] {
      try check(channel, in: 0...channels - 1, "\(path).untransformed")
    }
  }
}

extension TrimConfiguration {
  fileprivate func validate() throws(FeatureError) {
    try check(decibels, in: 1...200, "trim.decibels")
    if let margin { try check(margin, in: 0.1...100, "trim.margin") }
    try check(frameLength, in: 1...65_536, "trim.frameLength")
    try check(hopLength, in: 1...65_536, "trim.hopLength")
  }
}

extension SpectrumConfiguration {
  var bins: Int { fftSize / 2 + 1 }

  /// Rate of the samples that are transformed, Hz.
  func sampleRate(in frontEnd: FrontEndConfiguration) -> Int {
    frontEnd.sampleRate / (decimation ?? 1)
  }

  fileprivate func validate(
    at path: String, in frontEnd: FrontEndConfiguration
  ) throws(FeatureError) {
    if let decimation {
      try check(decimation, in: 1...64, "\(path).decimation")
      let rates = frontEnd.sampleRate.isMultiple(of: decimation)
      let hops = frontEnd.hopLength.isMultiple(of: decimation)
      try check(decimation, rates && hops, "\(path).decimation")
      try check(sampleRate(in: frontEnd), in: 1000...192_000, "\(path).decimation")
    }
    try check(fftSize, in: 2...RealFFT.largestSize, "\(path).fftSize")
    try check(fftSize, fftSize.isMultiple(of: 2), "\(path).fftSize")
    try check(windowLength, in: 1...fftSize, "\(path).windowLength")
  }
}

extension ChannelConfiguration {
  /// F, bands of the channel.
  var bands: Int { resizedBands ?? features.reduce(0) { $0 + $1.source.bands } }

  fileprivate func validate(
    at path: String, in frontEnd: FrontEndConfiguration
  ) throws(FeatureError) {
    try check(features.count, in: 1...32, "\(path).features")
    if let resizedBands { try check(resizedBands, in: 1...4096, "\(path).resizedBands") }
    for (index, feature) in features.enumerated() {
      try feature.validate(at: "\(path).features[\(index)]", in: frontEnd)
    }
  }
}

extension FeatureConfiguration {
  fileprivate func validate(
    at path: String, in frontEnd: FrontEndConfiguration
  ) throws(FeatureError) {
    try spectrum?.validate(at: "\(path).spectrum", in: frontEnd)
    if let delta {
      try check(delta.width, in: 3...99, "\(path).delta.width")
      try check(delta.width, !delta.width.isMultiple(of: 2), "\(path).delta.width")
      try check(delta.order, in: 1...min(delta.width - 1, 4), "\(path).delta.order")
    }
    try source.validate(
      at: "\(path).source", bins: (spectrum ?? frontEnd.spectrum).bins,
      sampleRate: (spectrum ?? frontEnd.spectrum).sampleRate(in: frontEnd))
  }
}

extension FeatureSource {
  /// Bands a feature takes.
  var bands: Int {
    switch self {
    case .mel(let mel): mel.bands
    case .logMel(let logMel): logMel.mel.bands
    case .mfcc(let mfcc): mfcc.coefficients
    case .chroma(let chroma): chroma.classes
    case .contrast(let contrast): contrast.octaves + 1
    case .centroid, .bandwidth, .rolloff, .flatness, .rms, .zeroCrossingRate: 1
    }
  }

  fileprivate func validate(at path: String, bins: Int, sampleRate: Int) throws(FeatureError) {
    switch self {
    case .mel(let mel): try mel.validate(at: "\(path).mel", bins: bins, sampleRate: sampleRate)
    case .logMel(let logMel):
      let path = "\(path).logMel"
      try logMel.mel.validate(at: "\(path).mel", bins: bins, sampleRate: sampleRate)
      try checkDecibels(floor: logMel.floor, range: logMel.range, path)
    case .mfcc(let mfcc):
      let path = "\(path).mfcc"
      try mfcc.mel.validate(at: "\(path).mel", bins: bins, sampleRate: sampleRate)
      try checkDecibels(floor: mfcc.floor, range: mfcc.range, path)
      try check(mfcc.coefficients, in: 1...mfcc.mel.bands, "\(path).coefficients")
      try check(mfcc.lifter, in: 0...1000, "\(path).lifter")
    case .chroma(let chroma):
      try check(chroma.classes, in: 1...120, "\(path).chroma.classes")
      try check(chroma.tuning ?? 0, in: -1...1, "\(path).chroma.tuning")
      try check(bins, bins >= 3, "\(path).chroma")
    case .contrast(let contrast):
      try contrast.validate(at: "\(path).contrast", bins: bins, sampleRate: sampleRate)
    case .rolloff(let rolloff):
      try check(
        rolloff.fraction, rolloff.fraction > 0 && rolloff.fraction < 1, "\(path).rolloff.fraction")
    case .centroid, .bandwidth, .flatness, .rms, .zeroCrossingRate: break
    }
  }
}

extension MelConfiguration {
  fileprivate func validate(at path: String, bins: Int, sampleRate: Int) throws(FeatureError) {
    let nyquist = Double(sampleRate) / 2
    try check(bands, in: 1...bins, "\(path).bands")
    try check(low, low >= 0 && low < (high ?? nyquist), "\(path).low")
    if let high { try check(high, in: 0...nyquist, "\(path).high") }
  }
}

extension ContrastConfiguration {
  fileprivate func validate(at path: String, bins: Int, sampleRate: Int) throws(FeatureError) {
    try check(octaves, in: 1...32, "\(path).octaves")
    try check(low, in: 1...Double(sampleRate), "\(path).low")
    try check(quantile, quantile > 0 && quantile < 1, "\(path).quantile")
    do {
      // Whether every octave has bins is for the computation itself to say.
      _ = try FeatureSource.contrast(self).spectralFeature(
        sampleRate: sampleRate, fftSize: 2 * (bins - 1))
    } catch {
      throw .configuration(field: path, problem: .malformed)
    }
  }
}

extension LengthRule {
  fileprivate func validate() throws(FeatureError) {
    switch self {
    case .any: break
    case .fixed(let frames, _), .resized(let frames):
      try check(frames, in: 1...100_000, "length.frames")
    }
  }
}

extension FeatureStatistics {
  fileprivate func validate(count: Int) throws(FeatureError) {
    for (field, values) in [("mean", mean), ("deviation", deviation)] {
      let path = "normalization.statistics.\(field)"
      guard values.count == count else {
        throw .configuration(field: path, problem: .mismatch(found: values.count, expected: count))
      }
      if let odd = values.first(where: { !$0.isFinite || (field == "deviation" && $0 < 0) }) {
        throw .configuration(field: path, problem: .outOfRange(Double(odd)))
      }
    }
  }
}

private func checkDecibels(floor: Double, range: Double?, _ path: String) throws(FeatureError) {
  try check(floor, in: 1e-30...1, "\(path).floor")
  if let range { try check(range, in: 1...400, "\(path).range") }
}

private func check(_ value: Int, in range: ClosedRange<Int>, _ field: String) throws(FeatureError) {
  try check(value, range.contains(value), field)
}

private func check(
  _ value: Double, in range: ClosedRange<Double>, _ field: String
) throws(FeatureError) {
  try check(value, range.contains(value), field)
}

private func check(_ value: Int, _ holds: Bool, _ field: String) throws(FeatureError) {
  try check(Double(value), holds, field)
}

private func check(_ value: Double, _ holds: Bool, _ field: String) throws(FeatureError) {
  guard holds else { throw .configuration(field: field, problem: .outOfRange(value)) }
}
