/// A container, and who decodes it.
package enum RecordingContainer: Equatable, Sendable {
  case own(AudioContainer)
  case external(ExternalContainer)

  /// "WAV", "MP4".
  package var name: String {
    switch self {
    case .own(let container): container.rawValue
    case .external(let container): container.rawValue
    }
  }

  var isExternal: Bool {
    if case .external = self { true } else { false }
  }
}

extension RecordingContainer {
  private static let all =
    AudioContainer.allCases.map(Self.own) + ExternalContainer.allCases.map(Self.external)

  /// In messages.
  var number: UInt32 { UInt32(Self.all.firstIndex(of: self)!) }

  /// - Returns: nil for a number that stands for none.
  init?(number: UInt32) {
    guard number < UInt32(Self.all.count) else { return nil }
    self = Self.all[Int(number)]
  }
}
