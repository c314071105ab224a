/// Bytes that come in pieces, such as an upload under way, in bounded memory: what lies far behind the furthest byte
/// read is gone.
public struct ArrivingBytes: ByteSource {
  /// Bytes kept behind the furthest one read.
  private static let history = 256 * 1024
  /// How far ahead of what has come a reader may jump: what libsndfile looks for behind the samples is not waited for.
  private static let reach = 64 * 1024
  /// The same for a file that begins with an ID3 tag, which may hold a picture.
  private static let tagReach = 16 * 1024 * 1024

  private let next: () -> [UInt8]?
  private var bytes: [UInt8] = []
  /// Where `bytes` begins.
  private var start = 0
  private var isComplete = false

  /// - Parameter next: Waits for the next piece; nil at the end.
  public init(_ next: @escaping () -> [UInt8]?) {
    self.next = next
    while bytes.isEmpty && receive() {}
  }

  /// Bytes that are all there.
  public init(_ bytes: [UInt8]) {
    next = { nil }
    self.bytes = bytes
    isComplete = true
  }

  private var end: Int { start + bytes.count }

  public var count: Int { isComplete ? end : .max }

  public mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard offset >= start, offset - end <= reach else { return 0 }
    while offset >= end { guard receive() else { return 0 } }
    let length = min(destination.count, end - offset)
    unsafe bytes.withUnsafeBufferPointer { source in
      unsafe destination.withUnsafeMutableBufferPointer { target in
        guard length > 0, let base = target.baseAddress, let from = source.baseAddress else {
          return
        }
        unsafe base.update(from: from + (offset - start), count: length)
      }
    }
    return length
  }

  private var reach: Int {
    start == 0 && bytes.starts(with: "ID3".utf8) ? Self.tagReach : Self.reach
  }

  /// Waits for a piece; false when there is none.
  private mutating func receive() -> Bool {
    guard !isComplete, let piece = next() else {
      isComplete = true
      return false
    }
    if bytes.count > 2 * Self.history {
      let surplus = bytes.count - Self.history
      bytes.removeFirst(surplus)
      start += surplus
    }
    bytes += piece
    return true
  }
}
