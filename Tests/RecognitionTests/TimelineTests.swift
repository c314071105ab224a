import AudioIO
import Recognition
import TestSupport
import Testing

private func samples(_ values: [Int16]) -> [Float] { values.map { Float($0) / 32_768 } }

@Suite("a timeline")
struct TimelineTests {
  private let model: SmallModel
  private let recognizer: Recognizer

  init() throws {
    model = try SmallModel()
    recognizer = try model.recognizer()
  }

  /// Speech from 0 to 2 s and from 5 to 6.5 s.
  private let recording =
    sound(seconds: 2) + [Int16](repeating: 0, count: 48_000) + sound(seconds: 1.5)

  private func windows(
    _ source: some ByteSource, _ plan: WindowPlan = .init(), limit: Double = 3600
  ) throws -> [RecordingWindow] {
    var reader = try recognizer.windows(
      of: source, as: nil, by: .windows(plan), maximumDuration: limit)
    var windows: [RecordingWindow] = []
    while let window = try reader.next() { windows.append(window) }
    #expect(try reader.next() == nil)
    return windows
  }

  @Test(
    "windows begin at every hop and cover everything; only the last may be shorter",
    arguments: [
      (0.5, 3.0, 1.0, [0...0.5]), (3, 3, 1, [0...3]), (4, 3, 1, [0...3, 1...4]),
      (4.5, 3, 1, [0...3, 1...4, 2...4.5]), (4, 2, 2, [0...2, 2...4]),
      (4.1, 2, 2, [0...2, 2...4, 4...4.1]), (2, 1, 0.5, [0...1, 0.5...1.5, 1...2]),
    ])
  func cutting(
    seconds: Double, window: Double, hop: Double, expected: [ClosedRange<Double>]
  ) throws {
    let bytes = wav(sound(seconds: seconds))
    let found = try windows(ArrivingBytes(bytes), WindowPlan(duration: window, hop: hop))
    #expect(found.map(\.start) == expected.map(\.lowerBound))
    for (window, range) in zip(found, expected) {
      #expect(abs(window.start + window.waveform.duration - range.upperBound) < 1e-4)
    }
  }

  @Test("windows hold the recording's own samples")
  func content() throws {
    let values = sound(seconds: 4.5)
    let found = try windows(ArrivingBytes(wav(values)))
    for window in found {
      let start = Int(window.start * 16_000)
      let expected = samples(Array(values[start..<start + window.waveform.samples.count]))
      #expect(window.waveform.samples == expected)
    }
  }

  @Test(
    "an upload in pieces has the windows of the finished file", arguments: [8000, 16_000, 44_100])
  func pieces(rate: Int) throws {
    let bytes = wav(sound(rate: rate, seconds: 7.3), rate: rate, channels: 2)
    let whole = try windows(ArrivingBytes(bytes))
    #expect(whole.count == 6)
    for size in [1000, 33_333] {
      var rest = bytes[...]
      let arriving = ArrivingBytes {
        guard !rest.isEmpty else { return nil }
        defer { rest = rest.dropFirst(size) }
        return Array(rest.prefix(size))
      }
      #expect(try windows(arriving) == whole)
    }
  }

  @Test("a window is given before anything beyond it has come")
  func live() throws {
    let bytes = wav(sound(seconds: 10))
    var given = 0
    let source = ArrivingBytes {
      defer { given += 1600 }
      return given < bytes.count ? Array(bytes[given..<min(given + 1600, bytes.count)]) : nil
    }
    var reader = try recognizer.windows(
      of: source, as: nil, maximumDuration: 60)
    for second in 3...10 {
      _ = try reader.next()
      // Decoding goes in blocks of a third of a second.
      #expect(Double(given) <= (Double(second) + 0.4) * 32_000 + 1644)
    }
  }

  @Test("speech is labelled as in a file of its own, and what is no speech is not")
  func labels() throws {
    let entries = try windows(ArrivingBytes(wav(recording))).map { try recognizer.classify($0) }
    #expect(entries.map { $0.scores != nil } == [true, true, false, true, true])
    #expect(entries.map(\.start) == [0, 1, 2, 3, 4])
    for entry in entries where entry.scores != nil {
      let range = Int(entry.start * 16_000)..<Int((entry.end * 16_000).rounded())
      #expect(try recognizer.predict(wav(Array(recording[range]))).scores == entry.scores)
    }
  }

  @Test("of a window with a pause of a second or more the network hears the speech alone")
  func pause() throws {
    func entry(_ pause: Double) throws -> (samples: [Float], entry: TimelineEntry) {
      let values =
        sound(seconds: 1) + [Int16](repeating: 0, count: Int(16_000 * pause)) + sound(seconds: 0.5)
      let window = RecordingWindow(
        start: 0, waveform: Waveform(samples: samples(values), sampleRate: 16_000))
      return (window.waveform.samples, try recognizer.classify(window))
    }
    func scores(_ samples: [Float]) throws -> [Score] {
      try recognizer.scores(of: Waveform(samples: samples, sampleRate: 16_000))
    }
    let long = try entry(1.5)
    let pause = try #require(long.entry.activity.pauses.first)
    #expect(long.entry.activity.pauses.count == 1)
    #expect(abs(pause.lowerBound - 17_600) < 1600 && abs(pause.upperBound - 38_400) < 1600)
    let speech = Array(long.samples[..<pause.lowerBound] + long.samples[pause.upperBound...])
    #expect(try long.entry.scores == scores(speech))
    #expect(try long.entry.scores != scores(long.samples))
    let short = try entry(0.8)
    #expect(short.entry.activity.pauses.isEmpty)
    #expect(try short.entry.scores == scores(short.samples))
  }

  @Test("the whole is the mean of its windows, each counting by the speech in it")
  func summary() throws {
    let entries = try windows(ArrivingBytes(wav(recording))).map { try recognizer.classify($0) }
    var summary = TimelineSummary()
    #expect(summary.scores == nil)
    for entry in entries { summary.add(entry) }
    let scores = try #require(summary.scores)
    #expect(scores.map(\.label) == recognizer.labels)
    let weight = entries.reduce(0) { $0 + ($1.scores == nil ? 0 : $1.activity.speech) }
    for (i, score) in scores.enumerated() {
      let sum = entries.reduce(0) {
        $0 + Double($1.scores?[i].probability ?? 0) * $1.activity.speech
      }
      #expect(abs(Double(score.probability) - sum / weight) < 1e-6)
    }
  }

  @Test("a long recording is answered as its utterances are, a sentence as a whole")
  func longRecordings() throws {
    func scores(_ samples: [Int16]) throws -> (answer: [Score], utterances: [Score], whole: [Score])
    {
      let bytes = wav(samples)
      var reader = try recognizer.windows(
        of: ArrivingBytes(bytes), as: nil, by: .utterances, maximumDuration: 60)
      var summary = TimelineSummary()
      while let utterance = try reader.next() { summary.add(try recognizer.classify(utterance)) }
      let waveform = Waveform(samples: samples.map { Float($0) / 32_768 }, sampleRate: 16_000)
      return (
        try recognizer.predict(bytes).scores, try #require(summary.scores),
        try recognizer.scores(of: waveform)
      )
    }
    let long = try scores(sound(seconds: 6.3))
    #expect(long.answer == long.utterances && long.answer != long.whole)
    let short = try scores(sound(seconds: 4))
    #expect(short.answer == short.whole)
    // Silence around it makes no sentence longer.
    let pause = [Int16](repeating: 0, count: 48_000)
    let framed = try scores(pause + sound(seconds: 3) + pause)
    #expect(framed.answer == framed.whole)
  }

  @Test("windows that mostly say something else than the whole are mixed")
  func mixed() {
    func entry(_ first: Float, _ second: Float, speech: Double = 2) -> TimelineEntry {
      let activity = VoiceActivity(
        duration: 3, voiced: speech, speech: speech, levelDeviation: 5, speechToNoise: 20)
      let scores = [("angry", first), ("sad", second), ("calm", 1 - first - second)]
      return TimelineEntry(
        start: 0, end: 3, activity: activity,
        scores: scores.map { Score(label: $0.0, probability: $0.1) })
    }
    func isMixed(_ entries: [TimelineEntry]) -> Bool {
      var summary = TimelineSummary()
      for entry in entries { summary.add(entry) }
      return summary.isMixed
    }
    #expect(!isMixed([]))
    #expect(!isMixed([entry(0.8, 0.1), entry(0.7, 0.2), entry(0.1, 0.8)]))
    // Angry in the mean, and in the least of the speech.
    #expect(isMixed([entry(1, 0), entry(0.4, 0.6), entry(0.3, 0), entry(0.4, 0.5)]))
    #expect(!isMixed([entry(1, 0, speech: 9), entry(0.4, 0.6), entry(0.3, 0)]))
  }

  @Test("a recording without speech has windows and no label")
  func silence() throws {
    let found = try windows(ArrivingBytes(wav(.init(repeating: 0, count: 64_000))))
    #expect(found.count == 2)
    #expect(try found.allSatisfy { try recognizer.classify($0).scores == nil })
  }

  @Test(
    "too long a recording ends with an error where it has become too long; one without samples at once"
  )
  func limits() throws {
    let bytes = wav(sound(seconds: 8))
    var reader = try recognizer.windows(
      of: ArrivingBytes(bytes), as: nil, maximumDuration: 5)
    #expect(try reader.next() != nil)
    #expect(throws: AudioError.tooLong(maximum: 5)) { while try reader.next() != nil {} }
    #expect(throws: AudioError.noSamples) { try windows(ArrivingBytes(wav([]))) }
    #expect(throws: RecognitionError.audio(.unrecognized)) {
      try windows(ArrivingBytes(Array("no recording".utf8)))
    }
  }

  @Test("headerless samples are read as they are described")
  func raw() throws {
    let values = sound(seconds: 1)
    let bytes = values.flatMap {
      [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
    }
    let format = RawPCM(sampleRate: 16_000)
    let prediction = try recognizer.predict(EncodedRecording(bytes, as: format))
    #expect(prediction.scores == (try recognizer.predict(wav(values)).scores))
    var reader = try recognizer.windows(
      of: ArrivingBytes(bytes), as: format, maximumDuration: 60)
    #expect(try reader.next()?.waveform.samples == samples(values))
  }
}
