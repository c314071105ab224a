import FileIO
import Foundation
import SafeTensors
import Testing

/// A file of any header and any data, right or wrong.
private func file(_ header: String, data: Int = 0) -> [UInt8] {
  let header = Array(header.utf8)
  let length = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(header.count) >> (8 * $0)) }
  return length + header + [UInt8](repeating: 0, count: data)
}

private func fixture(_ name: String) -> String {
  URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
}

/// (i - 3) / 8, as the script that makes the fixtures has it.
private func counting(_ shape: Int...) -> Tensor {
  let count = shape.reduce(1, *)
  return Tensor(shape: shape, values: (0..<count).map { Float($0 - 3) / 8 })
}

@Suite("A safetensors file")
struct SafeTensorsTests {
  let written = TensorFile(
    tensors: [
      ("b/ü", counting(4)), ("a", counting(2, 3)), ("scalar", counting()), ("none", counting(3, 0)),
    ],
    metadata: ["format": "1", "labels": "[\"é\",\"😀\",\"\\\"/\n\"]"])

  @Test("what PyTorch wrote in any element type is read")
  func elementTypes() throws {
    let read = try TensorFile(contentsOf: fixture("types.safetensors"))
    #expect(read.metadata == ["title": "quote \" slash / tab \t é 😀", "empty": ""])
    #expect(read.tensors.count == 6)
    #expect(read["double"] == counting(2, 3))
    #expect(read["single"] == counting(2, 2, 2))
    #expect(read["half"] == counting(5))
    #expect(read["brain"] == counting(3, 1))
    #expect(read["count"] == Tensor(shape: [], values: [-3]))
    #expect(read["empty"] == Tensor(shape: [0, 4], values: []))
  }

  @Test("a state dict with its batch counter is read")
  func stateDictionary() throws {
    let read = try TensorFile(contentsOf: fixture("statedict.safetensors"))
    #expect(
      Set(read.tensors.map(\.name)) == [
        "0.weight", "0.bias", "0.running_mean", "0.running_var", "0.num_batches_tracked",
        "1.weight", "1.bias",
      ])
    #expect(read["1.weight"]?.shape == [2, 3])
    #expect(read["0.running_var"]?.values == [1, 1, 1])
  }

  /// `safetensors_fixtures.py --check` reads these bytes with the Python package.
  @Test("what is written is what Python was shown to read")
  func writtenForPython() throws {
    let expected = try File(fixture("swift-written.safetensors")).read(limit: 10_000)
    #expect(try written.encoded() == expected)
  }

  @Test("what is written is read back, and its data is aligned")
  func roundTrip() throws {
    let bytes = try written.encoded()
    let read = try TensorFile(bytes: bytes)
    #expect(read.metadata == written.metadata)
    #expect(read.tensors.map(\.name) == written.tensors.map(\.name))
    #expect(read.tensors.map(\.tensor) == written.tensors.map(\.tensor))
    #expect(bytes[0] % 8 == 0)
    #expect(try TensorFile(bytes: TensorFile().encoded()).tensors.isEmpty)
  }

  @Test("what could not be read again is not written")
  func refusedByWriter() {
    let one = Tensor(shape: [1], values: [1])
    let bad = Tensor(shape: [2], values: [1, .nan])
    #expect(throws: TensorFileError.duplicate(name: "a")) {
      try TensorFile(tensors: [("a", one), ("a", one)]).encoded()
    }
    #expect(throws: TensorFileError.duplicate(name: "__metadata__")) {
      try TensorFile(tensors: [("__metadata__", one)]).encoded()
    }
    #expect(throws: TensorFileError.notFinite(tensor: "a", index: 1)) {
      try TensorFile(tensors: [("a", bad)]).encoded()
    }
    #expect(throws: TensorFileError.nameTooLong(bytes: 257, limit: 256)) {
      try TensorFile(tensors: [(String(repeating: "n", count: 257), one)]).encoded()
    }
    let deep = Tensor(shape: [1, 1, 1, 1, 1, 1, 1, 1, 1], values: [1])
    #expect(throws: TensorFileError.rankTooHigh(tensor: "a", rank: 9, limit: 8)) {
      try TensorFile(tensors: [("a", deep)]).encoded()
    }
    #expect(throws: TensorFileError.headerTooLarge(bytes: 5_000_032, limit: 4 << 20)) {
      try TensorFile(metadata: ["m": String(repeating: "x", count: 5_000_000)]).encoded()
    }
  }

  @Test("a write that fails says so and leaves the old file")
  func failedWrite() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).safetensors").path
    try written.write(to: path)
    let broken = TensorFile(tensors: [("a", Tensor(shape: [1], values: [.infinity]))])
    #expect(throws: TensorFileError.notFinite(tensor: "a", index: 0)) { try broken.write(to: path) }
    #expect(try TensorFile(contentsOf: path).metadata == written.metadata)
    try FileManager.default.removeItem(atPath: path)
    let missing = FileError(path: path, reason: .notFound)
    #expect(throws: TensorFileError.file(missing)) { try TensorFile(contentsOf: path) }
    #expect(throws: TensorFileError.self) { try written.write(to: path + "/below") }
  }
}

@Suite("A hostile safetensors file")
struct HostileSafeTensorsTests {
  private static let a = #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  @Test(
    "is refused with what is wrong",
    arguments: [
      ([], .truncated(expected: 8, found: 0)),
      ([1, 0, 0, 0, 0, 0, 0], .truncated(expected: 8, found: 7)),
      ([3, 0, 0, 0, 0, 0, 0, 0, 123, 125], .truncated(expected: 11, found: 10)),
      (
        [UInt8](repeating: 255, count: 8),
        .headerTooLarge(bytes: .max, limit: 4 << 20)
      ),
      (file("{\(a)}", data: 3), .truncated(expected: 66, found: 65)),
      (file("{\(a)}", data: 5), .trailing(bytes: 1)),
      (file("{\(a),\(a)}", data: 4), .duplicate(name: "a")),
      (
        file(#"{\#(a),"\u0061":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#, data: 4),
        .duplicate(name: "a")
      ),
      (file(#"{"__metadata__":{},"__metadata__":{}}"#), .duplicate(name: "__metadata__")),
      (file(#"{"__metadata__":{"k":"1","k":"2"}}"#), .duplicate(name: "k")),
      (file(#"{"a":{"dtype":"F32","dtype":"F32"}}"#), .duplicate(name: "a.dtype")),
      (
        file(#"{\#(a),"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#, data: 6),
        .overlap(first: "a", second: "b")
      ),
      (
        file(#"{\#(a),"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, data: 4),
        .overlap(first: "a", second: "b")
      ),
      (
        file(#"{\#(a),"b":{"dtype":"F32","shape":[1],"data_offsets":[5,9]}}"#, data: 9),
        .gap(before: "b", bytes: 1)
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, data: 4),
        .sizeMismatch(tensor: "a", expected: 8, found: 4)
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, data: 4),
        .reversedOffsets(tensor: "a", begin: 4, end: 0)
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,0]}}"#),
        .shapeTooLarge(tensor: "a", shape: [4_611_686_018_427_387_904, 8])
      ),
      (
        file(#"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, data: 4),
        .rankTooHigh(tensor: "a", rank: 9, limit: 8)
      ),
      (
        file(#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, data: 1),
        .unsupportedElementType(tensor: "a", type: "F8_E4M3")
      ),
      (
        file(#"{"\#(String(repeating: "n", count: 257))":{}}"#),
        .nameTooLong(bytes: 257, limit: 256)
      ),
    ] as [([UInt8], TensorFileError)])
  func refused(bytes: [UInt8], error: TensorFileError) {
    #expect(throws: error) { try TensorFile(bytes: bytes) }
    #expect(!error.description.isEmpty)
  }

  @Test(
    "is refused where its header stops making sense",
    arguments: [
      ("", 0), (" {}", 0), ("[]", 0), ("{", 1), ("{}x", 2), ("{}{}", 2), (#"{"a":1}"#, 5),
      (#"{"a":{}}"#, 5), (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#, 5),
      (#"{"a":{"dtype":"F32","shape":[-1]}}"#, 29), (#"{"a":{"shape":[01]}}"#, 17),
      (#"{"a":{"shape":[1.0]}}"#, 16), (#"{"a":{"shape":[1e3]}}"#, 16),
      (#"{"a":{"shape":[99999999999999999999]}}"#, 35), (#"{"a":{"shape":[1,]}}"#, 17),
      (#"{"a":{"colour":1}}"#, 15), (#"{"__metadata__":{"k":1}}"#, 21),
      (#"{"__metadata__":{"k":null}}"#, 21), (#"{"\x":1}"#, 3), (#"{"\ud800":1}"#, 2),
      (#"{"\ud800\u0041":1}"#, 2), (#"{"\udc00":1}"#, 2), (#"{"\u12g4":1}"#, 6),
      ("{\"a\nb\":1}", 3), (#"{"a"#, 3), (#"{a:1}"#, 1), (#"{"a":{}"#, 7), (#"{"a""#, 4),
    ])
  func malformed(header: String, offset: Int) {
    let error = #expect(throws: TensorFileError.self) { try TensorFile(bytes: file(header)) }
    guard case .malformedHeader(offset, _) = error else {
      Issue.record("\(header): \(String(describing: error))")
      return
    }
  }

  @Test("is refused when a name is not UTF-8")
  func notUnicode() {
    let bytes = [6, 0, 0, 0, 0, 0, 0, 0] + Array("{\"".utf8) + [0xC0, 0x80] + Array("\":".utf8)
    #expect(throws: TensorFileError.malformedHeader(at: 2, expected: "a string in UTF-8")) {
      try TensorFile(bytes: bytes)
    }
  }

  @Test("may nest as deep as it likes without harm", arguments: ["[", "{\"a\":", "{\"a\":["])
  func nesting(bracket: String) {
    #expect(throws: TensorFileError.self) {
      try TensorFile(bytes: file(String(repeating: bracket, count: 100_000)))
    }
    #expect(throws: TensorFileError.self) {
      try TensorFile(bytes: file("{" + String(repeating: bracket, count: 100_000)))
    }
  }

  @Test(
    "is refused for a value that is not finite",
    arguments: [
      ("F32", 4, [0, 0, 0xC0, 0x7F] as [UInt8]), ("F32", 4, [0, 0, 0x80, 0xFF]),
      ("F16", 2, [0, 0x7C]), ("BF16", 2, [0x80, 0x7F]),
      ("F64", 8, [0, 0, 0, 0, 0, 0, 0xF0, 0x7F]), ("F64", 8, [0, 0, 0, 0, 0, 0, 0, 0x7F]),
    ])
  func notFinite(type: String, size: Int, value: [UInt8]) {
    let header = #"{"a":{"dtype":"\#(type)","shape":[2],"data_offsets":[0,\#(2 * size)]}}"#
    #expect(throws: TensorFileError.notFinite(tensor: "a", index: 1)) {
      try TensorFile(bytes: file(header, data: size) + value)
    }
  }

  /// Every mutant is read or refused; a trap would end the test run. What is read can be written
  /// and read again.
  @Test("is read or refused, whatever was done to it", arguments: 0..<8)
  func mutants(seed: UInt64) throws {
    var random = SplitMix(state: seed)
    let originals = try ["types", "statedict", "swift-written"].map {
      try File(fixture("\($0).safetensors")).read(limit: 10_000)
    }
    for _ in 0..<2500 {
      let mutant = mutate(originals.randomElement(using: &random)!, originals[0], using: &random)
      guard let read = try? TensorFile(bytes: mutant) else { continue }
      let again = try TensorFile(bytes: read.encoded())
      #expect(again.tensors.map(\.tensor) == read.tensors.map(\.tensor))
    }
  }

  private func mutate(
    _ bytes: [UInt8], _ other: [UInt8], using random: inout SplitMix
  ) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes[place] = Array(#"{}[]",:0123456789-\"#.utf8).randomElement(using: &random)!
      case 3: bytes = Array(bytes.prefix(place + 1))
      case 4: bytes.insert(contentsOf: bytes.suffix(from: place).prefix(40), at: place)
      default: bytes.replaceSubrange(place..., with: other.suffix(from: place % other.count))
      }
    }
    return bytes
  }
}

/// Sebastiano Vigna's SplitMix64: the same mutants on every machine.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
