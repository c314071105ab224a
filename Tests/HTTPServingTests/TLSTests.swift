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
    configuration.tls = TLSIdentity(
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

  // Version 1.1 is tried from outside: GnuTLS's client has no algorithm left for it with this key.
  @Test(
    "1.2 and 1.3 are spoken, or those that are chosen",
    arguments: [
      (nil, true, true), ("NORMAL:-VERS-TLS1.2", false, true), ("NORMAL:-VERS-TLS1.3", true, false),
    ])
  func versions(priorities: String?, hasTLS12: Bool, hasTLS13: Bool) throws {
    let server = try server(priorities)
    defer { server.stop() }
    #expect(try speaks("TLS1.2", server) == hasTLS12)
    #expect(try speaks("TLS1.3", server) == hasTLS13)
    #expect(ServerConfiguration().tlsPriorities == "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1")
  }

  @Test("what GnuTLS does not understand is refused with the place")
  func refused() throws {
    let error = #expect(throws: ServerError.self) { try server("NORMAL:+WRONG:+VERS-TLS1.3") }
    #expect(error == .badTLSPriorities("NORMAL:+WRONG:+VERS-TLS1.3", from: "+WRONG:+VERS-TLS1.3"))
  }
}
