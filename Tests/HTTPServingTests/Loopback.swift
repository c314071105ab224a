import HTTPServing
import TestSupport

extension ServerConfiguration {
  /// Of a server on this machine alone, on any free port.
  static func loopback(overTLS isSecure: Bool = false) throws -> ServerConfiguration {
    var configuration = ServerConfiguration()
    configuration.address = "127.0.0.1"
    configuration.port = 0
    if isSecure { configuration.tls = try .made() }
    return configuration
  }
}

extension TLSIdentity {
  /// A certificate that signs itself, with its key.
  static func made() throws -> TLSIdentity {
    let identity = try makeTLSIdentity()
    return try TLSIdentity(
      certificate: identity.certificate, privateKey: identity.privateKey)
  }
}
