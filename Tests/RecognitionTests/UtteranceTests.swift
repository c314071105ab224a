import AudioIO
import Recognition
import TestSupport
import Testing

@Suite("utterances")
struct UtteranceTests {
  private let model: SmallModel
  private let recognizer: Recognizer

  init() throws {
    model = try SmallModel()
    recognizer = try model.recognizer()
  }

  private func silence(_ seconds: Double) -> [Int16] {
    [Int16](repeating: 0, count: Int(seconds * 16_000))
  }

  private func segments(_ source: some ByteSource) throws -> [RecordingWindow] {
    var reader = try recognizer.windows(
      of: source, as: nil, by: .utterances, maximumDuration: 3600)
    var segments: [RecordingWindow] = []
    while let segment = try reader.next() { segments.append(segment) }
    #expect(try reader.next() == nil)
    return segments
  }

  /// Beginning and end of each segment in which somebody speaks, s.
  private func utterances(_ samples: [Int16]) throws -> [ClosedRange<Double>] {
    try segments(ArrivingBytes(wav(samples))).map { try recognizer.classify($0) }
      .filter { $0.scores != nil }.map { $0.start...$0.end }
  }

  @Test("they end where nobody speaks for half a second, and not before")
  func pauses() throws {
    let found = try utterances(
      silence(2) + sound(seconds: 2) + silence(1) + sound(seconds: 1) + silence(0.3)
        + sound(seconds: 1) + silence(3))
    let expected = [2.0...4.0, 5.0...7.3]
    #expect(found.count == expected.count)
    for (found, expected) in zip(found, expected) {
      #expect(abs(found.lowerBound - expected.lowerBound) < 0.3)
      #expect(abs(found.upperBound - expected.upperBound) < 0.3)
    }
  }

  @Test("with the pauses between them they are the whole recording")
  func cover() throws {
    let values = silence(1) + sound(seconds: 2) + silence(6) + sound(seconds: 9) + silence(0.1)
    let found = try segments(ArrivingBytes(wav(values)))
    #expect(found.flatMap(\.waveform.samples) == values.map { Float($0) / 32_768 })
    #expect(found.allSatisfy { $0.waveform.duration <= 4.5 })
    #expect(found.first?.start == 0)
  }

  @Test("an upload in pieces has the utterances of the finished file", arguments: [1000, 33_333])
  func pieces(size: Int) throws {
    let bytes = wav(sound(seconds: 2.3) + silence(0.8) + sound(seconds: 7.1))
    var rest = bytes[...]
    let arriving = ArrivingBytes {
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
    #expect(try segments(arriving) == segments(ArrivingBytes(bytes)))
  }

  @Test("one is given once its pause is heard")
  func live() throws {
    let bytes = wav(sound(seconds: 2) + silence(20))
    var given = 0
    let source = ArrivingBytes {
      defer { given += 1600 }
      return given < bytes.count ? Array(bytes[given..<min(given + 1600, bytes.count)]) : nil
    }
    var reader = try recognizer.windows(of: source, as: nil, by: .utterances, maximumDuration: 60)
    #expect(try reader.next() != nil)
    // A pause, a step, and a block of the decoder.
    #expect(Double(given) <= (2 + 0.5 + 0.25 + 0.4) * 32_000 + 1644)
  }

  @Test("a recording without speech has none")
  func none() throws {
    #expect(try utterances(silence(12)).isEmpty)
    #expect(try utterances(silence(0.1)).isEmpty)
  }
}
