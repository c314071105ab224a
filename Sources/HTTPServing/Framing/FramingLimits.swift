/// How much of HTTP's framing a request may use.
public struct FramingLimits: Sendable {
  /// Bytes of request line and fields.
  public var header: Int
  public var fields = 100
  public var parameters = 64
  /// Bytes of chunk extensions, over a whole body.
  public var chunkExtensions = 256
  /// Bytes of the fields after the last chunk.
  public var trailer = 1024

  public init(header: Int) { self.header = header }
}
