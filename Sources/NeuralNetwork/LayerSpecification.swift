/// What a weights file says of one layer: plain data, named as the fields are.
public protocol LayerSpecification: Codable, Sendable, Equatable {
  /// Unique in its network; the layer's tensors are `name.weight` and so on.
  var name: String { get set }
}

extension LayerSpecification {
  func check(_ holds: Bool, _ problem: String) throws(ModelError) {
    if !holds { throw .invalidLayer(name: name, problem: problem) }
  }

  func check(_ value: Int, _ field: String, _ range: ClosedRange<Int>) throws(ModelError) {
    try check(
      range.contains(value),
      "\(field) is \(value), must be \(range.lowerBound) to \(range.upperBound)")
  }

  /// A pair, for bands and for frames.
  func check(_ pair: [Int], _ field: String, _ range: ClosedRange<Int>) throws(ModelError) {
    try check(pair.count == 2, "\(field) must be two numbers, for bands and for frames")
    for value in pair { try check(value, field, range) }
  }
}

/// One entry of a network's list of layers. In JSON: `{"type": "conv2d", "name": …, …}`.
public enum LayerSpec: Sendable, Equatable {
  case conv2d(Conv2D.Spec)
  case batchNorm(BatchNorm.Spec)
  case relu(ReLU.Spec)
  case maxPool(Pool2D.Spec)
  case averagePool(Pool2D.Spec)
  case dropout(Dropout.Spec)
  case sequence(ToSequence.Spec)
  case lstm(Recurrent.Spec)
  case gru(Recurrent.Spec)
  case selfAttention(SelfAttention.Spec)
  case layerNorm(LayerNorm.Spec)
  case attentionPooling(AttentionPooling.Spec)
  case statisticsPooling(StatisticsPooling.Spec)
  case lastStep(LastStep.Spec)
  case dense(Dense.Spec)
  case softmax(Softmax.Spec)
  case standardize(Standardize.Spec)
  case unroll(Unroll.Spec)
  case residual(Residual.Spec)

  var specification: any LayerSpecification {
    switch self {
    case .conv2d(let spec): spec
    case .batchNorm(let spec): spec
    case .relu(let spec): spec
    case .maxPool(let spec): spec
    case .averagePool(let spec): spec
    case .dropout(let spec): spec
    case .sequence(let spec): spec
    case .lstm(let spec): spec
    case .gru(let spec): spec
    case .selfAttention(let spec): spec
    case .layerNorm(let spec): spec
    case .attentionPooling(let spec): spec
    case .statisticsPooling(let spec): spec
    case .lastStep(let spec): spec
    case .dense(let spec): spec
    case .softmax(let spec): spec
    case .standardize(let spec): spec
    case .unroll(let spec): spec
    case .residual(let spec): spec
    }
  }

  public var name: String { specification.name }

  /// The layer for frames of shape `input`, its weights placed in `layout`.
  func layer(
    input: FrameShape, layout: inout ParameterLayout
  ) throws(ModelError) -> any Layer {
    switch self {
    case .conv2d(let spec): try Conv2D(spec, input: input, layout: &layout)
    case .batchNorm(let spec): try BatchNorm(spec, input: input, layout: &layout)
    case .relu(let spec): ReLU(spec, input: input)
    case .maxPool(let spec): try Pool2D(.maximum, spec, input: input)
    case .averagePool(let spec): try Pool2D(.average, spec, input: input)
    case .dropout(let spec): try Dropout(spec, input: input)
    case .sequence(let spec): try ToSequence(spec, input: input)
    case .lstm(let spec): try Recurrent(.lstm, spec, input: input, layout: &layout)
    case .gru(let spec): try Recurrent(.gru, spec, input: input, layout: &layout)
    case .selfAttention(let spec): try SelfAttention(spec, input: input, layout: &layout)
    case .layerNorm(let spec): try LayerNorm(spec, input: input, layout: &layout)
    case .attentionPooling(let spec):
      try AttentionPooling(spec, input: input, layout: &layout)
    case .statisticsPooling(let spec): try StatisticsPooling(spec, input: input)
    case .lastStep(let spec): try LastStep(spec, input: input)
    case .dense(let spec): try Dense(spec, input: input, layout: &layout)
    case .softmax(let spec): Softmax(spec, input: input)
    case .standardize(let spec): try Standardize(spec, input: input, layout: &layout)
    case .unroll(let spec): try Unroll(spec, input: input)
    case .residual(let spec): try Residual(spec, input: input, layout: &layout)
    }
  }
}
