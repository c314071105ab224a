/// What happens to people's own recordings between the mouth and the file. A model should know a voice in spite of it.
public enum Degradation: Sendable, Hashable {
  /// A telephone's band, 300 to 3400 Hz, sampled at 8 kHz in 8 bits of µ-law.
  case telephone
  /// MP3 at so many kbit/s.
  case mp3(Int)
  /// White noise so many dB below the recording's mean power.
  case white(Int)
  /// Six other people talking, together so many dB below it.
  case babble(Int)
  /// A room in which sound dies away by 60 dB in so many milliseconds.
  case room(Int)
  /// So many dB louder, and clipped at full scale; or quieter, if negative.
  case gain(Int)
  /// So many milliseconds of digital silence before and after.
  case silence(Int)

  /// Those that every model is measured under.
  public static let all: [Degradation] = [
    .telephone, .mp3(32), .white(20), .white(10), .babble(20), .babble(10), .room(500), .gain(20),
    .gain(-20), .silence(2000),
  ]
}

extension Degradation: CustomStringConvertible {
  /// Its name, with the number after a colon: `white:20`.
  public var description: String {
    switch self {
    case .telephone: "telephone"
    case .mp3(let kilobits): "mp3:\(kilobits)"
    case .white(let ratio): "white:\(ratio)"
    case .babble(let ratio): "babble:\(ratio)"
    case .room(let decay): "room:\(decay)"
    case .gain(let decibels): "gain:\(decibels)"
    case .silence(let length): "silence:\(length)"
    }
  }

  /// Reads what `description` writes; nil for anything else, or for a number that makes no sense.
  public init?(_ text: String) {
    if text == "telephone" {
      self = .telephone
      return
    }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[1]) else { return nil }
    switch (parts[0], number) {
    case ("mp3", 8...160): self = .mp3(number)
    case ("white", -20...100): self = .white(number)
    case ("babble", -20...100): self = .babble(number)
    case ("room", 10...5000): self = .room(number)
    case ("gain", -100...100): self = .gain(number)
    case ("silence", 0...60_000): self = .silence(number)
    default: return nil
    }
  }

  /// The forms there are, for people.
  public static let forms =
    "telephone, mp3:KBITS (8 to 160), white:DB, babble:DB (-20 to 100), room:MS (10 to 5000), "
    + "gain:DB (-100 to 100), silence:MS (0 to 60000)"
}

extension Degradation: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let degradation = Degradation(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no degradation \(text): \(Self.forms)")
    }
    self = degradation
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
