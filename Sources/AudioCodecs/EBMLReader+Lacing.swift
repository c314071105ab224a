/// How the lengths of several frames in one block are written (RFC 9559, 10.3): the bits 1 and 2 of a block's flags.
enum Lacing: UInt8 {
  case none, xiph, fixed, ebml

  init(flags: UInt8) { self = Lacing(rawValue: flags >> 1 & 3)! }
}

extension EBMLReader {
  /// The lengths of the frames that fill the bytes up to `end`; nil where they do not fit there.
  mutating func frameLengths(_ lacing: Lacing) -> [Int]? {
    guard lacing != .none else { return [end - position] }
    guard let last = byte(), let first = firstLengths(Int(last), lacing) else { return nil }
    // Each is at most what the block has, and there are at most 255 of them: the sum does not overflow.
    let rest = end - position - first.reduce(0, +)
    return rest >= 0 ? first + [rest] : nil
  }

  /// The lengths of all frames but the last, which takes what is left.
  private mutating func firstLengths(_ count: Int, _ lacing: Lacing) -> [Int]? {
    var lengths: [Int] = []
    for _ in 0..<count {
      let length: Int? =
        switch lacing {
        case .none: nil
        case .xiph: xiphLength()
        case .fixed: lengths.first ?? (end - position) / (count + 1)
        case .ebml: ebmlLength(after: lengths.last)
        }
      guard let length, 0...end - position ~= length else { return nil }
      lengths.append(length)
    }
    return lengths
  }

  /// Bytes of 255 and one below, added up.
  private mutating func xiphLength() -> Int? {
    var length = 0
    while let next = byte() {
      length += Int(next)
      if next < 255 { return length }
    }
    return nil
  }

  /// The first length itself, and then what each differs from the one before: a number whose middle stands for 0.
  private mutating func ebmlLength(after last: Int?) -> Int? {
    guard let number = number(longest: 8) else { return nil }
    guard let last else { return number.value }
    return last + number.value - (1 << (7 * number.length - 1) - 1)
  }
}
