import LinearAlgebra

/// Rows of numbers over time: shape (T, N), each frame's N values side by side.
public struct Frames: Sendable, Equatable {
  /// N, values in a frame.
  public let width: Int
  /// T · N numbers, frame after frame.
  public internal(set) var values: [Float]

  /// T, frames.
  public var count: Int { values.count / width }

  public init(width: Int, values: [Float] = []) {
    precondition(width > 0, "a frame of no values")
    precondition(values.count.isMultiple(of: width), "\(values.count) values in rows of \(width)")
    self.width = width
    self.values = values
  }

  init(zeros count: Int, width: Int) {
    self.init(width: width, values: [Float](repeating: 0, count: count * width))
  }

  /// Frames whose values are all to be written; what they are before is not said.
  init(unfilled count: Int, width: Int) {
    self.init(width: width, values: [Float](unfilled: count * width))
  }

  public subscript(frame: Int, index: Int) -> Float {
    get { values[frame * width + index] }
    set { values[frame * width + index] = newValue }
  }

  /// The values of one frame.
  public subscript(frame: Int) -> ArraySlice<Float> {
    values[frame * width..<(frame + 1) * width]
  }

  public mutating func reserveCapacity(_ count: Int) {
    values.reserveCapacity(count * width)
  }

  public mutating func append(contentsOf other: Frames) {
    precondition(other.width == width, "frames of \(other.width) values after frames of \(width)")
    values.append(contentsOf: other.values)
  }

  /// A frame for each of these, whose `width` values `row` writes from `offset` on.
  func map(
    to width: Int,
    _ row: (_ frame: Span<Float>, _ result: inout MutableSpan<Float>, _ offset: Int) -> Void
  ) -> Frames {
    var result = Frames(zeros: count, width: width)
    let source = values.span
    var target = result.values.mutableSpan
    for t in 0..<count {
      row(source.extracting(t * self.width..<(t + 1) * self.width), &target, t * width)
    }
    return result
  }
}
