import CGnuTLS
import Synchronization

/// What a server proves itself with. It may be replaced while the server runs: connections keep what they began with.
public final class TLSIdentity: Sendable {
  private let current: Mutex<TLSCredentials>

  /// - Parameters:
  ///   - certificate: The chain as PEM text, the server's own first.
  ///   - privateKey: As PEM text.
  /// - Throws: `badTLSIdentity` where GnuTLS cannot use the two, or they do not belong together.
  public init(certificate: String, privateKey: String) throws(ServerError) {
    current = Mutex(try TLSCredentials(certificate: certificate, privateKey: privateKey))
  }

  /// From now on, new connections get what the other one has.
  public func replace(with other: TLSIdentity) {
    let credentials = other.credentials
    current.withLock { $0 = credentials }
  }

  var credentials: TLSCredentials { current.withLock { $0 } }
}

/// A `gnutls_certificate_credentials_t`, which nobody changes once it is made.
@safe final class TLSCredentials: @unchecked Sendable {
  /// As PEM text.
  let certificate: String
  let privateKey: String
  private let handle: gnutls_certificate_credentials_t

  init(certificate: String, privateKey: String) throws(ServerError) {
    var handle: gnutls_certificate_credentials_t?
    unsafe gnutls_certificate_allocate_credentials(&handle)
    guard let handle = unsafe handle else { throw .badTLSIdentity("no memory") }
    let code = unsafe read(certificate, privateKey, into: handle)
    guard code >= 0 else {
      unsafe gnutls_certificate_free_credentials(handle)
      throw .badTLSIdentity(unsafe String(cString: gnutls_strerror(code)))
    }
    unsafe self.handle = unsafe handle
    self.certificate = certificate
    self.privateKey = privateKey
  }

  deinit { unsafe gnutls_certificate_free_credentials(handle) }

  /// Has a session that has not shaken hands use these in the place of those that the library gave it. They must live as
  /// long as the session (`gnutls_credentials_set`).
  func use(in session: OpaquePointer) {
    unsafe gnutls_credentials_set(
      session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(handle))
  }
}

/// `gnutls_certificate_set_x509_key_mem2`, which also checks that key and certificate belong together.
private func read(
  _ certificate: String, _ privateKey: String, into handle: gnutls_certificate_credentials_t
) -> Int32 {
  var (certificate, privateKey) = (Array(certificate.utf8), Array(privateKey.utf8))
  return unsafe certificate.withUnsafeMutableBufferPointer { certificate in
    unsafe privateKey.withUnsafeMutableBufferPointer { key in
      var chain = unsafe gnutls_datum_t(
        data: certificate.baseAddress, size: UInt32(certificate.count))
      var secret = unsafe gnutls_datum_t(data: key.baseAddress, size: UInt32(key.count))
      return unsafe gnutls_certificate_set_x509_key_mem2(
        handle, &chain, &secret, GNUTLS_X509_FMT_PEM, nil, 0)
    }
  }
}
