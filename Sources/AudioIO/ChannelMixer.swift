/// Makes one channel of several: their mean, or the loudest of them while they cancel each other, as those of a stereo
/// recording do where one wire was swapped.
///
/// They cancel where the mean of two has less than a hundredth of their energy (20 dB). It is told at the end of every 20 ms
/// from those and the ones before, which fade by a tenth each. The first 100 ms are held until it is told for them, too. So
/// what comes out does not depend on how many frames come at once.
struct ChannelMixer {
  private let channels: Int
  private let blockFrames: Int
  /// Frames of the block under way.
  private var frames = 0
  /// The first frames, interleaved; nil once they are mixed.
  private var held: [Float]? = []
  /// Of each channel, and of the sum of all.
  private var energies: [Float]
  private var sumEnergy: Float = 0
  /// What the energies of two channels were when the block under way began.
  private var before = (first: Float(0), second: Float(0))
  private var levels = LevelPairs?.none
  private var isCancelling = false
  /// Counts in place of the mean while they cancel.
  private var channel = 0
  /// How much it counts. It takes 5 ms from 0 to 1, so that nothing clicks.
  private var weight: Float = 0
  private let fadeStep: Float

  /// - Parameter sampleRate: Hz.
  init(channels: Int, sampleRate: Int) {
    self.channels = channels
    blockFrames = max(1, sampleRate / 50)
    fadeStep = 1 / Float(max(1, sampleRate / 200))
    energies = [Float](repeating: 0, count: channels)
    if channels == 2 { levels = LevelPairs() }
  }

  /// Whether two channels hold different voices, as far as they have come.
  var channelsDiffer: Bool { levels?.differ ?? false }

  /// Appends one sample for each frame; those of the first frames come with later ones, or from `finish`.
  mutating func append(_ interleaved: Span<Float>, to samples: inout [Float]) {
    guard var first = held else { return mix(interleaved, to: &samples) }
    held = nil
    let count = min(interleaved.count, 5 * blockFrames * channels - first.count)
    for index in 0..<count { first.append(interleaved[index]) }
    guard first.count == 5 * blockFrames * channels else {
      held = first
      return
    }
    begin(with: first, into: &samples)
    mix(interleaved.extracting(count...), to: &samples)
  }

  /// Appends what is still held, at the end of the recording.
  mutating func finish(into samples: inout [Float]) {
    guard let first = held, !first.isEmpty else { return }
    held = nil
    begin(with: first, into: &samples)
  }

  private mutating func begin(with first: [Float], into samples: inout [Float]) {
    var unused: [Float] = []
    appendMeans(of: first.span, to: &unused)
    tell()
    weight = isCancelling ? 1 : 0
    beginBlock()
    mix(first.span, to: &samples)
  }

  private mutating func mix(_ interleaved: Span<Float>, to samples: inout [Float]) {
    let end = interleaved.count / channels
    samples.reserveCapacity(samples.count + end)
    var start = 0
    while start < end {
      let next = min(end, start + blockFrames - frames)
      let part = interleaved.extracting(start * channels..<next * channels)
      appendMeans(of: part, to: &samples)
      if isCancelling || weight > 0 { blend(part, into: &samples) }
      frames += next - start
      if frames == blockFrames { endBlock() }
      start = next
    }
  }

  private mutating func appendMeans(of interleaved: Span<Float>, to samples: inout [Float]) {
    let channels = self.channels
    let scale = 1 / Float(channels)
    var sums = sumEnergy
    var energies = energies.mutableSpan
    for frame in 0..<interleaved.count / channels {
      var sum: Float = 0
      for channel in 0..<channels {
        let sample = interleaved[frame * channels + channel]
        sum += sample
        energies[channel] += sample * sample
      }
      sums += sum * sum
      samples.append(sum * scale)
    }
    sumEnergy = sums
  }

  /// Puts the channel in place of the means that were appended last, as far as it counts.
  private mutating func blend(_ interleaved: Span<Float>, into samples: inout [Float]) {
    let count = interleaved.count / channels
    let first = samples.count - count
    for frame in 0..<count {
      weight = min(1, max(0, weight + (isCancelling ? fadeStep : -fadeStep)))
      let difference = interleaved[frame * channels + channel] - samples[first + frame]
      samples[first + frame] += weight * difference
    }
  }

  private mutating func endBlock() {
    tell()
    if levels != nil { countLevels() }
    for channel in energies.indices { energies[channel] *= 0.9 }
    sumEnergy *= 0.9
    frames = 0
    beginBlock()
  }

  private mutating func beginBlock() {
    if levels != nil { before = (energies[0], energies[1]) }
  }

  private mutating func countLevels() {
    let scale = 1 / Float(blockFrames)
    levels?.add((energies[0] - before.first) * scale, (energies[1] - before.second) * scale)
  }

  private mutating func tell() {
    let energy = energies.reduce(0, +)
    // Silence says nothing.
    if energy > 0 { isCancelling = sumEnergy < 0.02 * energy }
    if isCancelling && weight == 0 { channel = loudest }
  }

  private var loudest: Int { energies.indices.max { energies[$0] < energies[$1] } ?? 0 }
}
