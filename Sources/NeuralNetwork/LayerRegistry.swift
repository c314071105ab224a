/// The layers that a network may be made of.
package enum LayerRegistry {
  package static let all: [any LayerSpecification.Type] = [
    Conv2D.Spec.self,
    BatchNorm.Spec.self,
    ReLU.Spec.self,
    Pool2D<Maximum>.Spec.self,
    Pool2D<Average>.Spec.self,
    Dropout.Spec.self,
    ToSequence.Spec.self,
    Recurrent<LSTM>.Spec.self,
    Recurrent<GRU>.Spec.self,
    SelfAttention.Spec.self,
    LayerNorm.Spec.self,
    AttentionPooling.Spec.self,
    StatisticsPooling.Spec.self,
    LastStep.Spec.self,
    Dense.Spec.self,
    Softmax.Spec.self,
    Standardize.Spec.self,
    Unroll.Spec.self,
    Residual.Spec.self,
  ]

  /// Their `type` in JSON, in this order.
  package static let typeNames = all.map { $0.typeName }

  /// By their `type` in JSON.
  package static let types = Dictionary(uniqueKeysWithValues: all.map { ($0.typeName, $0) })
}
