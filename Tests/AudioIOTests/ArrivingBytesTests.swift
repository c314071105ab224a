import AudioIO
import Testing

@Suite("bytes that come in pieces")
struct ArrivingBytesTests {
  /// Bytes cut into pieces of this size.
  private func pieces(_ bytes: [UInt8], _ size: Int) -> ArrivingBytes {
    var rest = bytes[...]
    return ArrivingBytes {
      guard !rest.isEmpty else { return nil }
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
  }

  private func read(_ source: consuming ArrivingBytes) throws -> [Float] {
    var stream = try AudioStream(source)
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    return samples
  }

  @Test(
    "every format decodes as from memory, whatever the pieces",
    arguments: TestRecording.all.filter { !$0.name.contains("caf") })
  func formats(_ recording: TestRecording) throws {
    let whole = try decode(recording.name).waveform.samples
    for size in [1, 97, 65_536] {
      #expect(try read(pieces(fixture(recording.name), size)) == whole, "pieces of \(size)")
    }
    #expect(try read(ArrivingBytes(fixture(recording.name))) == whole)
  }

  @Test("only the last of a long upload is kept, and a jump far ahead is not waited for")
  func memory() throws {
    var given = 0
    var source = ArrivingBytes {
      guard given < 100 else { return nil }
      given += 1
      return [UInt8](repeating: UInt8(given), count: 100_000)
    }
    #expect(source.count == .max)
    func byte(at offset: Int) -> UInt8? {
      var bytes: [UInt8] = [0]
      var span = bytes.mutableSpan
      return source.read(at: offset, into: &span) == 1 ? bytes[0] : nil
    }
    #expect(byte(at: 0) == 1)
    #expect(byte(at: 5_000_000) == nil)
    #expect(given == 1)
    for offset in stride(from: 0, to: 10_000_000, by: 50_000) {
      #expect(byte(at: offset) == UInt8(offset / 100_000 + 1))
    }
    #expect(byte(at: 0) == nil)
    #expect(byte(at: 9_800_000) == 99)
    #expect(byte(at: 10_000_000) == nil)
    #expect(source.count == 10_000_000)
  }

  @Test("an upload without bytes is empty")
  func empty() {
    #expect(throws: AudioError.empty) { try AudioStream(ArrivingBytes { nil }).description }
  }
}
