/// The patches under a convolution's kernel, laid out as the rows of a matrix ("im2col"), so that
/// the convolution is one product.
///
/// A volume is (frames, bands, channels), channels innermost; a patch row is
/// (kernel frames, kernel bands, channels). Outside the volume is zero.
public struct PatchGeometry: Sendable, Equatable {
  public var frames: Int
  public var bands: Int
  public var channels: Int
  public var kernelFrames: Int
  public var kernelBands: Int
  public var strideFrames: Int
  public var strideBands: Int
  public var paddingFrames: Int
  public var paddingBands: Int

  public init(
    frames: Int, bands: Int, channels: Int, kernel: (frames: Int, bands: Int),
    stride: (frames: Int, bands: Int), padding: (frames: Int, bands: Int)
  ) {
    self.frames = frames
    self.bands = bands
    self.channels = channels
    kernelFrames = kernel.frames
    kernelBands = kernel.bands
    strideFrames = stride.frames
    strideBands = stride.bands
    paddingFrames = padding.frames
    paddingBands = padding.bands
  }

  /// None when the kernel is longer than the padded volume.
  public var outFrames: Int {
    let room = frames + 2 * paddingFrames - kernelFrames
    return room < 0 ? 0 : room / strideFrames + 1
  }

  public var outBands: Int {
    let room = bands + 2 * paddingBands - kernelBands
    return room < 0 ? 0 : room / strideBands + 1
  }

  public var patchSize: Int { kernelFrames * kernelBands * channels }

  /// Output frames whose patches fit a second-level cache (256 KiB of them), at least one.
  public var framesPerBlock: Int {
    max(1, 65_536 / max(1, patchSize * outBands))
  }

  /// Calls `body` for each run of a patch row that lies inside the volume: where the run starts in
  /// the volume, where in the rows of `block`, and how long it is.
  @inline(__always)
  private func forEachRun(
    in block: Range<Int>, _ body: (_ volume: Int, _ row: Int, _ count: Int) -> Void
  ) {
    let width = kernelBands * channels
    var row = 0
    for frame in block {
      for band in 0..<outBands {
        let firstBand = band * strideBands - paddingBands
        let low = max(0, -firstBand)
        let high = min(kernelBands, bands - firstBand)
        for k in 0..<kernelFrames {
          let t = frame * strideFrames - paddingFrames + k
          if t >= 0, t < frames, high > low {
            body(
              (t * bands + firstBand + low) * channels, row + k * width + low * channels,
              (high - low) * channels)
          }
        }
        row += patchSize
      }
    }
  }

  /// Fills `rows`, (block.count * outBands, patchSize), with the patches of the output frames in
  /// `block`.
  public func gather(
    _ x: Span<Float>, frames block: Range<Int>, into rows: inout MutableSpan<Float>
  ) {
    precondition(x.count == frames * bands * channels, "the volume has another shape")
    precondition(block.lowerBound >= 0 && block.upperBound <= outFrames)
    precondition(rows.count == block.count * outBands * patchSize)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe rows.withUnsafeMutableBufferPointer { rows in
        let source = x.baseAddress!
        let target = rows.baseAddress!
        if paddingFrames > 0 || paddingBands > 0 {
          unsafe target.update(repeating: 0, count: rows.count)
        }
        forEachRun(in: block) { volume, row, count in
          unsafe (target + row).update(from: source + volume, count: count)
        }
      }
    }
  }

  /// The transpose of `gather`: adds each value of `rows` to the place it was gathered from.
  public func scatter(
    adding rows: Span<Float>, frames block: Range<Int>, to dx: inout MutableSpan<Float>
  ) {
    precondition(dx.count == frames * bands * channels, "the volume has another shape")
    precondition(block.lowerBound >= 0 && block.upperBound <= outFrames)
    precondition(rows.count == block.count * outBands * patchSize)
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe dx.withUnsafeMutableBufferPointer { dx in
        let source = rows.baseAddress!
        let target = dx.baseAddress!
        forEachRun(in: block) { volume, row, count in
          let from = unsafe source + row
          let to = unsafe target + volume
          for i in 0..<count { unsafe to[i] += from[i] }
        }
      }
    }
  }
}
