/// Bytes that stand as base64 (RFC 4648, 4 and 5) in a JSON string, perhaps in lines. They are decoded where they are read, so
/// that they take no memory beside the text.
public struct Base64Text: Sendable {
  /// A place between two groups of four characters.
  struct Mark: Sendable {
    /// Bytes of the text before it.
    var index = 0
    /// Characters of the alphabet before it.
    var characters = 0
  }

  /// Up to the closing quote.
  private let text: ArraySlice<UInt8>
  /// Bytes that it stands for.
  public let count: Int
  /// In their order, so that to go back costs little.
  private let marks: [Mark]
  private var cursor = Mark()

  init(text: ArraySlice<UInt8>, characters: Int, marks: [Mark]) {
    self.text = text
    self.marks = marks
    count = characters * 3 / 4
  }

  /// Copies the bytes from `offset` on into `destination`, as many as fit and exist.
  /// - Returns: how many; 0 at or past the end.
  public mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    guard offset >= 0, offset < count else { return 0 }
    let (text, table) = (self.text, Base64Symbol.table)
    let wanted = min(destination.count, count - offset)
    var (done, skipped) = (0, offset % 3)
    var place = seek(offset / 3 * 4)
    while done < wanted {
      let (bits, length) = Self.group(text.span, table.span, &place)
      while skipped < length {
        guard done < wanted else { return done }
        destination[done] = UInt8(truncatingIfNeeded: bits >> (16 - 8 * skipped))
        done += 1
        skipped += 1
      }
      skipped = 0
      cursor = place
    }
    return done
  }

  /// - Parameter characters: A multiple of four.
  private func seek(_ characters: Int) -> Mark {
    let (text, table) = (self.text, Base64Symbol.table)
    var place = cursor
    if place.characters != characters {
      let mark = marks[marks.partitionIndex { $0.characters > characters } - 1]
      if place.characters > characters || place.characters < mark.characters { place = mark }
    }
    while place.characters < characters { _ = Self.group(text.span, table.span, &place) }
    return place
  }

  /// The next four characters, fewer at the end.
  /// - Returns: 24 bits, and how many bytes of them count.
  private static func group(
    _ text: Span<UInt8>, _ table: Span<UInt8>, _ cursor: inout Mark
  ) -> (bits: UInt32, length: Int) {
    let index = cursor.index
    if index + 4 <= text.count {
      let a = table[Int(text[index])]
      let b = table[Int(text[index + 1])]
      let c = table[Int(text[index + 2])]
      let d = table[Int(text[index + 3])]
      if a | b | c | d < 64 {
        cursor.index += 4
        cursor.characters += 4
        return (UInt32(a) << 18 | UInt32(b) << 12 | UInt32(c) << 6 | UInt32(d), 3)
      }
    }
    return brokenGroup(text, table, &cursor)
  }

  /// A group with something between its characters, or behind them.
  private static func brokenGroup(
    _ text: Span<UInt8>, _ table: Span<UInt8>, _ cursor: inout Mark
  ) -> (bits: UInt32, length: Int) {
    var (bits, found) = (UInt32(0), 0)
    while found < 4, cursor.index < text.count {
      var (symbol, length) = (table[Int(text[cursor.index])], 1)
      if symbol == Base64Symbol.backslash {
        (symbol, length) = Base64Symbol.escaped(text, at: cursor.index)
      }
      cursor.index += length
      guard symbol < 64 else { continue }
      bits = bits << 6 | UInt32(symbol)
      found += 1
    }
    cursor.characters += found
    return (bits << (6 * UInt32(4 - found)), found * 3 / 4)
  }
}

extension Array {
  /// The index of the first element that is so, where all after it are so, too.
  fileprivate func partitionIndex(_ isLater: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isLater(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
