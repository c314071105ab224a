public import AudioIO

/// A recording as it was sent.
public struct EncodedRecording: Sendable, Equatable {
  public var bytes: [UInt8]
  /// What headerless samples are; nil where the bytes say what they are.
  public var raw: RawPCM?

  public init(_ bytes: [UInt8], as raw: RawPCM? = nil) {
    self.bytes = bytes
    self.raw = raw
  }
}
