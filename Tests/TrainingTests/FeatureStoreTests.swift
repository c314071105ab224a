import AudioCodecs
import AudioIO
import Augmentation
import Corpora
import Features
import FileIO
import Foundation
import SafeTensors
import Synchronization
import Testing
import Training
import TrainingTestSupport

@Suite("A feature store")
struct FeatureStoreTests {
  let tree: TestTree
  var cache: String { tree.path("cache") }

  init() throws {
    tree = try TestTree([])
    try FileManager.default.createDirectory(
      atPath: tree.path("cache"), withIntermediateDirectories: true)
    try tree.add("clip.wav", bytes: recording())
  }

  /// Half a second of a tone that grows.
  private func recording(rate: Int = 8000) throws -> [UInt8] {
    let samples = (0..<rate / 2).map { Float($0) / Float(rate) * sin(Float($0) * 0.3) }
    return try Waveform(samples: samples, sampleRate: rate).wavFile(encoding: .pcm16)
  }

  private func store(copies: [AugmentedCopy] = [.speed(0.9), .speed(1.1)], folder: String?)
    -> FeatureStore
  {
    FeatureStore(frontEnd: Chirps.frontEnd, copies: copies, folder: folder)
  }

  private var cached: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: cache).sorted() }
  }

  @Test("gives the recording first, then slower and faster copies")
  func variants() throws {
    let maps = try store(copies: [.speed(0.5), .speed(2)], folder: nil).variants(
      of: tree.path("clip.wav"))
    #expect(maps.count == 3)
    #expect(maps.allSatisfy { $0.bands == 8 && $0.channels == 1 })
    #expect(maps[1].frames > 3 * maps[0].frames / 2 && maps[0].frames > 3 * maps[2].frames / 2)
  }

  @Test("makes copies of another pitch and of the same length, and noisy ones")
  func pitchAndNoise() throws {
    let maps = try store(copies: [.pitch(12), .pitch(-12), noise(0), noise(60)], folder: nil)
      .variants(of: tree.path("clip.wav")).map(\.map)
    #expect(maps.allSatisfy { abs($0.frames - maps[0].frames) <= 2 })
    /// Where the middle frame's energy lies, in bands.
    let centres = maps.map { map in
      let row = (0..<8).map { exp(map[map.frames / 2, $0, 0] / 10) }
      return zip(row, 0..<8).reduce(0) { $0 + $1.0 * Float($1.1) } / row.reduce(0, +)
    }
    #expect(centres[1] > centres[0] + 0.3 && centres[2] < centres[0] - 0.2)
    // Far above the tone there is only noise.
    let hiss = maps.map { map in
      (0..<map.frames).reduce(0) { $0 + map[$1, 4, 0] / Float(map.frames) }
    }
    #expect(hiss[3] > hiss[4] + 40 && hiss[4] > hiss[0])
    #expect(zip(maps[4].values, maps[0].values).allSatisfy { $0 - $1 > -3 })
    #expect(
      try store(copies: [.pitch(1), .pitch(1), noise(0)], folder: nil).variants(
        of: tree.path("clip.wav"))[3].map == maps[3])
  }

  private func noise(_ ratio: Int) -> AugmentedCopy {
    .degradation(oneOf: [.white(ratio)], speeds: [])
  }

  @Test("makes copies under a degradation at a speed that is drawn for each recording")
  func degradations() throws {
    var lengths: Set<Int> = []
    for number in 0..<24 {
      try tree.add("\(number).wav", bytes: recording(rate: 8000 + number))
      let copies = [AugmentedCopy.degradation(oneOf: [.gain(-20)], speeds: [0.5, 1.5])]
      let maps = try store(copies: copies, folder: nil).variants(of: tree.path("\(number).wav"))
      lengths.insert(Int((Double(maps[1].frames) / Double(maps[0].frames) * 10).rounded()))
    }
    #expect(lengths == [7, 10, 20])
  }

  @Test("puts into the background what it is told to, and finds that in its cache")
  func background() throws {
    try tree.add("other.wav", bytes: recording(rate: 16_000))
    let babbling = store(copies: [.degradation(oneOf: [.babble(0)], speeds: [])], folder: cache)
    let (path, others) = (tree.path("clip.wav"), [tree.path("other.wav"), tree.path("none.wav")])
    let alone = try babbling.variants(of: path)
    let among = try babbling.variants(of: path, background: others)
    #expect(alone[0] == among[0] && alone[1] != among[1])
    #expect(try cached.count == 2)
    #expect(try babbling.variants(of: path, background: others) == among)
    // Another recording under the same name is another background.
    try tree.add("other.wav", bytes: recording(rate: 12_000))
    #expect(try babbling.variants(of: path, background: others) != among)
    #expect(try cached.count == 3)
  }

  @Test("does not read what another revision of the code computed")
  func revision() throws {
    let path = tree.path("clip.wav")
    for (revision, files) in [("1", 1), ("2", 2), ("1", 2)] {
      _ = try FeatureStore(
        frontEnd: Chirps.frontEnd, copies: [], folder: cache, babbleSpeakers: .same,
        revision: revision
      ).variants(of: path)
      #expect(try cached.count == files)
    }
  }

  @Test("finds in its cache what it computed")
  func hit() throws {
    let path = tree.path("clip.wav")
    let computed = try store(folder: cache).variants(of: path)
    #expect(try store(folder: nil).variants(of: path) == computed)
    #expect(try cached.count == 1)
    #expect(try store(folder: cache).variants(of: path) == computed)

    // And really reads it there: other numbers in the file are other numbers in the answer.
    let name = try cached[0]
    let file = SealedFile("\(cache)/\(name)", key: String(name.prefix { $0 != "." }))
    guard case .content(let bytes) = try file.read(limit: 1 << 20) else {
      Issue.record("the cache file is damaged")
      return
    }
    var content = try TensorFile(bytes: bytes)
    content.tensors = content.tensors.map { name, tensor in
      (name, Tensor(shape: tensor.shape, values: tensor.values.map { _ in 7 }))
    }
    try file.write(content.encoded())
    let read = try store(folder: cache).variants(of: path)
    #expect(read.map(\.frames) == computed.map(\.frames))
    #expect(read.allSatisfy { $0.map.values.allSatisfy { $0 == 7 + 7 * 7 } })
  }

  @Test("computes anew when the recording, the features or the speeds are others")
  func miss() throws {
    let path = tree.path("clip.wav")
    _ = try store(folder: cache).variants(of: path)
    _ = try store(copies: [.speed(0.9)], folder: cache).variants(of: path)
    var configuration = Chirps.frontEnd.configuration
    configuration.hopLength = 320
    _ = try FeatureStore(
      frontEnd: FrontEnd(configuration), copies: [.speed(0.9), .speed(1.1)], folder: cache
    ).variants(of: path)
    #expect(try cached.count == 3)
    try tree.add("clip.wav", bytes: recording(rate: 16_000))
    _ = try store(folder: cache).variants(of: path)
    #expect(try cached.count == 4)
  }

  @Test("shares its cache among normalisations")
  func normalizations() throws {
    var configuration = Chirps.frontEnd.configuration
    configuration.normalization = .perBand
    let other = FeatureStore(
      frontEnd: try FrontEnd(configuration), copies: [.speed(0.9), .speed(1.1)], folder: cache)
    #expect(
      try other.variants(of: tree.path("clip.wav"))
        == store(folder: cache).variants(of: tree.path("clip.wav")))
    #expect(try cached.count == 1)
  }

  @Test("computes a damaged cache file anew", arguments: ["short", "empty", "flat", "narrow"])
  func damaged(_ kind: String) throws {
    let path = tree.path("clip.wav")
    let computed = try store(folder: cache).variants(of: path)
    let name = try cached[0]
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(cache)/\(name)")))
    let shape = kind == "flat" ? [6] : [1, 3, 2]
    let other = TensorFile(
      tensors: ["00", "01", "02"].map { ($0, Tensor(shape: shape, values: [1, 2, 3, 4, 5, 6])) })
    try tree.add(
      "cache/\(name)",
      bytes: kind == "short" ? Array(bytes.dropLast()) : kind == "empty" ? [] : other.encoded())
    #expect(try store(folder: cache).variants(of: path) == computed)
    #expect([UInt8](try Data(contentsOf: URL(filePath: "\(cache)/\(name)"))) == bytes)
  }

  @Test("a flipped bit anywhere in a cache file is noticed, told of and computed anew")
  func flippedBits() throws {
    let path = tree.path("clip.wav")
    let computed = try store(folder: cache).variants(of: path)
    let name = try cached[0]
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(cache)/\(name)")))
    let ends = Array(0..<100) + Array(bytes.count - 100..<bytes.count)
    for place in ends + stride(from: 100, to: bytes.count - 100, by: 977) {
      var flipped = bytes
      flipped[place] ^= 1 << UInt8(place % 8)
      try tree.add("cache/\(name)", bytes: flipped)
      let warnings = Warnings()
      let store = FeatureStore(
        frontEnd: Chirps.frontEnd, copies: [.speed(0.9), .speed(1.1)], folder: cache,
        warn: warnings.add)
      #expect(try store.variants(of: path) == computed)
      #expect(warnings.all.count == 1 && warnings.all.allSatisfy { $0.contains(name) })
      #expect([UInt8](try Data(contentsOf: URL(filePath: "\(cache)/\(name)"))) == bytes)
    }
  }

  @Test("features of one recording under the name of another are damaged")
  func exchanged() throws {
    try tree.add("other.wav", bytes: recording(rate: 16_000))
    _ = try store(folder: cache).variants(of: tree.path("clip.wav"))
    let first = try cached[0]
    let computed = try store(folder: nil).variants(of: tree.path("other.wav"))
    _ = try store(folder: cache).variants(of: tree.path("other.wav"))
    let second = try #require(try cached.first { $0 != first })
    try FileManager.default.removeItem(atPath: "\(cache)/\(second)")
    try FileManager.default.copyItem(atPath: "\(cache)/\(first)", toPath: "\(cache)/\(second)")
    #expect(try store(folder: cache).variants(of: tree.path("other.wav")) == computed)
  }

  @Test("says why a recording cannot be used")
  func unusable() throws {
    try tree.add("text.wav", "not a recording")
    try tree.add(
      "silence.wav",
      bytes: Waveform(samples: .init(repeating: 0, count: 8000), sampleRate: 8000)
        .wavFile(encoding: .pcm16))
    func reason(_ name: String) -> String {
      do {
        _ = try store(folder: cache).variants(of: tree.path(name))
        return "none"
      } catch {
        switch error.reason {
        case .file(let error): return "file: \(error.reason)"
        case .audio(let error): return "audio: \(error)"
        case .features(let error): return "features: \(error)"
        }
      }
    }
    #expect(reason("nowhere.wav") == "file: notFound")
    #expect(reason("text.wav") == "audio: \(AudioError.unrecognized)")
    #expect(reason("silence.wav") == "features: \(FeatureError.silent)")
    #expect(try cached.isEmpty)
  }

  @Test("makes examples of all clips with a label, and reports the rest")
  func examples() async throws {
    try tree.add("text.wav", "not a recording")
    let clips = [
      ("clip.wav", "sad"), ("text.wav", "sad"), ("clip.wav", "bored"), ("clip.wav", "calm"),
    ]
    .enumerated().map { index, clip in
      Clip(
        path: tree.path(clip.0), corpus: index == 3 ? "other" : "one", speaker: "\(index)",
        label: clip.1)
    }
    let found = try await store(folder: tree.path("new/cache")).examples(
      of: clips, labels: .all, samplingRates: ["other": 0.5])
    #expect(found.examples.map(\.clip) == [clips[0], clips[3]])
    #expect(found.examples.map(\.label) == [3, 1])
    #expect(found.examples.map(\.samplingRate) == [1, 0.5])
    #expect(found.unusable.map(\.path) == [tree.path("text.wav")])
    #expect(found.unusable[0].description == "\(tree.path("text.wav")): not an audio file")
  }

  @Test(
    "gives up the features longest unused when its folder is too large, none in use and no one else's"
  )
  func bounds() throws {
    try tree.add("cache/mine.safetensors", "anything")
    let clip = tree.path("clip.wav")
    let runs: [[AugmentedCopy]] = [[.speed(0.5)], [.speed(0.8)], [.speed(1.2)], []]
    for (age, copies) in runs.enumerated() {
      let before = try Set(cached)
      _ = try store(copies: copies, folder: cache).variants(of: clip)
      let new = try #require(Set(cached).subtracting(before).first)
      try FileManager.default.setAttributes(
        [.modificationDate: Date() - Double(1000 * (4 - age))], ofItemAtPath: "\(cache)/\(new)")
    }
    let files = try cached
    #expect(files.count == 5)
    func shrink(to limit: Int, sparing age: Double = 100) -> Int {
      FeatureStore.shrink(cache, to: limit, sparing: Date() - age)
    }
    #expect(try shrink(to: 1 << 20) == 0 && cached == files)
    // The oldest is used again.
    _ = try store(copies: [.speed(0.5)], folder: cache).variants(of: clip)
    #expect(shrink(to: 0, sparing: 2500) == 1)
    #expect(shrink(to: 0, sparing: 10_000) == 0)
    let kept = try cached
    _ = try store(copies: [.speed(0.8)], folder: cache).variants(of: clip)
    #expect(try Set(cached).count == kept.count + 1)  // It had been deleted.
    #expect(shrink(to: 0) == 2)
    _ = try store(copies: [.speed(0.5)], folder: cache).variants(of: clip)
    #expect(try cached.count == 3)  // The one used twice was still there.
    #expect(shrink(to: 0, sparing: -100) == 2)
    #expect(try cached == ["mine.safetensors"])
    #expect(FeatureStore.shrink(tree.path("nowhere"), to: 0, sparing: Date()) == 0)
  }

  @Test("says that its folder cannot be had")
  func noFolder() async throws {
    await #expect(throws: FileError(path: tree.path("clip.wav/below/cache"), reason: .notFound)) {
      try await store(folder: tree.path("clip.wav/below")).examples(of: [], labels: .all)
    }
  }
}

/// Warnings from any thread.
private final class Warnings: Sendable {
  private let texts = Mutex<[String]>([])

  var all: [String] { texts.withLock { $0 } }

  @Sendable func add(_ text: String) { texts.withLock { $0.append(text) } }
}
