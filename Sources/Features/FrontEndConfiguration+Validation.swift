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
    try check(fftSize, in: 2...STFT.largestSize, "\(path).fftSize")
    try check(fftSize, fftSize.isMultiple(of: 2), "\(path).fftSize")
    try check(windowLength, in: 1...fftSize, "\(path).windowLength")
  }
}

extension ChannelConfiguration {
  /// F, bands of the channel.
  var bands: Int { resizedBands ?? features.reduce(0) { $0 + $1.source.options.bands } }

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
    try source.options.validate(
      at: "\(path).source.\(source.name)", FeatureInput(self, in: frontEnd))
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

// What the options of features are checked with, too.

func checkDecibels(floor: Double, range: Double?, _ path: String) throws(FeatureError) {
  try check(floor, in: 1e-30...1, "\(path).floor")
  if let range { try check(range, in: 1...400, "\(path).range") }
}

func check(_ value: Int, in range: ClosedRange<Int>, _ field: String) throws(FeatureError) {
  try check(value, range.contains(value), field)
}

func check(
  _ value: Double, in range: ClosedRange<Double>, _ field: String
) throws(FeatureError) {
  try check(value, range.contains(value), field)
}

func check(_ value: Int, _ holds: Bool, _ field: String) throws(FeatureError) {
  try check(Double(value), holds, field)
}

func check(_ value: Double, _ holds: Bool, _ field: String) throws(FeatureError) {
  guard holds else { throw .configuration(field: field, problem: .outOfRange(value)) }
}
