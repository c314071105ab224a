import LinearAlgebra

extension Conv2D: TrainableLayer {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, Tape) {
    let x = x
    return (convolve(x, weights), .input(x))
  }

  /// With P the patches of x: dW = Pᵀ · dy, dP = dy · Wᵀ, and dx is dP added back to where the
  /// patches came from; not computed where nothing learns from it.
  package func backward(
    _ dy: consuming Batch, _ tape: consuming Tape, _ weights: Weights, _ gradient: inout [Float]
  ) -> Batch {
    guard case .input(let x) = tape else { preconditionFailure("not this layer's tape") }
    let dy = dy
    var dx = Batch(lengths: x.lengths, bands: x.bands, channels: x.channels)
    var patches: [Float] = []
    for (from, to) in zip(x.valueRanges, dy.valueRanges) {
      let geometry = geometry(from.count / x.frameSize)
      for first in stride(from: 0, to: geometry.outFrames, by: geometry.framesPerBlock) {
        let block = first..<min(first + geometry.framesPerBlock, geometry.outFrames)
        let rows = block.count * output.bands
        let start = to.lowerBound + first * dy.frameSize
        let upstream = dy.values.span.extracting(start..<start + rows * output.channels)
        patches.resize(to: rows * geometry.patchSize)
        patches.updateAll {
          geometry.gather(x.values.span.extracting(from), frames: block, into: &$0)
        }
        gradient.updatePart(weight) {
          multiply(
            patches.span, upstream, transposing: .first, into: &$0, rows: geometry.patchSize,
            inner: rows, columns: output.channels, accumulating: true)
        }
        if input.isNetworkInput { continue }
        patches.updateAll {
          multiply(
            upstream, weights.parameters.span.extracting(weight), transposing: .second, into: &$0,
            rows: rows, inner: output.channels, columns: geometry.patchSize)
        }
        dx.values.updatePart(from) {
          geometry.scatter(adding: patches.span, frames: block, to: &$0)
        }
      }
    }
    if let bias {
      gradient.updatePart(bias) { addColumnSums(of: dy.values.span, to: &$0) }
    }
    return dx
  }
}
