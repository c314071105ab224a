/// Windows over a volume (frames, bands, channels) whose maximum or average is taken.
public struct PoolGeometry: Sendable {
  public var bands: Int
  public var channels: Int
  public var windowFrames: Int
  public var windowBands: Int
  public var strideFrames: Int
  public var strideBands: Int
  public var outFrames: Int
  public var outBands: Int

  public init(
    bands: Int, channels: Int, windowFrames: Int, windowBands: Int, strideFrames: Int,
    strideBands: Int, outFrames: Int, outBands: Int
  ) {
    self.bands = bands
    self.channels = channels
    self.windowFrames = windowFrames
    self.windowBands = windowBands
    self.strideFrames = strideFrames
    self.strideBands = strideBands
    self.outFrames = outFrames
    self.outBands = outBands
  }

  private func check(volume: Int, pooled: Int) {
    let frames = outFrames == 0 ? 0 : (outFrames - 1) * strideFrames + windowFrames
    precondition(volume >= frames * bands * channels, "the volume has too few frames")
    precondition(pooled == outFrames * outBands * channels, "the pooled volume has another shape")
    precondition((outBands - 1) * strideBands + windowBands <= bands, "too few bands")
  }

  /// Calls `body` with the place of each output and, one after the other, of its window's inputs,
  /// each the first of a run of `channels`.
  @inline(__always)
  private func forEachWindow(_ body: (_ pooled: Int, _ place: Int, _ volume: Int) -> Void) {
    var pooled = 0
    for frame in 0..<outFrames {
      for band in 0..<outBands {
        for place in 0..<windowFrames * windowBands {
          let t = frame * strideFrames + place / windowBands
          let f = band * strideBands + place % windowBands
          body(pooled, place, (t * bands + f) * channels)
        }
        pooled += channels
      }
    }
  }

  /// NaN beats every number, so that a training that diverged shows it.
  @inline(__always)
  private static func isMaximum(_ value: Float, over other: Float) -> Bool {
    value > other || value.isNaN
  }

  public func maximum(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    check(volume: x.count, pooled: y.count)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        forEachWindow { pooled, place, volume in
          let (to, from) = unsafe (y + pooled, x + volume)
          if place == 0 {
            unsafe to.update(from: from, count: channels)
          } else {
            for c in 0..<channels {
              unsafe to[c] = unsafe Self.isMaximum(from[c], over: to[c]) ? from[c] : to[c]
            }
          }
        }
      }
    }
  }

  public func average(_ x: Span<Float>, into y: inout MutableSpan<Float>) {
    check(volume: x.count, pooled: y.count)
    let scale = 1 / Float(windowFrames * windowBands)
    unsafe x.withUnsafeBufferPointer { x in
      unsafe y.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        forEachWindow { pooled, place, volume in
          let (to, from) = unsafe (y + pooled, x + volume)
          for c in 0..<channels { unsafe to[c] = (place == 0 ? 0 : to[c]) + scale * from[c] }
        }
      }
    }
  }

  /// Gives each output's gradient to the input its maximum came from (the first of equals).
  public func maximumBackward(
    _ dy: Span<Float>, x: Span<Float>, y: Span<Float>, into dx: inout MutableSpan<Float>
  ) {
    check(volume: x.count, pooled: y.count)
    precondition(dy.count == y.count && dx.count == x.count)
    var rest = [Float](repeating: 0, count: channels)
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe x.withUnsafeBufferPointer { x in
        unsafe y.withUnsafeBufferPointer { y in
          unsafe dx.withUnsafeMutableBufferPointer { dx in
            unsafe rest.withUnsafeMutableBufferPointer { rest in
              guard let dy = dy.baseAddress, let x = x.baseAddress, let y = y.baseAddress,
                let dx = dx.baseAddress, let rest = rest.baseAddress
              else { return }
              forEachWindow { pooled, place, volume in
                if place == 0 { unsafe rest.update(from: dy + pooled, count: channels) }
                let (to, from, top) = unsafe (dx + volume, x + volume, y + pooled)
                for c in 0..<channels {
                  let isTop = unsafe from[c] == top[c] || from[c].isNaN
                  unsafe to[c] += isTop ? rest[c] : 0
                  unsafe rest[c] = unsafe isTop ? 0 : rest[c]
                }
              }
            }
          }
        }
      }
    }
  }

  /// Spreads each output's gradient over its window.
  public func averageBackward(_ dy: Span<Float>, into dx: inout MutableSpan<Float>) {
    check(volume: dx.count, pooled: dy.count)
    let scale = 1 / Float(windowFrames * windowBands)
    unsafe dy.withUnsafeBufferPointer { dy in
      unsafe dx.withUnsafeMutableBufferPointer { dx in
        guard let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
        forEachWindow { pooled, _, volume in
          let (from, to) = unsafe (dy + pooled, dx + volume)
          for c in 0..<channels { unsafe to[c] += scale * from[c] }
        }
      }
    }
  }
}
