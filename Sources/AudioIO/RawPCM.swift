/// Headerless samples, channels interleaved, as in RFC 2586's `audio/L16`.
public struct RawPCM: Sendable, Equatable {
  public enum Encoding: Sendable, Equatable {
    /// Signed integers of so many bits.
    case signed16, signed24, signed32
    /// The telephone's eight bits (ITU-T G.711).
    case muLaw, aLaw
  }

  public enum ByteOrder: Sendable, Equatable {
    /// Network byte order: what `audio/L16` means.
    case bigEndian
    /// What sound cards and `s16le` pipes deliver.
    case littleEndian
  }

  /// Hz.
  public var sampleRate: Int
  public var channels: Int
  public var encoding: Encoding
  /// Of samples that have several bytes.
  public var byteOrder: ByteOrder

  public init(
    sampleRate: Int, channels: Int = 1, encoding: Encoding = .signed16,
    byteOrder: ByteOrder = .bigEndian
  ) {
    self.sampleRate = sampleRate
    self.channels = channels
    self.encoding = encoding
    self.byteOrder = byteOrder
  }

  /// Of one channel.
  public var bytesPerSample: Int { PCMFormat(self).bytesPerSample }
}
