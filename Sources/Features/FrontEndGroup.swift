public import AudioIO

/// The front ends of several networks that see the same recording: what they have in common is computed once.
public struct FrontEndGroup: Sendable {
  /// One of the front ends, and where its channels lie in the map that its batch extracts.
  private struct Member: Sendable {
    let frontEnd: FrontEnd
    let batch: Int
    /// nil for all, in order.
    let channels: [Int]?
    /// The place of the first one with the same configuration.
    let first: Int
    /// The place of the first one whose configuration differs at most in functionals.
    let firstNormalized: Int
  }

  /// In the order given.
  private let members: [Member]
  /// Each extracts the channels of all members that differ in nothing else.
  private let batches: [FrontEnd]

  /// Throws `.configuration` like `FrontEnd`.
  /// - Precondition: there is at least one configuration.
  public init(_ configurations: [FrontEndConfiguration]) throws(FeatureError) {
    precondition(!configurations.isEmpty, "a group of no front ends")
    var batches: [FrontEndConfiguration] = []
    var places: [(batch: Int, channels: [Int])] = []
    for configuration in configurations {
      let extraction = configuration.unnormalized
      let known = batches.firstIndex { $0.differsOnlyInChannels(from: extraction) }
      let batch = known ?? batches.endIndex
      if known == nil {
        batches.append(extraction)
        batches[batch].channels = []
      }
      var channels: [Int] = []
      for channel in extraction.channels {
        if let place = batches[batch].channels.firstIndex(of: channel) {
          channels.append(place)
        } else {
          channels.append(batches[batch].channels.count)
          batches[batch].channels.append(channel)
        }
      }
      places.append((batch, channels))
    }
    var extractors: [FrontEnd] = []
    for batch in batches { extractors.append(try FrontEnd(batch)) }
    var members: [Member] = []
    for (configuration, place) in zip(configurations, places) {
      let isWhole = place.channels == Array(batches[place.batch].channels.indices)
      members.append(
        Member(
          frontEnd: try FrontEnd(configuration), batch: place.batch,
          channels: isWhole ? nil : place.channels,
          first: configurations.firstIndex(of: configuration) ?? members.count,
          firstNormalized: configurations.firstIndex {
            $0.withoutFunctionals == configuration.withoutFunctionals
          }
            ?? members.count))
    }
    self.batches = extractors
    self.members = members
  }

  /// The rate of the first one's samples, Hz.
  public var sampleRate: Int { members[0].frontEnd.configuration.sampleRate }

  /// The longest of the least durations that they need, seconds.
  public var minimumDuration: Double {
    members.map(\.frontEnd.configuration.minimumDuration).max() ?? 0
  }

  /// Seconds from one frame of the first one to the next.
  public var frameDuration: Double { members[0].frontEnd.configuration.frameDuration }

  /// What each network gets of a recording, in the order of the configurations. Throws what `FrontEnd` throws.
  public func callAsFunction(_ waveform: Waveform) throws(FeatureError) -> [FeatureMap] {
    var maps: [FeatureMap] = []
    for batch in batches { maps.append(try batch.extract(waveform)) }
    var (normalized, inputs): ([FeatureMap], [FeatureMap]) = ([], [])
    for (place, member) in members.enumerated() {
      let map = maps[member.batch]
      normalized.append(
        member.firstNormalized < place
          ? normalized[member.firstNormalized]
          : member.frontEnd.normalized(member.channels.map(map.selecting) ?? map))
      inputs.append(
        member.first < place
          ? inputs[member.first] : member.frontEnd.described(normalized[place]))
    }
    return inputs
  }
}

extension FrontEndConfiguration {
  fileprivate var withoutFunctionals: FrontEndConfiguration {
    var plain = self
    plain.functionals = nil
    return plain
  }

  fileprivate func differsOnlyInChannels(from other: FrontEndConfiguration) -> Bool {
    var same = other
    same.channels = channels
    return same == self && (channels.isEmpty || channels[0].bands == other.channels[0].bands)
  }
}
