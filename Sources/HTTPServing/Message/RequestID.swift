/// The identifier that ties a client's request to the server's log.
enum RequestID {
  /// The client's own identifier if it is short and plain enough to stand in a log and a header, else a fresh one.
  static func choose(_ offered: String?) -> String {
    guard let offered, (1...128).contains(offered.utf8.count), offered.utf8.allSatisfy(isPlain)
    else { return fresh() }
    return offered
  }

  /// 16 random hexadecimal digits.
  static func fresh() -> String {
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
