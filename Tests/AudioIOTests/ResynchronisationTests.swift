import AudioIO
import Testing

@Suite("MP3 that does not begin with a frame")
struct ResynchronisationTests {
  static let files = ["mp3_16k", "mp3_44k_stereo_id3", "mp3_vbr_24k"]

  /// Everything behind the ID3 tag.
  private func frames(_ name: String) throws -> [UInt8] {
    let bytes = try fixture(name)
    guard bytes.starts(with: "ID3".utf8) else { return bytes }
    return Array(bytes.dropFirst(10 + bytes[6..<10].reduce(0) { $0 << 7 | Int($1) }))
  }

  @Test(
    "whatever stands before the first frame is stepped over", arguments: files,
    [0, 1, 512, 4095, 4096, 40_000])
  func zeros(_ name: String, count: Int) throws {
    let bytes = try [UInt8](repeating: 0, count: count) + frames(name)
    #expect(try AudioDecoder().decode(bytes) == AudioDecoder().decode(frames(name)))
  }

  @Test("bytes behind an ID3 tag that its size omits are stepped over", arguments: files)
  func shortTag(_ name: String) throws {
    let tag: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]
    let bytes = try tag + Array("and more".utf8) + [0, 0, 0] + frames(name)
    #expect(try AudioDecoder().decode(bytes) == AudioDecoder().decode(frames(name)))
  }

  @Test(
    "a recording cut in one of its first frames gives the rest of the sound", arguments: files)
  func cut(_ name: String) throws {
    let bytes = try frames(name)
    let whole = try AudioDecoder().decode(bytes)
    for place in [150, 151, 170] {
      let rest = try AudioDecoder().decode(Array(bytes.dropFirst(place)))
      #expect(rest.description.sampleRate == whole.description.sampleRate)
      #expect(rest.description.format == "MP3")
      #expect(rest.waveform.duration > whole.waveform.duration - 0.2)
      // The first frames miss what the lost one kept for them; behind the last sound there is padding.
      let fifth = rest.waveform.samples.count / 5
      let sound = Array(rest.waveform.samples[2 * fifth..<4 * fifth])
      let tone = ToneFit(Waveform(samples: sound, sampleRate: rest.waveform.sampleRate))
      #expect(tone.signalToNoise > 20)
    }
  }

  @Test("the same while it arrives", arguments: files)
  func arriving(_ name: String) throws {
    let bytes = try [UInt8](repeating: 0, count: 5000) + frames(name)
    var pieces = stride(from: 0, to: bytes.count, by: 700).map {
      Array(bytes[$0..<min(bytes.count, $0 + 700)])
    }[...]
    var stream = try AudioStream(ArrivingBytes { pieces.popFirst() })
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    #expect(try samples == AudioDecoder().decode(frames(name)).waveform.samples)
  }

  @Test("what begins after 64 KB is not looked for")
  func far() throws {
    let bytes = try [UInt8](repeating: 0, count: 64 * 1024) + frames("mp3_16k")
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(bytes) }
  }

  @Test("two frames alone are no recording")
  func few() throws {
    // 32 kbit/s at 16 kHz: 144 bytes each.
    let bytes = try [0] + frames("mp3_16k").prefix(2 * 144)
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(bytes) }
  }

  @Test("noise is not taken for MP3")
  func noise() {
    var random = SeededGenerator(seed: 3)
    for _ in 0..<300 {
      let bytes = (0..<8192).flatMap { _ -> [UInt8] in
        let word = random.next()
        return (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
      }
      // What begins with a frame's header by chance goes to the decoder, as ever.
      guard bytes[0] != 0xFF else { continue }
      #expect(throws: AudioError.self) { try AudioDecoder().decode(bytes) }
    }
  }

  @Test("headers that say what does not follow are not frames")
  func headersAlone() {
    let header: [UInt8] = [0xFF, 0xFB, 0x90, 0x00]
    let bytes: [UInt8] = [0] + [[UInt8]](repeating: header, count: 20_000).flatMap(\.self)
    // Frames of 417 bytes: the next header stands 416 or 420 bytes further on.
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(bytes) }
  }
}
