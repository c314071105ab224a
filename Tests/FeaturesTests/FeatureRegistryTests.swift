import AudioIO
import Features
import Foundation
import TestSupport
import Testing

@Suite("Every feature of the registry")
struct FeatureRegistryTests {
  /// One of each.
  static let examples: [FeatureSource] = [
    .mel(.init(bands: 10)), .logMel(.init(mel: .init(bands: 10))), .mfcc(.init(coefficients: 13)),
    .chroma(.init(tuning: 0)), .contrast(.init(octaves: 5)), .centroid, .bandwidth,
    .rolloff(.init()), .flatness, .rms, .zeroCrossingRate,
  ]

  @Test("has an example here, and a name of its own")
  func registered() {
    #expect(Self.examples.map(\.name) == FeatureRegistry.all.map { $0.name })
    #expect(FeatureRegistry.types.count == FeatureRegistry.all.count)
  }

  @Test("is read from JSON as it was written", arguments: examples)
  func json(source: FeatureSource) throws {
    let json = try JSONEncoder().encode(source)
    #expect(try JSONDecoder().decode(FeatureSource.self, from: json) == source)
    let members = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(Array(members.keys) == [source.name])
  }

  @Test("gives as many finite numbers a frame as it says", arguments: examples)
  func shape(source: FeatureSource) throws {
    var configuration = FrontEndConfiguration()
    configuration.trim = nil
    configuration.channels = [.init(features: [.init(source)])]
    let samples = (0..<8000).map { Float(0.1 * sin(0.05 * Double($0) * (1 + Double($0) / 16_000))) }
    let map = try FrontEnd(configuration).extract(Waveform(samples: samples, sampleRate: 16_000))
    #expect(map.frames == 51 && map.bands == configuration.bands)
    #expect(map.values.allSatisfy(\.isFinite) && Set(map.values).count > 1)
  }

  @Test("differs from all others")
  func different() {
    for (place, source) in Self.examples.enumerated() {
      #expect(Self.examples.firstIndex(of: source) == place)
    }
  }

  @Test("is named alone: no other name, and not two")
  func names() {
    for json in [#"{}"#, #"{"loudness":{}}"#, #"{"rms":{},"flatness":{}}"#] {
      #expect(throws: FeatureError.configuration(field: "", problem: .malformed)) {
        try JSONDecoder().decode(FeatureSource.self, from: Data(json.utf8))
      }
    }
  }
}
