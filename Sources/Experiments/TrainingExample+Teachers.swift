import Training

extension [TrainingExample] {
  /// The examples at some places with what teachers say of each of their copies; the others as they are. As they are all, without
  /// teachers.
  func taught(by teachers: [FittedModel.Member], at places: [Int]) async -> [TrainingExample] {
    guard !teachers.isEmpty else { return self }
    let copies = places.flatMap { self[$0].copies }
    var logits = await teachers.logits(of: copies)[...]
    var taught = self
    for place in places {
      let count = self[place].variants.count + self[place].degraded.count
      taught[place].teacherLogits = [[Float]](logits.prefix(count))
      logits = logits.dropFirst(count)
    }
    return taught
  }
}

extension TrainingExample {
  /// An example of each copy, the recording first.
  fileprivate var copies: [TrainingExample] {
    (variants + degraded).map {
      var copy = self
      (copy.variants, copy.degraded) = ([$0], [])
      return copy
    }
  }
}
