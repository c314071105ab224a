internal import CVectorKernels

/// A two-dimensional cross-correlation with zeros around, and its gradients, computed directly: windows of the input are not laid
/// out as a matrix first.
///
/// A volume is (frames, bands, channels), channels innermost; the kernel is (kernel frames, kernel bands, channels, columns).
public struct Convolution: Sendable {
  /// One of the two axes of a volume.
  public struct Axis: Sendable, Equatable {
    public var size: Int
    public var kernel: Int
    public var stride: Int
    /// Zeros on each side.
    public var padding: Int

    public init(size: Int, kernel: Int, stride: Int, padding: Int) {
      self.size = size
      self.kernel = kernel
      self.stride = stride
      self.padding = padding
    }

    /// Windows along the axis; none when the kernel is longer than the padded volume.
    public var windows: Int {
      let room = size + 2 * padding - kernel
      return room < 0 ? 0 : room / stride + 1
    }
  }

  public let frames: Axis
  public let bands: Axis
  /// Of the input.
  public let channels: Int
  /// Channels of the output.
  public let columns: Int
  private let convolver: vk_convolver

  /// How many widths of vector this processor has.
  public static var widths: Int { vk_convolver_count() }

  /// - Parameter width: Which of the processor's widths of vector computes, the widest being 0.
  public init(frames: Axis, bands: Axis, channels: Int, columns: Int, width: Int = 0) {
    self.frames = frames
    self.bands = bands
    self.channels = channels
    self.columns = columns
    convolver = vk_convolver(width: width)
  }

  private func wholeVectors(_ count: Int) -> Int { convolver.wholeVectors(count) }

  var kernelRows: Int { frames.kernel * bands.kernel * channels }
  private var inputCount: Int { frames.size * bands.size * channels }
  private var outputCount: Int { frames.windows * bands.windows * columns }
}

extension Convolution {
  /// The kernel as `convolve` reads it: its rows filled up with zeros to whole vectors.
  public struct PackedKernel: Sendable {
    let values: [Float]
  }

  /// Depends on the kernel's shape alone, so that one serves clips of all lengths.
  public func packed(_ kernel: Span<Float>) -> PackedKernel {
    PackedKernel(
      values: paddedRows(kernel, count: kernelRows, columns: columns, width: wholeVectors(columns)))
  }

  /// y = kernel * x + bias, then rectified, if asked.
  /// - Parameters:
  ///   - bias: One number a column.
  ///   - padded: Room for the input with zeros around; what it holds before does not matter.
  public func convolve(
    _ x: Span<Float>, _ kernel: PackedKernel, bias: [Float]? = nil, rectifying: Bool = false,
    into y: inout MutableSpan<Float>, padded: inout [Float]
  ) {
    precondition(y.count == outputCount && kernel.values.count >= kernelRows * columns)
    precondition(bias.map { $0.count == columns } ?? true)
    let row = pad(x, into: &padded)
    let offsets = (0..<frames.kernel).map { $0 * row }
    guard y.count > 0 else { return }
    unsafe offsets.withUnsafeBufferPointer { offsets in
      var windows = unsafe vk_windows(
        frames: frames.windows, positions: bands.windows, x_frame: frames.stride * row,
        x_step: bands.stride * channels, y_frame: bands.windows * columns, y_step: columns,
        offsets: offsets.baseAddress, taps: offsets.count, inner: bands.kernel * channels,
        accumulates: 0)
      unsafe y.withUnsafeMutableBufferPointer { y in
        unsafe withPointer(bias) { bias in
          unsafe convolver.convolve(
            y.baseAddress, padded, &windows, kernel.values, columns, bias, rectifying ? 1 : 0)
        }
      }
    }
  }

  /// The input with zeros around, (frames + 2 padding, bands + 2 padding, channels).
  /// - Returns: Numbers of a frame.
  private func pad(_ x: Span<Float>, into padded: inout [Float]) -> Int {
    precondition(x.count == inputCount, "the volume has another shape")
    let row = (bands.size + 2 * bands.padding) * channels
    let start = frames.padding * row + bands.padding * channels
    padded.resize(to: (frames.size + 2 * frames.padding) * row)
    padded.fillWithZeros(around: frames.size, of: bands.size * channels, at: start, rowLength: row)
    copy(x, columns: bands.size * channels, into: &padded, at: start, rowLength: row)
    return row
  }
}

// The gradients.
extension Convolution {
  /// The output's gradient with zeros around, as both gradients read it: (frames + before + after, bands + before + after, columns
  /// filled up to whole vectors).
  public struct PaddedGradient: Sendable {
    var values: [Float] = []
    var framesBefore = 0
    var bandsBefore = 0
    /// Numbers of a frame.
    var row = 0
    var columns = 0

    public init() {}

    var start: Int { framesBefore * row + bandsBefore * columns }
  }

  /// - Parameter padded: Its room is used again.
  public func pad(_ dy: Span<Float>, into padded: inout PaddedGradient) {
    precondition(dy.count == outputCount, "the gradient has another shape")
    let (frameRoom, bandRoom) = (frames.gradientRoom, bands.gradientRoom)
    padded.framesBefore = frameRoom.before
    padded.bandsBefore = bandRoom.before
    padded.columns = wholeVectors(columns)
    padded.row = (bandRoom.before + bands.windows + bandRoom.after) * padded.columns
    let frameCount = frameRoom.before + frames.windows + frameRoom.after
    padded.values.fillWithZeros(count: frameCount * padded.row)
    let start = padded.start
    for frame in 0..<frames.windows {
      let first = frame * bands.windows * columns
      copy(
        dy.extracting(first..<first + bands.windows * columns), columns: columns,
        into: &padded.values, at: start + frame * padded.row, rowLength: padded.columns)
    }
  }

  /// Adds the kernel's gradient of one clip to `gradient`, (kernel rows, columns filled up to whole vectors).
  public func addKernelGradient(
    _ x: Span<Float>, _ dy: PaddedGradient, to gradient: inout [Float], padded: inout [Float]
  ) {
    let row = pad(x, into: &padded)
    let inner = bands.kernel * channels
    if gradient.isEmpty { gradient = .init(repeating: 0, count: kernelRows * dy.columns) }
    // Few enough frames that both volumes stay in the cache while the kernel is walked through.
    let block = max(1, 16_384 / max(row, dy.row))
    for first in stride(from: 0, to: frames.windows, by: block) {
      for tap in 0..<frames.kernel {
        unsafe gradient.withUnsafeMutableBufferPointer { gradient in
          unsafe padded.withUnsafeBufferPointer { x in
            unsafe dy.values.withUnsafeBufferPointer { values in
              unsafe convolver.weights(
                gradient.baseAddress! + tap * inner * dy.columns,
                x.baseAddress! + (first * frames.stride + tap) * row, frames.stride * row,
                bands.stride * channels, inner, values.baseAddress! + dy.start + first * dy.row,
                dy.row, dy.columns, min(block, frames.windows - first), bands.windows)
            }
          }
        }
      }
    }
  }

  /// What `addKernelGradient` gathered, added to the kernel's own gradient, (kernel rows, columns).
  public func add(_ gathered: [Float], to gradient: inout MutableSpan<Float>) {
    guard !gathered.isEmpty else { return }
    let padded = wholeVectors(columns)
    for row in 0..<kernelRows {
      for column in 0..<columns {
        gradient[row * columns + column] += gathered[row * padded + column]
      }
    }
  }

  /// The kernel as `inputGradient` reads it.
  ///
  /// The windows over an input value lie `stride` apart, so which rows of the kernel meet it depends on the value's place
  /// modulo the strides: each such class has its own taps.
  public struct TransposedKernel: Sendable {
    struct Class: Sendable {
      /// Where the class begins in the input.
      let frame: Int
      let band: Int
      /// For each tap: frames and bands from the value's place in its class to the output it reads.
      let taps: [(frames: Int, bands: Int)]
      /// (taps, columns filled up, channels filled up)
      let values: [Float]
    }

    let classes: [Class]
  }

  public func transposed(_ kernel: Span<Float>) -> TransposedKernel {
    var classes: [TransposedKernel.Class] = []
    for frame in 0..<frames.stride {
      for band in 0..<bands.stride {
        let places = frames.taps(frame).flatMap { frame in
          bands.taps(band).map { (frame, $0) }
        }
        classes.append(
          .init(
            frame: frame, band: band, taps: places.map { ($0.0.shift, $0.1.shift) },
            values: places.flatMap { transposedTap($0.0.place, $0.1.place, of: kernel) }))
      }
    }
    return TransposedKernel(classes: classes)
  }

  /// (columns filled up, channels filled up)
  private func transposedTap(_ frame: Int, _ band: Int, of kernel: Span<Float>) -> [Float] {
    let width = wholeVectors(channels)
    let start = (frame * bands.kernel + band) * channels * columns
    var values = [Float](repeating: 0, count: wholeVectors(columns) * width)
    for channel in 0..<channels {
      for column in 0..<columns {
        values[column * width + channel] = kernel[start + channel * columns + column]
      }
    }
    return values
  }

  /// The input's gradient.
  public func inputGradient(
    _ dy: PaddedGradient, _ kernel: TransposedKernel, into dx: inout MutableSpan<Float>
  ) {
    precondition(dx.count == inputCount, "the volume has another shape")
    for part in kernel.classes where part.frame < frames.size && part.band < bands.size {
      let offsets = part.taps.map { $0.frames * dy.row + $0.bands * dy.columns }
      unsafe offsets.withUnsafeBufferPointer { offsets in
        var windows = unsafe vk_windows(
          frames: frames.places(from: part.frame), positions: bands.places(from: part.band),
          x_frame: dy.row, x_step: dy.columns, y_frame: frames.stride * bands.size * channels,
          y_step: bands.stride * channels, offsets: offsets.baseAddress, taps: offsets.count,
          inner: dy.columns, accumulates: 0)
        unsafe dx.withUnsafeMutableBufferPointer { dx in
          unsafe dy.values.withUnsafeBufferPointer { values in
            unsafe convolver.convolve(
              dx.baseAddress! + (part.frame * bands.size + part.band) * channels,
              values.baseAddress! + dy.start, &windows, part.values, channels, nil, 0)
          }
        }
      }
    }
  }
}

extension Convolution.Axis {
  /// The places in the kernel that meet inputs at `start` + n · stride, and for each how far from n the output is that it goes to.
  fileprivate func taps(_ start: Int) -> [(place: Int, shift: Int)] {
    places(start).map { ($0, (start + padding - $0) / stride) }
  }

  private func places(_ start: Int) -> [Int] {
    Array(Swift.stride(from: (start + padding) % stride, to: kernel, by: stride))
  }

  /// How many values there are at `start` + n · stride.
  fileprivate func places(from start: Int) -> Int { (size - start - 1) / stride + 1 }

  /// Zeros that the output's gradient needs on each side.
  fileprivate var gradientRoom: (before: Int, after: Int) {
    var (before, after) = (0, 0)
    for start in 0..<min(stride, size) {
      let last = (size - start - 1) / stride
      for tap in taps(start) {
        before = max(before, -tap.shift)
        after = max(after, last + tap.shift - (windows - 1))
      }
    }
    return (before, after)
  }
}

extension vk_convolver {
  /// - Parameter width: Which of the processor's widths of vector computes, the widest being 0.
  init(width: Int) {
    precondition((0..<Convolution.widths).contains(width), "the processor has no such vectors")
    self = vk_convolver_at(width)
  }

  /// The next multiple of a vector's numbers.
  func wholeVectors(_ count: Int) -> Int { (count + lanes - 1) / lanes * lanes }
}

/// (count, columns) as (count, width), filled up with zeros.
func paddedRows(_ rows: Span<Float>, count: Int, columns: Int, width: Int) -> [Float] {
  precondition(rows.count == count * columns, "the kernel has another shape")
  var padded = [Float](repeating: 0, count: count * width)
  copy(rows, columns: columns, into: &padded, at: 0, rowLength: width)
  return padded
}

/// Puts rows of `columns` numbers into `target`, from `start` on, `rowLength` apart.
private func copy(
  _ x: Span<Float>, columns: Int, into target: inout [Float], at start: Int, rowLength: Int
) {
  guard columns > 0 else { return }
  let rows = x.count / columns
  precondition(rows == 0 || start + (rows - 1) * rowLength + columns <= target.count)
  unsafe x.withUnsafeBufferPointer { x in
    unsafe target.withUnsafeMutableBufferPointer { target in
      for row in 0..<rows {
        unsafe (target.baseAddress! + start + row * rowLength).update(
          from: x.baseAddress! + row * columns, count: columns)
      }
    }
  }
}

private func withPointer(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
  guard let values else { return body(nil) }
  unsafe values.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
}

extension [Float] {
  /// Zeros before, between and after `rows` rows of `columns` numbers, which begin at `start` and lie `rowLength` apart.
  fileprivate mutating func fillWithZeros(
    around rows: Int, of columns: Int, at start: Int, rowLength: Int
  ) {
    updateAll { values in
      var end = 0
      for row in 0..<rows {
        let next = start + row * rowLength
        values.fillWithZeros(end..<next)
        end = next + columns
      }
      values.fillWithZeros(end..<values.count)
    }
  }

  fileprivate mutating func fillWithZeros(count: Int) {
    resize(to: count)
    updateAll { $0.fillWithZeros(0..<count) }
  }
}

extension MutableSpan<Float> {
  fileprivate mutating func fillWithZeros(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
    unsafe withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      unsafe (base + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }
}
