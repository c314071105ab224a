/// The order in which a recurrent layer walks through a ragged batch: step by step, at each step the clips
/// still running, longest first, so that each step is one product over a dense block of rows.
package struct PackedSequence: Sendable {
  /// Clips, longest first.
  let clips: [Int]
  /// First frame and length of each clip of `clips`.
  let starts: [Int]
  let lengths: [Int]
  /// Rows of each step.
  let active: [Int]
  /// First row of each step.
  let offsets: [Int]

  init(_ lengths: [Int]) {
    clips = lengths.indices.sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    var firsts: [Int] = []
    var frame = 0
    for length in lengths {
      firsts.append(frame)
      frame += length
    }
    starts = clips.map { firsts[$0] }
    self.lengths = clips.map { lengths[$0] }
    var active: [Int] = []
    var running = lengths.count
    for step in 0..<(self.lengths.first ?? 0) {
      while running > 0, self.lengths[running - 1] <= step { running -= 1 }
      active.append(running)
    }
    self.active = active
    var offset = 0
    offsets = active.map { rows in
      defer { offset += rows }
      return offset
    }
  }

  var steps: Int { active.count }
  var rows: Int { lengths.reduce(0, +) }

  /// The frame that row `row` of step `step` reads and writes.
  @inline(__always)
  func frame(step: Int, row: Int, reversed: Bool) -> Int {
    starts[row] + (reversed ? lengths[row] - 1 - step : step)
  }
}

extension PackedSequence {
  /// Rows of `width` values from the order of frames to the order of steps.
  func packed(_ values: [Float], width: Int, reversed: Bool) -> [Float] {
    unsafe [Float](unsafeUninitializedCapacity: rows * width) { target, count in
      unsafe values.withUnsafeBufferPointer { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        var row = 0
        for step in 0..<steps {
          for clip in 0..<active[step] {
            let frame = frame(step: step, row: clip, reversed: reversed)
            unsafe (to + row * width).initialize(from: from + frame * width, count: width)
            row += 1
          }
        }
      }
      count = rows * width
    }
  }

  /// The way back: rows in the order of steps to the order of frames.
  func unpacked(_ values: [Float], width: Int, reversed: Bool) -> [Float] {
    var frames = [Float](repeating: 0, count: rows * width)
    var row = 0
    for step in 0..<steps {
      for clip in 0..<active[step] {
        let to = frame(step: step, row: clip, reversed: reversed) * width
        for i in 0..<width { frames[to + i] = values[row * width + i] }
        row += 1
      }
    }
    return frames
  }

  /// The hidden state that each row after the first step came from.
  func statesBefore(_ hidden: [Float], _ units: Int) -> [Float] {
    // Clips of one length: each row's state lies one step before it.
    if active[0] == active[steps - 1] { return hidden }
    var before: [Float] = []
    before.reserveCapacity((rows - active[0]) * units)
    for step in 1..<steps {
      let start = offsets[step - 1] * units
      before += hidden[start..<start + active[step] * units]
    }
    return before
  }
}
