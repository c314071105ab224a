import HTTPServing
import TestSupport
import Testing

@Suite("versions of TLS")
struct TLSTests {
  private func server(_ priorities: String? = nil) throws -> Server {
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    let identity = try makeTLSIdentity()
    configuration.tls = try TLSIdentity(
      certificate: identity.certificate, privateKey: identity.privateKey)
    if let priorities { configuration.tlsPriorities = priorities }
    let router = Router([Route(.get, "/", handler: { _ in .response(Response(.noContent)) })])
    return try Server(
      configuration, router: router, queue: WorkQueue(workers: 1, capacity: 1))
  }

  /// Whether a client that knows this version alone is answered.
  private func speaks(_ version: String, _ server: Server) throws -> Bool {
    let priorities = "NORMAL:-VERS-ALL:+VERS-\(version)"
    do {
      let client = try HTTPClient(port: server.port, overTLS: true, tlsPriorities: priorities)
      return try client.exchange("GET", "/").status == 204
    } catch HTTPClient.Failure.notConnected {
      return false
    }
  }

  @Test(
    "1.2 and newer are spoken, or those that are chosen",
    arguments: [
      (nil, ["1.2", "1.3"]), ("NORMAL", ["1.0", "1.1", "1.2", "1.3"]),
      ("NORMAL:-VERS-ALL:+VERS-TLS1.3", ["1.3"]),
    ])
  func versions(priorities: String?, spoken: [String]) throws {
    let server = try server(priorities)
    defer { server.stop() }
    let found = try ["1.0", "1.1", "1.2", "1.3"].filter { try speaks("TLS\($0)", server) }
    #expect(found == spoken)
  }

  @Test("what GnuTLS does not understand is refused with the place")
  func refused() throws {
    let error = #expect(throws: ServerError.self) { try server("NORMAL:+WRONG:+VERS-TLS1.3") }
    #expect(error == .badTLSPriorities("NORMAL:+WRONG:+VERS-TLS1.3", from: "+WRONG:+VERS-TLS1.3"))
  }
}
