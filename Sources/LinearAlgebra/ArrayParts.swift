extension [Float] {
  /// Lets `body` change the values in `range` in place.
  @inlinable
  public mutating func updatePart(
    _ range: Range<Int>, _ body: (inout MutableSpan<Float>) -> Void
  ) {
    var whole = mutableSpan
    var part = whole._mutatingExtracting(range)
    body(&part)
  }

  /// Lets `body` change all values in place.
  @inlinable
  public mutating func updateAll(_ body: (inout MutableSpan<Float>) -> Void) {
    updatePart(0..<count, body)
  }

  /// `count` values that are all to be written; what they are before is not said.
  @inlinable
  public init(unfilled count: Int) {
    unsafe self.init(unsafeUninitializedCapacity: count) { _, initialized in initialized = count }
  }

  /// Appends `count` values that are all to be written; what they are before is not said.
  public mutating func append(unfilled count: Int) {
    if isEmpty {
      self = .init(unfilled: count)
    } else {
      append(contentsOf: repeatElement(0, count: count))
    }
  }

  /// Grows or shrinks to `count`; what the values are is not said.
  public mutating func resize(to count: Int) {
    if count > self.count {
      self = .init(unfilled: count)
    } else {
      removeLast(self.count - count)
    }
  }
}
