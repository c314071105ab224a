extension JSONScanner {
  /// White space between two characters of base64 is at most so long: line breaks are, and what is longer would have to
  /// be walked through again and again.
  public static let base64GapLimit = 1024

  /// A string that stands for bytes in base64, in either alphabet, with or without padding at its end, or a data URL of such bytes
  /// (RFC 2397). It is not counted among what is bounded.
  public mutating func base64() throws(JSONError) -> Base64Text {
    try begin("\"")
    skipDataURL()
    var walk = Base64Walk()
    let rest = bytes[position...]
    guard let length = try walk.length(of: rest.span) else {
      position = bytes.endIndex
      reach = bytes.endIndex
      throw broken()
    }
    let text = rest.prefix(length)
    position += length + 1
    reach = min(bytes.endIndex, reach + length)
    return Base64Text(text: text, characters: walk.characters, marks: walk.marks)
  }
}

extension JSONScanner {
  /// A longer beginning names no type of audio.
  private static let dataURLLimit = 256

  /// Steps over "data:audio/wav;base64,"; what the type is does not matter here.
  private mutating func skipDataURL() {
    guard bytes[position...].starts(with: Array("data:".utf8)) else { return }
    let mark = Array(";base64,".utf8)
    let beginning = bytes[position...].prefix(Self.dataURLLimit).prefix { $0 != UInt8(ascii: "\"") }
    guard let comma = beginning.firstIndex(of: UInt8(ascii: ",")),
      beginning[...comma].suffix(mark.count).elementsEqual(mark)
    else { return }
    reach = min(bytes.endIndex, reach + comma + 1 - position)
    position = comma + 1
  }
}

/// Looks once through a string of base64, and keeps nothing of it but a few places.
private struct Base64Walk {
  /// Bytes of text from one mark to the next.
  private static let markDistance = 16 * 1024

  private(set) var characters = 0
  private(set) var marks = [Base64Text.Mark()]
  private var padding = 0

  /// - Returns: Where the closing quote is; nil where there is none.
  mutating func length(of text: Span<UInt8>) throws(JSONError) -> Int? {
    let table = Base64Symbol.table
    var (index, gapStart, nextMark) = (0, 0, Self.markDistance)
    while index < text.count {
      var (symbol, length) = (table[Int(text[index])], 1)
      if symbol == Base64Symbol.backslash {
        (symbol, length) = Base64Symbol.escaped(text, at: index)
      }
      if symbol == Base64Symbol.quote {
        guard isComplete else { throw .notBase64("") }
        return index
      }
      index += length
      if symbol < 64 {
        guard padding == 0 else { throw .notBase64("") }
        characters += 1
        gapStart = index
        if index >= nextMark && characters % 4 == 0 {
          marks.append(Base64Text.Mark(index: index, characters: characters))
          nextMark = index + Self.markDistance
        }
      } else {
        guard accepts(symbol), index - gapStart <= JSONScanner.base64GapLimit else {
          throw .notBase64("")
        }
      }
    }
    return nil
  }

  private mutating func accepts(_ symbol: UInt8) -> Bool {
    if symbol == Base64Symbol.padding { padding += 1 }
    return symbol <= Base64Symbol.padding && padding <= 2
  }

  /// Without padding, two or three characters at the end stand for one or two bytes; one stands for none.
  private var isComplete: Bool {
    padding == 0 ? characters % 4 != 1 : (characters + padding) % 4 == 0
  }
}
