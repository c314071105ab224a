import Features
import Testing

@Suite("Normalisation and length")
struct NormalizationTests {
  /// Two channels: MFCC 3 over RMS and rolloff, and five mel bands.
  private static let channels: [ChannelConfiguration] = {
    let mel = MelConfiguration(bands: 5, low: 0)
    return [
      .init(features: [
        .init(.mfcc(.init(coefficients: 3))), .init(.rms), .init(.rolloff(.init())),
      ]),
      .init(features: [.init(.logMel(.init(mel: mel)))]),
    ]
  }()

  private func frontEnd(
    _ normalization: Normalization, length: LengthRule = .any
  ) throws -> FrontEnd {
    var configuration = FrontEndConfiguration()
    configuration.channels = Self.channels
    configuration.normalization = normalization
    configuration.length = length
    return try FrontEnd(configuration)
  }

  /// Bands that share a mean and deviation, channel by channel.
  private static let rules: [(Normalization, [[Range<Int>]])] = [
    (.utterance, [[0..<5], [0..<5]]),
    (.perBand, [[0..<1, 1..<2, 2..<3, 3..<4, 4..<5], [0..<1, 1..<2, 2..<3, 3..<4, 4..<5]]),
    (.perFeature, [[0..<3, 3..<4, 4..<5], [0..<5]]),
  ]

  @Test("brings each group of bands to mean 0 and deviation 1", arguments: rules)
  func groups(rule: Normalization, groups: [[Range<Int>]]) throws {
    let frontEnd = try frontEnd(rule)
    let raw = try frontEnd.extract(tone(seconds: 1))
    let map = frontEnd.networkInput(of: raw)
    for (channel, ranges) in groups.enumerated() {
      for range in ranges {
        let before = raw.values(of: range, channel: channel)
        let (mean, deviation) = (before.mean, max(before.deviation, 1e-5))
        let expected = before.map { ($0 - mean) / deviation }
        let values = map.values(of: range, channel: channel)
        #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 2e-3 })
      }
    }
  }

  @Test(
    "follows a channel's own rule there, and the front end's elsewhere",
    arguments: rules.map(\.0) + [.none])
  func ownRule(rule: Normalization) throws {
    let statistics = FeatureStatistics(
      mean: (0..<10).map { Float($0) }, deviation: (0..<10).map { Float($0 + 1) })
    for other in [Normalization.fixed(statistics), .perBand, .none] {
      var configuration = FrontEndConfiguration()
      configuration.channels = Self.channels
      configuration.channels[0].normalization = rule
      configuration.normalization = other
      let mixed = try FrontEnd(configuration)
      let map = try mixed.extract(tone(seconds: 1))
      for (channel, expected) in [(0, rule), (1, other)] {
        #expect(
          mixed.networkInput(of: map).selecting([channel])
            == (try frontEnd(expected)).networkInput(of: map).selecting([channel]))
      }
    }
  }

  @Test("does nothing when told so")
  func none() throws {
    let frontEnd = try frontEnd(.none)
    #expect(try frontEnd(tone(seconds: 1)) == frontEnd.extract(tone(seconds: 1)))
  }

  @Test("takes the level of a recording out")
  func level() throws {
    let frontEnd = try FrontEnd()
    let loud = try frontEnd(tone(seconds: 1, amplitude: 0.8))
    let quiet = try frontEnd(tone(seconds: 1, amplitude: 0.08))
    #expect(zip(loud.values, quiet.values).allSatisfy { abs($0 - $1) < 1e-2 })
  }

  @Test("applies statistics fitted elsewhere, band by band")
  func fixed() throws {
    let maps = [
      try frontEnd(.none)(tone(seconds: 1)),
      try frontEnd(.none)(tone(seconds: 0.5, amplitude: 0.01)),
    ]
    var accumulator = FeatureStatistics.Accumulator()
    #expect(accumulator.statistics == nil)
    for map in maps { accumulator.add(map) }
    let statistics = try #require(accumulator.statistics)
    let normalized = maps.map { try? frontEnd(.fixed(statistics)).networkInput(of: $0) }
    for band in 0..<5 {
      for channel in 0..<2 {
        let values = normalized.flatMap { $0?.values(of: band..<band + 1, channel: channel) ?? [] }
        #expect(abs(values.mean) < 1e-3 && abs(values.deviation - 1) < 1e-3)
      }
    }
  }

  @Test(
    "does the same for a channel whether there are others or not",
    arguments: rules.map(\.0) + [
      .none,
      .fixed(
        FeatureStatistics(
          mean: (0..<10).map { Float($0) }, deviation: (0..<10).map { Float($0 + 1) })),
    ])
  func selected(rule: Normalization) throws {
    let frontEnd = try frontEnd(rule)
    let map = try frontEnd.extract(tone(seconds: 1))
    for channels in [[0], [1], [1, 0]] {
      let alone = try FrontEnd(frontEnd.configuration.selecting(channels))
      #expect(
        alone.networkInput(of: map.selecting(channels))
          == frontEnd.networkInput(of: map).selecting(channels))
    }
  }

  @Test("is told from others by statistics only where a channel asks for them")
  func statisticsOfOthers() throws {
    var configurations: [FrontEndConfiguration] = []
    for level: Float in [1, 2] {
      var configuration = FrontEndConfiguration()
      configuration.channels = Self.channels
      configuration.channels[0].normalization = .utterance
      configuration.normalization = .fixed(
        FeatureStatistics(
          mean: .init(repeating: level, count: 10), deviation: .init(repeating: level, count: 10)))
      configurations.append(configuration)
    }
    let fingerprints = { (channels: [Int]) in
      Set(configurations.map { $0.selecting(channels).fingerprint }).count
    }
    #expect(fingerprints([0]) == 1)
    #expect(fingerprints([1]) == 2 && fingerprints([0, 1]) == 2)
  }

  @Test("leaves a constant at zero")
  func constant() throws {
    let map = FeatureMap(frames: 4, bands: 5, channels: 2, values: .init(repeating: 7, count: 40))
    #expect(try frontEnd(.utterance).networkInput(of: map).values.allSatisfy { $0 == 0 })
  }

  @Test("gives every map the fixed length", arguments: [1, 50, 101, 102, 300])
  func lengths(frames: Int) throws {
    let natural = try frontEnd(.utterance)(tone(seconds: 1))
    for rule in [LengthRule.fixed(frames: frames, padding: .before), .resized(frames: frames)] {
      let map = try frontEnd(.utterance, length: rule)(tone(seconds: 1))
      #expect(map.frames == frames && map.values.count == frames * 10)
      if frames == natural.frames { #expect(map == natural) }
    }
  }

  @Test("crops around the middle and pads with zeros at one end")
  func cropping() throws {
    let map = FeatureMap(frames: 5, bands: 1, channels: 1, values: [0, 1, 2, 3, 4])
    #expect(map.fitted(to: 3, padding: .after).values == [1, 2, 3])
    #expect(map.fitted(to: 7, padding: .after).values == [0, 1, 2, 3, 4, 0, 0])
    #expect(map.fitted(to: 7, padding: .before).values == [0, 0, 0, 1, 2, 3, 4])
  }

  @Test("resizes as pictures are resized")
  func resizing() {
    let map = FeatureMap(frames: 2, bands: 1, channels: 2, values: [0, 10, 4, 30])
    #expect(map.resized(to: 4).values == [0, 10, 1, 15, 3, 25, 4, 30])
    #expect(map.resized(to: 1).values == [2, 20])
  }
}

extension FeatureMap {
  func values(of bands: Range<Int>, channel: Int) -> [Float] {
    (0..<frames).flatMap { t in bands.map { self[t, $0, channel] } }
  }
}

extension [Float] {
  var mean: Float { Float(reduce(0.0) { $0 + Double($1) } / Double(count)) }
  var deviation: Float {
    let center = Double(mean)
    return Float(
      (reduce(0.0) { $0 + (Double($1) - center) * (Double($1) - center) } / Double(count))
        .squareRoot())
  }
}
