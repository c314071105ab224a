import AudioIO
import StrictJSON

/// A recording that is decoded from base64 where it is read.
struct Base64Source: ByteSource, Sendable {
  var text: Base64Text

  var count: Int { text.count }

  mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    text.read(at: offset, into: &destination)
  }
}
