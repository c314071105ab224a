/// Which channels of a recording are heard, and as how many signals.
public enum ChannelSelection: Sendable, Equatable {
  /// All of them as one signal.
  case mix
  /// This one alone, counted from 0.
  case one(Int)
  /// Each as a signal of its own.
  case each

  /// Every signal costs as much as a recording.
  public static let mostSignals = 8

  /// Of a recording with so many channels.
  /// - Throws: `noChannel`; `channels` where they are too many to be heard one by one.
  func signals(of channels: Int) throws(AudioError) -> Int {
    switch self {
    case .mix: return 1
    case .one(let channel):
      guard channel < channels else { throw .noChannel(channel, channels: channels) }
      return 1
    case .each:
      let allowed = 1...Self.mostSignals
      guard allowed.contains(channels) else { throw .channels(channels, allowed: allowed) }
      return channels
    }
  }
}
