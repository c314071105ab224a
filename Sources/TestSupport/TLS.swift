import CGnuTLS
import Glibc

/// The client's end of a TLS connection, which trusts whatever the server shows.
@safe final class TLSClient {
  private let session: gnutls_session_t
  private let credentials: gnutls_certificate_credentials_t

  /// Shakes hands over a connected socket.
  /// - Parameter priorities: GnuTLS's own where nil.
  init(descriptor: Int32, priorities: String? = nil) throws {
    var session: gnutls_session_t?
    var credentials: gnutls_certificate_credentials_t?
    try unsafe check(gnutls_init(&session, UInt32(GNUTLS_CLIENT)))
    try unsafe check(gnutls_certificate_allocate_credentials(&credentials))
    guard let session = unsafe session, let credentials = unsafe credentials else {
      throw HTTPClient.Failure.notConnected
    }
    unsafe self.session = unsafe session
    unsafe self.credentials = unsafe credentials
    try unsafe check(
      priorities.map { unsafe gnutls_priority_set_direct(session, $0, nil) }
        ?? gnutls_set_default_priority(session))
    try unsafe check(
      gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials)))
    unsafe gnutls_transport_set_int2(session, descriptor, descriptor)
    var code: Int32
    repeat { code = unsafe gnutls_handshake(session) } while code == GNUTLS_E_INTERRUPTED
    try check(code)
  }

  deinit {
    unsafe gnutls_deinit(session)
    unsafe gnutls_certificate_free_credentials(credentials)
  }

  /// What the server proves itself with, as PEM text.
  var peerCertificate: String? {
    var count: UInt32 = 0
    guard let certificate = unsafe gnutls_certificate_get_peers(session, &count), count > 0 else {
      return nil
    }
    return try? unsafe pem { unsafe gnutls_pem_base64_encode2("CERTIFICATE", certificate, &$0) }
  }

  func send(_ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe gnutls_record_send(session, bytes.baseAddress, bytes.count)
  }

  func receive(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
    // What comes may be for the session alone, such as its tickets; after silence the socket's patience ends, too.
    for _ in 0..<4 {
      let count = unsafe gnutls_record_recv(session, buffer.baseAddress, buffer.count)
      if count != Int(GNUTLS_E_AGAIN) && count != Int(GNUTLS_E_INTERRUPTED) { return count }
    }
    return -1
  }
}

/// A private key made for one test, and a certificate that it signed itself, as PEM text.
public func makeTLSIdentity() throws -> (certificate: String, privateKey: String) {
  var key: gnutls_x509_privkey_t?
  var certificate: gnutls_x509_crt_t?
  try unsafe check(gnutls_x509_privkey_init(&key))
  try unsafe check(gnutls_x509_crt_init(&certificate))
  defer {
    unsafe gnutls_x509_crt_deinit(certificate)
    unsafe gnutls_x509_privkey_deinit(key)
  }
  // 256 bits: a curve is named by the length of its numbers.
  try unsafe check(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, 256, 0))
  try unsafe check(gnutls_x509_crt_set_version(certificate, 3))
  try unsafe check(gnutls_x509_crt_set_serial(certificate, [1], 1))
  try unsafe check(gnutls_x509_crt_set_activation_time(certificate, time(nil) - 3600))
  try unsafe check(gnutls_x509_crt_set_expiration_time(certificate, time(nil) + 86_400))
  try unsafe check(gnutls_x509_crt_set_dn(certificate, "CN=localhost", nil))
  try unsafe check(gnutls_x509_crt_set_key(certificate, key))
  try unsafe check(
    gnutls_x509_crt_sign2(certificate, certificate, key, GNUTLS_DIG_SHA256, 0))
  return (
    try unsafe pem { unsafe gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &$0) },
    try unsafe pem { unsafe gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &$0) }
  )
}

private func pem(_ export: (inout gnutls_datum_t) -> Int32) throws -> String {
  var datum = unsafe gnutls_datum_t()
  try unsafe check(export(&datum))
  defer { unsafe free(datum.data) }
  return unsafe String(
    decoding: UnsafeBufferPointer(start: datum.data, count: Int(datum.size)), as: UTF8.self)
}

private func check(_ code: Int32) throws {
  if code < 0 { throw HTTPClient.Failure.notConnected }
}
