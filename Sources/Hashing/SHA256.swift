internal import CGnuTLS

/// SHA-256 of bytes that arrive piece by piece (GnuTLS, `gnutls_hash_init`).
///
///     var hash = SHA256()
///     hash.update(bytes.span)
///     let hex = hash.finish()
@safe public struct SHA256: ~Copyable {
  private let handle: gnutls_hash_hd_t

  public init() {
    var handle: gnutls_hash_hd_t?
    let code = unsafe gnutls_hash_init(&handle, GNUTLS_DIG_SHA256)
    guard code == 0, let ready = unsafe handle else {
      fatalError("GnuTLS offers no SHA-256: code \(code)")
    }
    unsafe self.handle = ready
  }

  deinit {
    unsafe gnutls_hash_deinit(handle, nil)
  }

  public mutating func update(_ bytes: Span<UInt8>) {
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe buffer.isEmpty ? 0 : gnutls_hash(handle, buffer.baseAddress, buffer.count)
    }
    precondition(code == 0, "gnutls_hash failed: code \(code)")
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe digest.withUnsafeMutableBytes { buffer in
      unsafe gnutls_hash_output(handle, buffer.baseAddress)
    }
    return hexadecimal(digest)
  }
}

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
public func sha256(_ bytes: Span<UInt8>) -> String {
  var hash = SHA256()
  hash.update(bytes)
  return hash.finish()
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
