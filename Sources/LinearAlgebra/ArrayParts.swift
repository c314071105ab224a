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

  /// Grows or shrinks to `count`; what the values are is not said.
  public mutating func resize(to count: Int) {
    if count > self.count {
      append(contentsOf: repeatElement(0, count: count - self.count))
    } else {
      removeLast(self.count - count)
    }
  }
}
