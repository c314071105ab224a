import AudioIO
import EmotionModel
import Features
import FileIO
import Foundation
import NeuralNetwork
import Recognition
import SafeTensors
import TestSupport
import Testing

/// A weights file of a small network with arbitrary weights, gone when its owner is.
final class SmallModel: Sendable {
  let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path

  init(
    temperature: Float = 1, bands: Int = 12, change: (inout TensorFile) -> Void = { _ in }
  ) throws {
    let configuration = Self.features()
    let network = try Network(
      NetworkSpec(
        bands: bands, channels: 1,
        layers: [
          .conv2d(.init(name: "conv", channels: 3, kernel: [3, 5], stride: [2, 2])),
          .batchNorm(.init(name: "norm")), .relu(.init(name: "rectify")),
          .sequence(.init(name: "sequence")), .lstm(.init(name: "lstm", units: 8)),
          .attentionPooling(.init(name: "attention")), .dense(.init(name: "classes", units: 4)),
          .softmax(.init(name: "softmax")),
        ]))
    let model = try ModelFile(
      name: "small", labels: ["calm", "happy", "sad", "angry"],
      members: [
        .init(
          features: configuration.fingerprint, network: network,
          weights: Weights(
            parameters: (0..<network.layout.parameterCount).map { 0.7 * sin(Float($0 * $0)) },
            statistics: [0, 0.1, 0.2, 1, 2, 3]))
      ],
      calibration: .init(temperature: temperature))
    var file = model.tensorFile
    change(&file)
    try file.write(to: path)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  static func features() -> FrontEndConfiguration {
    var configuration = FrontEndConfiguration()
    configuration.minimumDuration = 0.1
    configuration.channels = [.init(features: [.init(.logMel(.init(mel: .init(bands: 12))))])]
    return configuration
  }

  func recognizer() throws -> Recognizer { try Recognizer(modelAt: path) }
}

extension TensorFile {
  /// Changes a part of the members' JSON; a part that is not there fails the test.
  fileprivate mutating func replaceFeatures(_ part: String, by other: String) {
    let members = metadata["members", default: ""]
    #expect(members.contains(part), "\(part) in \(members)")
    metadata["members"] = members.replacing(part, with: other)
  }
}

/// A voice-like sound: a few partials that glide, at 16 bits.
func sound(rate: Int = 16_000, seconds: Double = 0.8, seed: Int = 0) -> [Int16] {
  (0..<Int(Double(rate) * seconds)).map { index in
    let t = Double(index) / Double(rate)
    let pitch = 110 + 60 * t + 20 * Double(seed)
    let partials = (1...6).map { sin(2 * .pi * pitch * Double($0) * t) / Double($0) }
    return Int16(6000 * partials.reduce(0, +) * (1 + sin(20 * t)) / 2)
  }
}

/// A 16-bit PCM WAV file that says each sample once a channel.
func wav(_ samples: [Int16], rate: Int = 16_000, channels: Int = 1) -> [UInt8] {
  func bytes(_ value: some FixedWidthInteger, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  let data = samples.flatMap { sample in (0..<channels).flatMap { _ in bytes(sample, 2) } }
  return Array("RIFF".utf8) + bytes(36 + data.count, 4) + Array("WAVEfmt ".utf8) + bytes(16, 4)
    + bytes(1, 2) + bytes(channels, 2) + bytes(rate, 4) + bytes(rate * channels * 2, 4)
    + bytes(channels * 2, 2) + bytes(16, 2) + Array("data".utf8) + bytes(data.count, 4) + data
}

@Suite("A recognizer")
struct RecognizerTests {
  private let model: SmallModel
  private let recognizer: Recognizer

  init() throws {
    model = try SmallModel()
    recognizer = try model.recognizer()
  }

  @Test(
    "gives probabilities of all labels for any rate and number of channels",
    arguments: [8000, 16_000, 22_050, 44_100, 48_000], [1, 2, 6])
  func formats(rate: Int, channels: Int) throws {
    let prediction = try recognizer.predict(
      wav(sound(rate: rate), rate: rate, channels: channels))
    #expect(prediction.scores.map(\.label) == ["calm", "happy", "sad", "angry"])
    #expect(prediction.scores.allSatisfy { 0...1 ~= $0.probability })
    #expect(abs(prediction.scores.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    #expect(prediction.best?.probability == prediction.scores.map(\.probability).max())
    #expect(prediction.audio.sampleRate == rate && prediction.audio.channels == channels)
    #expect(abs(prediction.audio.duration - 0.8) < 1e-3)
    #expect(prediction.model.name == "small" && prediction.model.sha256.count == 64)
  }

  @Test("each channel is classified as a recording of its own; one may be silent, but not all")
  func channels() throws {
    let voice = sound()
    func predictions(_ right: [Int16]) throws -> [Prediction] {
      let bytes = zip(voice, right).flatMap { [$0, $1] }.flatMap {
        [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)]
      }
      return try recognizer.predict(
        EncodedRecording(bytes, as: RawPCM(sampleRate: 16_000, channels: 2)), channels: .each,
        budget: ProcessorBudget(), perform: { $1() })
    }
    let soft = voice.map { $0 / 4 }
    #expect(
      try predictions(soft).map(\.scores)
        == [voice, soft].map {
          try recognizer.predict(wav($0)).scores
        })
    let silence = [Int16](repeating: 0, count: voice.count)
    let answers = try predictions(silence)
    #expect(answers[0].emotion != nil)
    #expect(answers[1].scores.isEmpty && answers[1].quality.contains(.noSpeech))
    #expect(throws: RecognitionError.features(.silent)) {
      try recognizer.predict(
        EncodedRecording(wav(silence, channels: 2)), channels: .each, budget: ProcessorBudget(),
        perform: { $1() })
    }
  }

  @Test("says of two equal channels what it says of one")
  func duplicatedChannel() throws {
    let mono = try recognizer.predict(wav(sound()))
    let stereo = try recognizer.predict(wav(sound(), channels: 2))
    #expect(stereo.scores == mono.scores)
  }

  @Test("says of a FLAC file what it says of the WAV file with its samples")
  func lossless() throws {
    let answers = try ["tone.wav", "tone.flac"].map {
      try recognizer.predict([UInt8](fixture($0)))
    }
    #expect(answers[0].scores == answers[1].scores)
    #expect(answers[0].audio.format != answers[1].audio.format)
  }

  @Test("depends on the level of a recording no more than its normalisation lets it")
  func level() throws {
    let loud = try recognizer.predict(wav(sound()))
    let soft = try recognizer.predict(wav(sound().map { $0 / 4 }))
    let pairs = zip(loud.scores, soft.scores)
    #expect(pairs.allSatisfy { abs($0.probability - $1.probability) < 0.02 })
  }

  @Test("refuses what it cannot answer with the reason")
  func refusals() throws {
    #expect(throws: RecognitionError.audio(.empty)) { try recognizer.predict([]) }
    #expect(throws: RecognitionError.audio(.unrecognized)) {
      try recognizer.predict(Array("This is a letter, not a voice.".utf8))
    }
    #expect(throws: RecognitionError.features(.silent)) {
      try recognizer.predict(wav(.init(repeating: 0, count: 16_000)))
    }
    #expect(throws: RecognitionError.features(.tooShort(duration: 0.05, minimum: 0.1))) {
      try recognizer.predict(wav(sound(seconds: 0.05)))
    }
  }

  @Test("refuses a clip with fewer frames than its network takes")
  func fewerFrames() throws {
    var configuration = SmallModel.features()
    configuration.minimumDuration = 0.001
    configuration.trim = nil
    let short = try SmallModel {
      $0.replaceFeatures(SmallModel.features().fingerprint, by: configuration.fingerprint)
    }
    let error = #expect(throws: RecognitionError.self) {
      try short.recognizer().predict(wav(sound(seconds: 0.02)))
    }
    #expect(error == .features(.tooShort(duration: 0.02, minimum: 0.05)))
  }

  @Test("answers many at once as it answers one after the other")
  func concurrent() async throws {
    let clips = (0..<40).map { wav(sound(seconds: 0.3 + 0.02 * Double($0), seed: $0 % 7)) }
    let expected = try clips.map { try recognizer.predict($0) }
    let found = try await withThrowingTaskGroup(of: (Int, Prediction).self) { group in
      for (place, clip) in clips.enumerated() {
        group.addTask { [recognizer] in (place, try recognizer.predict(clip)) }
      }
      return try await group.reduce(into: [Int: Prediction]()) { $0[$1.0] = $1.1 }
    }
    #expect(clips.indices.allSatisfy { found[$0] == expected[$0] })
  }

  @Test("is surer at a lower temperature and less sure at a higher one, of the same label")
  func temperature() throws {
    let answers = try [0.25, 1, 4].map { temperature in
      try SmallModel(temperature: temperature).recognizer().predict(wav(sound()))
    }
    #expect(Set(answers.map(\.best?.label)).count == 1)
    let confidences = try answers.map { try #require($0.best).probability }
    #expect(confidences[0] > confidences[1] && confidences[1] > confidences[2])
    // p^(1/T), normalised again.
    let powers = answers[1].scores.map { sqrt(sqrt($0.probability)) }
    let expected = powers.map { $0 / powers.reduce(0, +) }
    #expect(largestDifference(answers[2].scores.map(\.probability), expected) < 1e-5)
  }

  @Test("knows its model")
  func identity() throws {
    #expect(recognizer.labels == ["calm", "happy", "sad", "angry"])
    #expect(recognizer.card.parameterCount == 3 * 15 + 3 + 6 + 4 * 8 * (15 + 8) + 64 + 9 + 36)
    #expect(recognizer.card.members[0].features == SmallModel.features().fingerprint)
    #expect(try model.recognizer().identity == recognizer.identity)
    #expect(
      try SmallModel(temperature: 2).recognizer().identity.sha256 != recognizer.identity.sha256)
  }
}

@Suite("A weights file that cannot be served")
struct ModelLoadTests {
  @Test("is refused when it is not there, is no file or is none of ours")
  func files() throws {
    #expect(throws: ModelLoadError.file(FileError(path: "/none", reason: .notFound))) {
      try Recognizer(modelAt: "/none")
    }
    #expect(throws: ModelLoadError.file(FileError(path: "/", reason: .notRegularFile))) {
      try Recognizer(modelAt: "/")
    }
    let path = #filePath
    let error = #expect(throws: ModelLoadError.self) { try Recognizer(modelAt: path) }
    #expect(error?.description.hasPrefix("\(path): ") == true)
  }

  @Test("is refused when its features do not fit its network")
  func otherFeatures() throws {
    let model = try SmallModel(bands: 16)
    // The network's second layer sees other bands, so the file is whole; only its features differ.
    let error = ModelError.inputMismatch(expected: [16, 1], found: [12, 1])
    #expect(throws: ModelLoadError.model(path: model.path, .model(error))) {
      try model.recognizer()
    }
  }

  @Test("is refused when its feature configuration is none")
  func brokenFeatures() throws {
    let missing = try SmallModel {
      $0.replaceFeatures(#""hopLength":160,"length""#, by: #""length""#)
    }
    let unknown = try SmallModel {
      $0.replaceFeatures(#""silenceFloor""#, by: #""colour":1,"silenceFloor""#)
    }
    for (model, field) in [(missing, "hopLength is missing"), (unknown, "colour is unknown")] {
      let error = #expect(throws: ModelLoadError.self) { try model.recognizer() }
      #expect(error?.description.contains(field) == true, "\(String(describing: error))")
    }
  }

  @Test("is refused when it is cut short or a tensor lacks")
  func damagedWeights() throws {
    let model = try SmallModel { file in file.tensors.removeAll { $0.name == "norm.bias" } }
    #expect(
      throws: ModelLoadError.model(path: model.path, .model(.missingTensor(name: "norm.bias")))
    ) { try model.recognizer() }
    let bytes = try Data(contentsOf: URL(filePath: model.path))
    try bytes.dropLast(4).write(to: URL(filePath: model.path))
    #expect(
      throws: ModelLoadError.model(
        path: model.path, .tensors(.truncated(expected: bytes.count, found: bytes.count - 4)))
    ) { try model.recognizer() }
  }
}
