import Hashing
import Testing

@Suite("Hashes")
struct HashTests {
  /// FIPS 180-2 appendix B, and the empty message.
  @Test(
    "the published examples come out",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func published(message: String, digest: String) {
    #expect(sha256(Array(message.utf8).span) == digest)
  }

  /// RFC 1321, appendix A.5.
  @Test(
    "MD5's published examples come out",
    arguments: [
      ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
      ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ])
  func md5(message: String, digest: String) {
    var hash = Hash(.md5)
    hash.update(Array(message.utf8).span)
    #expect(hash.finish() == digest)
  }

  @Test("a checksum is read, and refused when it cannot be one")
  func checksums() {
    let text = "md5:900150983cd24fb0d6963f7d28e17f72"
    #expect(Checksum(text)?.description == text && Checksum(text)?.algorithm == .md5)
    #expect(Checksum(text.uppercased()) == Checksum(text))
    for wrong in ["", "md5:", "md5:abc", "sha1:" + text.dropFirst(4), text + "0", text + ":"] {
      #expect(Checksum(wrong) == nil)
    }
    #expect(Checksum("md5:" + String(repeating: "g", count: 32)) == nil)
  }

  @Test("pieces hash as their whole", arguments: [1, 7, 63, 64, 65, 999])
  func pieces(size: Int) {
    let whole = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hash = Hash(.sha256)
    for start in stride(from: 0, to: whole.count, by: size) {
      hash.update(Array(whole[start..<min(start + size, whole.count)]).span)
    }
    #expect(hash.finish() == sha256(whole.span))
  }

  @Test("a hash that is never finished is released")
  func dropped() {
    for _ in 0..<1000 {
      var hash = Hash(.sha256)
      hash.update([1, 2, 3].span)
    }
  }
}
