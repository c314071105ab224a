import AudioIO

/// Reads the elements of an EBML file (RFC 8794), forward only: what is skipped is read through, because bytes that are
/// still to come cannot be jumped over.
struct EBMLReader {
  /// An element's head: what it is, and the bytes of its content, nil where a writer that could not go back left that open.
  struct Element {
    var id: UInt32
    var size: Int?
  }

  /// Bytes asked for at once.
  private static let pieceLength = 1 << 15

  private var source: any ByteSource
  private var piece = [UInt8](repeating: 0, count: pieceLength)
  /// Which of the file's bytes the piece holds.
  private var held = 0..<0
  private(set) var position = 0
  /// Where the element ends that is being read: beyond it there are no bytes.
  var end = Int.max

  init(_ source: some ByteSource) { self.source = source }

  /// The next element's head; nil at the end, and where there is none.
  mutating func element() -> Element? {
    guard let id = number(longest: 4), let size = number(longest: 8) else { return nil }
    return Element(id: UInt32(id.withMarker), size: size.isOpen ? nil : size.value)
  }

  /// A number that says how long it is: a one follows as many zero bits as there are further bytes (RFC 8794, 4).
  struct Number {
    fileprivate(set) var withMarker: Int
    var length: Int

    /// At most 2⁵⁶ - 1.
    var value: Int { withMarker & (1 << (7 * length) - 1) }
    /// All bits set mean that a size is not known, whatever the length.
    var isOpen: Bool { value == 1 << (7 * length) - 1 }
  }

  mutating func number(longest: Int) -> Number? {
    guard let first = byte() else { return nil }
    let length = first.leadingZeroBitCount + 1
    guard length <= longest else { return nil }
    var bits = Int(first)
    for _ in 1..<length {
      guard let next = byte() else { return nil }
      bits = bits << 8 | Int(next)
    }
    return Number(withMarker: bits, length: length)
  }

  mutating func byte() -> UInt8? {
    guard position < end, held.contains(position) || fill() else { return nil }
    defer { position += 1 }
    return piece[position - held.lowerBound]
  }

  /// The next `count` bytes; nil where there are fewer. Memory grows with what comes, not with what is asked for.
  mutating func bytes(_ count: Int) -> [UInt8]? {
    guard count <= end - position else { return nil }
    var bytes: [UInt8] = []
    while bytes.count < count {
      guard held.contains(position) || fill() else { return nil }
      let start = position - held.lowerBound
      let part = piece[start..<min(held.count, start + count - bytes.count)]
      bytes += part
      position += part.count
    }
    return bytes
  }

  /// An unsigned number that fills an element; nil where it is too long for one, and for negative ones.
  mutating func unsigned(_ size: Int) -> Int? {
    integer(size).flatMap { Int(exactly: $0) }
  }

  /// A signed number that fills an element.
  mutating func signed(_ size: Int) -> Int? {
    guard let bits = integer(size) else { return nil }
    let unused = 64 - 8 * size
    return Int(Int64(bitPattern: bits << unused) >> unused)
  }

  /// A floating-point number that fills an element, of 4 or 8 bytes.
  mutating func float(_ size: Int) -> Double? {
    switch size {
    case 4: integer(4).map { Double(Float(bitPattern: UInt32($0))) }
    case 8: integer(8).map { Double(bitPattern: $0) }
    default: nil
    }
  }

  private mutating func integer(_ size: Int) -> UInt64? {
    guard size <= 8 else { return nil }
    return bytes(size)?.reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Goes to this position unless it is passed already, or to the end of the file.
  mutating func skip(to target: Int) {
    while held.upperBound < target {
      position = max(position, held.upperBound)
      guard fill() else { return }
    }
    position = max(position, target)
  }

  /// Holds the bytes from the position on, as many as come at once.
  private mutating func fill() -> Bool {
    var bytes = piece
    // Nobody else may hold the array while it is written to.
    piece = []
    var span = bytes.mutableSpan
    let count = source.read(at: position, into: &span)
    piece = bytes
    held = position..<position + count
    return count > 0
  }
}
