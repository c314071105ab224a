import LinearAlgebra

/// Several lists of layers that hear the same input; their answers are put side by side, the first
/// list's channels first (`torch.cat` over branches). Each branch must end pooled, one vector a
/// clip.
package struct Parallel: Layer {
  package struct Spec: LayerSpecification {
    package typealias Described = Parallel
    package static let typeName = "parallel"

    package var name: String
    package var branches: [[LayerSpec]]

    package var inner: [LayerSpec] { branches.flatMap(\.self) }

    package init(name: String, branches: [[LayerSpec]]) {
      self.name = name
      self.branches = branches
    }

    package func renamed(_ prefix: String) -> Spec {
      Spec(name: prefix + name, branches: branches.map { $0.map { $0.renamed(prefix) } })
    }
  }

  package let spec: Spec
  let input: FrameShape
  package let output: FrameShape
  private var branches: [[any Layer]]
  /// Channels of each branch's answer.
  let widths: [Int]

  package init(
    _ spec: Spec, input: FrameShape, layout: inout ParameterLayout
  ) throws(NetworkError) {
    try spec.check(spec.branches.count, "the number of branches", 1...16)
    self.spec = spec
    self.input = input
    var branches: [[any Layer]] = []
    var widths: [Int] = []
    for specs in spec.branches {
      let layers = try specs.layers(input: input, layout: &layout)
      guard let last = layers.last?.output else { throw .noLayers }
      try spec.check(
        last.isPooled && last.bands == 1 && last.mergedBands == 1 && last.parts == 1,
        "each branch must end with a dense layer over a pooled vector")
      branches.append(layers)
      widths.append(last.channels)
    }
    (self.branches, self.widths) = (branches, widths)
    var shape = FrameShape(bands: 1, channels: widths.reduce(0, +))
    shape.isPooled = true
    output = shape
  }

  package func outputFrames(_ frames: Int) -> Int {
    branches.map { $0.outputFrames(frames) }.min() ?? 0
  }

  package func floatingPointOperations(_ frames: Int) -> Int {
    branches.reduce(0) { $0 + $1.floatingPointOperations(frames) }
  }

  package func foldingInside(_ weights: inout Weights) -> Parallel {
    var layer = self
    layer.branches = branches.map { $0.folded(&weights) }
    return layer
  }

  package func attention(of clip: Batch, _ weights: Weights) -> [[Float]] {
    branches.flatMap { $0.attention(of: clip, weights) }
  }

  package func forward(_ x: consuming Batch, _ weights: Weights) -> Batch {
    let x = x
    return joined(
      branches.map { $0.forward(x, weights) })
  }

  /// Puts the branches' vectors of each clip side by side.
  func joined(_ answers: [Batch]) -> Batch {
    let clips = answers[0].lengths.count
    var values: [Float] = []
    values.reserveCapacity(clips * output.channels)
    for clip in 0..<clips {
      for (answer, width) in zip(answers, widths) {
        values += answer.values[clip * width..<(clip + 1) * width]
      }
    }
    return Batch(lengths: answers[0].lengths, bands: 1, channels: output.channels, values: values)
  }
}

extension Parallel {
  package func record(
    _ x: consuming Batch, _ weights: Weights, _ pass: inout TrainingPass
  ) -> (Batch, [[any RecordedLayer]]) {
    let x = x
    var answers: [Batch] = []
    var recorded: [[any RecordedLayer]] = []
    for branch in branches {
      let (y, layers) = branch.record(x, weights, &pass)
      answers.append(y)
      recorded.append(layers)
    }
    return (joined(answers), recorded)
  }

  /// The input's gradient is the sum of the branches'.
  package func backward(
    _ dy: consuming Batch, _ recorded: consuming [[any RecordedLayer]], _ weights: Weights,
    _ gradient: inout [Float]
  ) -> Batch {
    let dy = dy
    var dx = Batch(lengths: [], bands: input.bands, channels: input.channels)
    var first = 0
    for (width, layers) in zip(widths, recorded) {
      let part = dy.columns(first..<first + width, of: 0..<dy.frames)
      let slope = layers.backward(
        Batch(lengths: dy.lengths, bands: 1, channels: width, values: part), weights, &gradient)
      if first == 0 {
        dx = slope
      } else {
        dx.values.updateAll { addScaled(slope.values.span, 1, to: &$0) }
      }
      first += width
    }
    return dx
  }
}

extension LayerSpec {
  package static func parallel(_ spec: Parallel.Spec) -> LayerSpec { LayerSpec(spec) }
}
