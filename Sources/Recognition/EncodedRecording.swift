public import AudioIO

/// A recording as it was sent.
public struct EncodedRecording: Sendable {
  /// Its bytes, which may be a part of a larger body, or decoded as they are read.
  public var source: any ByteSource & Sendable
  /// What headerless samples are; nil where the bytes say what they are.
  public var raw: RawPCM?

  public init(_ source: some ByteSource & Sendable, as raw: RawPCM? = nil) {
    self.source = source
    self.raw = raw
  }

  public init(_ bytes: [UInt8], as raw: RawPCM? = nil) {
    self.init(MemorySource(bytes), as: raw)
  }
}
