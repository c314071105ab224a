import CGnuTLS
import FoundationEssentials

/// The request that opens a WebSocket, and its answer (RFC 6455, 4.2).
enum WebSocketHandshake {
  private static let version = "13"

  /// What the request lacks. That it asks for an upgrade at all, the connection's guard has found out.
  static func refusal(_ head: RequestHead) -> Response? {
    guard head.framing == .upgrade else {
      return upgradeRequired(
        "This path takes WebSockets: send Connection: Upgrade and Upgrade: websocket.")
    }
    guard head.fields.values(of: "Sec-WebSocket-Version") == [version] else {
      return upgradeRequired("The only version of WebSockets taken is \(version).")
    }
    guard key(head) != nil else {
      return .problem(.badRequest, detail: "Sec-WebSocket-Key must be the base64 of 16 bytes.")
    }
    return nil
  }

  private static func upgradeRequired(_ detail: String) -> Response {
    .problem(.upgradeRequired, detail: detail).with("Upgrade", "websocket")
      .with("Connection", "Upgrade").with("Sec-WebSocket-Version", version)
  }

  /// The answer to a request that lacks nothing.
  static func answer(_ head: RequestHead) -> Response {
    var response = Response(.switchingProtocols).with("Upgrade", "websocket")
      .with("Sec-WebSocket-Accept", acceptance(of: key(head) ?? ""))
    // A browser that has offered protocols wants one of them chosen.
    if head.webSocketToken != nil { response.fields.add("Sec-WebSocket-Protocol", "bearer") }
    return response
  }

  private static func key(_ head: RequestHead) -> String? {
    let keys = head.fields.values(of: "Sec-WebSocket-Key")
    guard keys.count == 1, Data(base64Encoded: keys[0])?.count == 16 else { return nil }
    return keys[0]
  }

  /// What proves that the request was understood (`gnutls_hash_fast`).
  static func acceptance(of key: String) -> String {
    let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
    var digest = [UInt8](repeating: 0, count: 20)
    let code = unsafe gnutls_hash_fast(GNUTLS_DIG_SHA1, text, text.count, &digest)
    precondition(code == 0, "GnuTLS offers no SHA-1: code \(code)")
    return Data(digest).base64EncodedString()
  }
}

extension RequestHead {
  /// What stands behind `bearer` among the protocols that a WebSocket offers: a page cannot send Authorization with one.
  public var webSocketToken: String? {
    guard framing == .upgrade else { return nil }
    let offered = fields.values(of: "Sec-WebSocket-Protocol").joined(separator: ",")
    let names = offered.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }
    return names.count == 2 && names[0] == "bearer" ? names[1] : nil
  }
}
