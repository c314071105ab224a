/// Finds out whether a header asks for a WebSocket (RFC 6455, 4.1). Any other protocol is not spoken, and a request for it
/// is a request like any other (RFC 9110, 7.8).
struct UpgradeSyntax {
  var isGet = false
  private var isConnectionUpgraded = false
  private var namesWebSocket = false
  /// The client waits for "100 Continue" first, which a WebSocket has no use for.
  private var expects = false

  /// - Parameter name: In any case.
  mutating func field(_ name: Span<UInt8>, _ value: Span<UInt8>) {
    if name.equals("connection") {
      isConnectionUpgraded = isConnectionUpgraded || value.lists("upgrade")
    } else if name.equals("upgrade") {
      namesWebSocket = namesWebSocket || value.lists("websocket")
    } else if name.equals("expect") {
      expects = true
    }
  }

  var isComplete: Bool { isGet && isConnectionUpgraded && namesWebSocket && !expects }
}

extension Span<UInt8> {
  /// Whether a list between commas has this item (RFC 9110, 5.6.1).
  /// - Parameter item: In lower case.
  fileprivate func lists(_ item: StaticString) -> Bool {
    var start = 0
    while start <= count {
      let end = first(UInt8(ascii: ","), from: start) ?? count
      let part = extracting(start..<end)
      if part.extracting(part.trimmedRange).equals(item) { return true }
      start = end + 1
    }
    return false
  }
}
