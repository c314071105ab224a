import LinearAlgebra

/// One head over one clip: its queries, keys and values, each (T, d).
struct AttentionHead {
  let queries: [Float]
  let keys: [Float]
  let values: [Float]
  let frames: Int
  let width: Int
  private let scale: Float

  init(_ layer: SelfAttention, _ number: Int, _ projected: Batch, _ clip: Range<Int>) {
    width = layer.headWidth
    frames = clip.count
    scale = layer.scale
    let parts = (0..<3).map { part in
      let first = part * layer.width + number * layer.headWidth
      return projected.columns(first..<first + layer.headWidth, of: clip)
    }
    (queries, keys, values) = (parts[0], parts[1], parts[2])
  }

  /// Frames a few at a time, since all of a long clip's frames looking at all others would fill the
  /// memory.
  var blocks: [Range<Int>] {
    stride(from: 0, to: frames, by: 256).map { $0..<min($0 + 256, frames) }
  }

  /// How much each frame of `block` looks at each of the clip's frames, (block, T); rows sum to one.
  func attention(_ block: Range<Int>) -> [Float] {
    let rows = block.lowerBound * width..<block.upperBound * width
    var scores = [Float](unfilled: block.count * frames)
    let scaled = queries[rows].map { $0 * scale }
    scores.updateAll {
      multiply(
        scaled.span, keys.span, transposing: .second, into: &$0, rows: block.count, inner: width,
        columns: frames)
    }
    for row in 0..<block.count {
      scores.updatePart(row * frames..<(row + 1) * frames) { softmax(&$0) }
    }
    return scores
  }
}

extension AttentionHead {
  /// With A the attention, of which nothing is kept but what makes it: dV = Aᵀ · dO, dA = dO · Vᵀ,
  /// dS = A ∘ (dA - Σ A ∘ dA), dQ = dS · K / √d, dK = dSᵀ · Q / √d.
  func backward(_ doutput: [Float]) -> [[Float]] {
    var dqueries = [Float](repeating: 0, count: queries.count)
    var (dkeys, dvalues) = (dqueries, dqueries)
    for block in blocks {
      let rows = block.lowerBound * width..<block.upperBound * width
      let attention = attention(block)
      let upstream = doutput.span.extracting(rows)
      dvalues.updateAll {
        multiply(
          attention.span, upstream, transposing: .first, into: &$0, rows: frames,
          inner: block.count, columns: width, accumulating: true)
      }
      var dscores = [Float](unfilled: attention.count)
      dscores.updateAll {
        multiply(
          upstream, values.span, transposing: .second, into: &$0, rows: block.count, inner: width,
          columns: frames)
      }
      for row in stride(from: 0, to: dscores.count, by: frames) {
        let places = row..<row + frames
        let mean = dot(attention.span.extracting(places), dscores.span.extracting(places))
        for i in places { dscores[i] = scale * attention[i] * (dscores[i] - mean) }
      }
      dqueries.updatePart(rows) {
        multiply(
          dscores.span, keys.span, into: &$0, rows: block.count, inner: frames, columns: width)
      }
      dkeys.updateAll {
        multiply(
          dscores.span, queries.span.extracting(rows), transposing: .first, into: &$0,
          rows: frames, inner: block.count, columns: width, accumulating: true)
      }
    }
    return [dqueries, dkeys, dvalues]
  }
}
