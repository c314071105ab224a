internal import CGnuTLS

/// A hash of bytes that arrive piece by piece (GnuTLS, `gnutls_hash_init`).
///
///     var hash = Hash(.sha256)
///     hash.update(bytes.span)
///     let hex = hash.finish()
@safe public struct Hash: ~Copyable {
  public enum Algorithm: String, CaseIterable, Sendable {
    case sha256
    /// Tells damage, not malice: for files whose publisher gives nothing better.
    case md5
  }

  private let algorithm: Algorithm
  private let handle: gnutls_hash_hd_t

  public init(_ algorithm: Algorithm) {
    var handle: gnutls_hash_hd_t?
    let code = unsafe gnutls_hash_init(&handle, algorithm.digest)
    guard code == 0, let ready = unsafe handle else {
      fatalError("GnuTLS offers no \(algorithm): code \(code)")
    }
    unsafe self.handle = ready
    self.algorithm = algorithm
  }

  deinit {
    unsafe gnutls_hash_deinit(handle, nil)
  }

  public mutating func update(_ bytes: Span<UInt8>) { update(unsafe bytes.bytes) }

  /// Numbers as they lie in memory.
  public mutating func update(_ bytes: RawSpan) {
    let code = unsafe bytes.withUnsafeBytes { buffer in
      unsafe buffer.isEmpty ? 0 : gnutls_hash(handle, buffer.baseAddress, buffer.count)
    }
    precondition(code == 0, "gnutls_hash failed: code \(code)")
  }

  /// The digest as lower-case hexadecimal digits.
  public consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: algorithm.digestSize)
    unsafe digest.withUnsafeMutableBytes { buffer in
      unsafe gnutls_hash_output(handle, buffer.baseAddress)
    }
    return hexadecimal(digest)
  }
}

extension Hash.Algorithm {
  fileprivate var digest: gnutls_digest_algorithm_t {
    switch self {
    case .sha256: GNUTLS_DIG_SHA256
    case .md5: GNUTLS_DIG_MD5
    }
  }

  /// Bytes.
  public var digestSize: Int {
    switch self {
    case .sha256: 32
    case .md5: 16
    }
  }
}

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
public func sha256(_ bytes: Span<UInt8>) -> String {
  var hash = Hash(.sha256)
  hash.update(bytes)
  return hash.finish()
}

func hexadecimal(_ bytes: [UInt8]) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
