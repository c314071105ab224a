/// Bytes that are all there, perhaps among others.
public struct MemorySource: ByteSource, Sendable {
  private let bytes: ArraySlice<UInt8>

  public init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  public init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  public var count: Int { bytes.count }

  public func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    unsafe bytes.withUnsafeBufferPointer {
      unsafe BorrowedBytes(buffer: $0).read(at: offset, into: &destination)
    }
  }
}
