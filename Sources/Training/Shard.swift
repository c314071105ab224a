import Augmentation
package import Features
package import LinearAlgebra
package import NeuralNetwork

/// A part of a batch that one core works on: what it has to learn from, and what comes of it.
package struct Shard: Sendable {
  /// What the network takes: the clips' maps, normalised, masked and mixed.
  package var batch: Batch
  /// One for each clip of the batch.
  package var targets: [Target]

  /// Draws a variant of each clip, varies it further, normalises it; then mixes some of them (mixup, Zhang et al. 2018).
  /// - Parameter indices: Of the examples that make the shard.
  package init(
    _ examples: [TrainingExample], _ indices: ArraySlice<Int>, context: TrainingContext,
    random: inout RandomSource
  ) {
    let augmentation = context.options.augmentation
    var maps: [FeatureMap] = []
    targets = []
    for index in indices {
      let example = examples[index]
      let isDegraded =
        !example.degraded.isEmpty && random.chance(augmentation.degradationChance)
      let copies = isDegraded ? example.degraded : example.variants
      let place = random.index(below: copies.count)
      var copy = isDegraded ? example.variants.count + place : place
      var map = context.own(copies[place].map)
      if let partners = context.partners, !isDegraded, random.chance(augmentation.joinChance),
        let other = partners.another(than: index, &random)
      {
        map.append(context.own(examples[other].variants[place].map))
      }
      map = augmentation.vary(map, &random)
      if let styles = context.styles, random.chance(augmentation.speakerStyleChance) {
        styles.move(&map, of: example, &random)
      }
      map = context.networkInput(of: map)
      if context.network.outputFrames(map.frames) < 1 {
        // Made shorter than the network takes: as recorded, then.
        map = context.networkInput(of: context.own(example.recording))
        copy = 0
      }
      augmentation.mask(&map, &random)
      maps.append(map)
      targets.append(context.target(of: example, copy: copy))
    }
    if augmentation.mixupChance > 0 { Self.mix(&maps, &targets, augmentation, &random) }
    batch = Batch(maps)
  }

  /// Lays another clip of the shard under some clips (mixup), as long as it lasts.
  private static func mix(
    _ maps: inout [FeatureMap], _ targets: inout [Target], _ augmentation: AugmentationOptions,
    _ random: inout RandomSource
  ) {
    let (clean, original) = (maps, targets)
    for clip in maps.indices where random.chance(augmentation.mixupChance) {
      let other = random.index(below: clean.count)
      let drawn = random.beta(Double(augmentation.mixup))
      let fraction = max(drawn, 1 - drawn)
      let (own, under) = (clean[clip].values, clean[other].values)
      let common = 0..<min(own.count, under.count)
      maps[clip].values.updateAll { addScaled(own.span, fraction - 1, to: &$0) }
      maps[clip].values.updatePart(common) {
        addScaled(under.span.extracting(common), 1 - fraction, to: &$0)
      }
      targets[clip] = original[clip].mixed(with: original[other], fraction: fraction)
    }
  }
}

extension Batch {
  /// Maps of one number of bands and channels, of any lengths, side by side.
  /// - Precondition: there is at least one.
  package init(_ maps: [FeatureMap]) {
    self.init(
      lengths: maps.map(\.frames), bands: maps[0].bands, channels: maps[0].channels,
      values: maps.flatMap(\.values))
  }
}
