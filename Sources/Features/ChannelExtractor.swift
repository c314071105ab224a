import SignalProcessing

/// Computes each distinct feature once and lays the channels out of them.
struct ChannelExtractor: Sendable {
  /// A feature of a channel: which source, and its change over time.
  private struct Part: Sendable {
    let source: Int
    let delta: Delta?
  }

  private struct Channel: Sendable {
    let parts: [Part]
    let resizedBands: Int?
  }

  private let sources: SourceSet
  private let channels: [Channel]

  /// Frames that the widest delta needs.
  let leastFrames: Int

  /// - Precondition: the configuration is valid.
  init(_ configuration: FrontEndConfiguration) throws(SignalError) {
    var distinct: [FeatureConfiguration] = []
    var channels: [Channel] = []
    for channel in configuration.channels {
      var parts: [Part] = []
      for feature in channel.features {
        var plain = feature
        plain.delta = nil
        plain.spectrum = feature.spectrum ?? configuration.spectrum
        let known = distinct.firstIndex(of: plain)
        if known == nil { distinct.append(plain) }
        parts.append(
          Part(source: known ?? distinct.count - 1, delta: try Delta(feature.delta)))
      }
      channels.append(Channel(parts: parts, resizedBands: channel.resizedBands))
    }
    self.channels = channels
    sources = try SourceSet(distinct, in: configuration)
    leastFrames = channels.flatMap(\.parts).reduce(1) { max($0, $1.delta?.width ?? 1) }
  }

  /// The map (T, F, C) of samples that make at least `leastFrames` frames.
  func callAsFunction(_ samples: Span<Float>) throws(SignalError) -> FeatureMap {
    let features = try sources(samples)
    return FeatureMap(
      parts: channels.map { channel in
        let bands = Frames(sideBySide: channel.parts.map { features[$0.source].derived($0.delta) })
        return channel.resizedBands.map { bands.resized(to: $0) } ?? bands
      })
  }
}

extension Delta {
  fileprivate init?(_ configuration: DeltaConfiguration?) throws(SignalError) {
    guard let configuration else { return nil }
    try self.init(width: configuration.width, order: configuration.order)
  }
}

extension Frames {
  fileprivate func derived(_ delta: Delta?) -> Frames {
    guard let delta else { return self }
    guard let result = try? delta(self) else {
      preconditionFailure("\(count) frames for a delta over \(delta.width)")
    }
    return result
  }
}

extension FeatureMap {
  /// Channels side by side in the innermost place.
  fileprivate init(parts: [Frames]) {
    let (frames, bands) = (parts[0].count, parts[0].width)
    guard parts.count > 1 else {
      self.init(frames: frames, bands: bands, channels: 1, values: parts[0].values)
      return
    }
    self.init(zeros: frames, bands: bands, channels: parts.count)
    for (channel, part) in parts.enumerated() {
      precondition(part.count == frames && part.width == bands, "channels of different shapes")
      var target = values.mutableSpan
      spread(part.values.span, into: &target, at: channel, step: parts.count)
    }
  }
}
