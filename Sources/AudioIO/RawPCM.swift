/// Headerless signed 16-bit samples, channels interleaved, as in RFC 2586's `audio/L16`.
public struct RawPCM: Sendable, Equatable {
  public enum ByteOrder: Sendable, Equatable {
    /// Network byte order: what `audio/L16` means.
    case bigEndian
    /// What sound cards and `s16le` pipes deliver.
    case littleEndian
  }

  /// Hz.
  public var sampleRate: Int
  public var channels: Int
  public var byteOrder: ByteOrder

  public init(sampleRate: Int, channels: Int = 1, byteOrder: ByteOrder = .bigEndian) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.byteOrder = byteOrder
  }
}
