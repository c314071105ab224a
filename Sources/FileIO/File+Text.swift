extension File {
  /// The whole content as text.
  /// - Throws: `notText` where it is not UTF-8: what stood in place of the wrong bytes would be somebody else's words.
  public func readText(limit: Int) throws(FileError) -> String {
    guard let text = String(validating: try read(limit: limit), as: UTF8.self) else {
      throw FileError(path: path, reason: .notText)
    }
    return text
  }
}
