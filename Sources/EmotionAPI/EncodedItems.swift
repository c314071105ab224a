import HTTPServing

/// A JSON array in the making, as text: a tree of so many values would take ten times the memory.
struct EncodedItems {
  private var text = "["

  /// - Returns: Bytes of the item.
  @discardableResult
  mutating func append(_ item: JSON) -> Int {
    let item = item.text
    if text.utf8.count > 1 { text += "," }
    text += item
    return item.utf8.count + 1
  }

  /// The array, closed.
  consuming func finished() -> JSON {
    text += "]"
    return .encoded(text)
  }
}
