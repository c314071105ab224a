import HTTPServing

/// A JSON array or JSON lines in the making, as text: a tree of so many values would take ten times the memory.
struct EncodedItems {
  private let form: ItemForm
  private var text: String

  init(_ form: ItemForm = .array) {
    self.form = form
    text = form.open
  }

  /// - Returns: Bytes of the item.
  @discardableResult
  mutating func append(_ item: JSON) -> Int {
    let item = item.text
    if text.utf8.count > form.open.utf8.count { text += form.separator }
    text += item
    return item.utf8.count + 1
  }

  /// All of it, closed.
  consuming func finished() -> JSON {
    text += form.close
    return .encoded(text)
  }
}

/// What stands around items and between them.
struct ItemForm {
  let contentType: String
  let open: String
  let separator: String
  let close: String

  static let array = ItemForm(
    contentType: "application/json", open: "[", separator: ",", close: "]")
  static let lines = ItemForm(
    contentType: "application/x-ndjson", open: "", separator: "\n", close: "\n")
}
