import HTTPServing
import TestSupport
import Testing

@Suite("versions of TLS")
struct TLSTests {
  private func server(
    _ priorities: String? = nil, _ tls: TLSIdentity? = nil
  ) throws -> Server {
    var configuration = try ServerConfiguration.loopback()
    configuration.tls = try tls ?? .made()
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

  @Test("a new certificate is shown to new connections; those before go on")
  func renewed() throws {
    let (old, new) = (try makeTLSIdentity(), try makeTLSIdentity())
    let identity = try TLSIdentity(certificate: old.certificate, privateKey: old.privateKey)
    let server = try server(nil, identity)
    defer { server.stop() }
    let before = try HTTPClient(port: server.port, overTLS: true)
    #expect(before.peerCertificate == old.certificate)
    identity.replace(
      with: try TLSIdentity(certificate: new.certificate, privateKey: new.privateKey))
    for _ in 0..<20 {
      let client = try HTTPClient(port: server.port, overTLS: true)
      #expect(client.peerCertificate == new.certificate)
      #expect(try client.exchange("GET", "/").status == 204)
    }
    #expect(try before.exchange("GET", "/").status == 204)
  }

  @Test("a key that is not the certificate's is refused, and so is what is no PEM")
  func mismatch() throws {
    let (one, other) = (try makeTLSIdentity(), try makeTLSIdentity())
    for (certificate, key) in [(one.certificate, other.privateKey), ("x", "y"), ("", "")] {
      let error = #expect(throws: ServerError.self) {
        try TLSIdentity(certificate: certificate, privateKey: key)
      }
      #expect("\(error.map { "\($0)" } ?? "")".contains("certificate and key of TLS"))
    }
  }

  @Test("what GnuTLS does not understand is refused with the place")
  func refused() throws {
    let error = #expect(throws: ServerError.self) { try server("NORMAL:+WRONG:+VERS-TLS1.3") }
    #expect(error == .badTLSPriorities("NORMAL:+WRONG:+VERS-TLS1.3", from: "+WRONG:+VERS-TLS1.3"))
  }
}
