import AudioCodecs
import AudioIO
import TestSupport
import Testing

@Suite("bytes that are not a whole, honest recording")
struct HostileBytesTests {
  @Test("no bytes at all is its own error")
  func empty() {
    #expect(throws: AudioError.empty) { try AudioDecoder().decode([]) }
  }

  @Test(
    "bytes of other kinds are not audio",
    arguments: [
      Array("hello, this is plain text and certainly no sound".utf8),
      Array("{\"emotion\": \"angry\"}".utf8),
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
      [0x50, 0x4B, 0x03, 0x04, 20, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0],
      [0xFF, 0xFE, 0x68, 0, 0x65, 0, 0x6C, 0, 0x6C, 0, 0x6F, 0],
      [0], [0xFF], Array("RIFF".utf8), Array("ID3".utf8), [UInt8](repeating: 0, count: 10_000),
    ] as [[UInt8]])
  func foreign(_ bytes: [UInt8]) {
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(bytes) }
  }

  @Test("a RIFF that is not WAVE is not audio")
  func riff() {
    let avi = Array("RIFF".utf8) + [0, 1, 0, 0] + Array("AVI LIST".utf8)
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(avi) }
  }

  @Test("a header without samples is an error, not silence")
  func headerOnly() throws {
    let wav = try Waveform(samples: [], sampleRate: 8000).wavFile(encoding: .pcm16)
    #expect(throws: AudioError.noSamples) { try AudioDecoder().decode(wav) }
    #expect(throws: AudioError.malformed(container: "FLAC")) {
      try AudioDecoder().decode(Array(fixture("flac_16").prefix(20)))
    }
  }

  @Test("a WAV cut at any byte gives exactly the samples before the cut")
  func cutWAV() throws {
    let bytes = try fixture("wav_16")
    let whole = try AudioDecoder().decode(bytes).waveform.samples
    for length in 0..<bytes.count {
      let expected = max(0, length - 44) / 2
      do throws(AudioError) {
        let part = try AudioDecoder().decode(Array(bytes.prefix(length)))
        #expect(part.waveform.samples == Array(whole.prefix(expected)), "cut at \(length)")
      } catch {
        #expect(expected == 0, "cut at \(length): \(error)")
      }
    }
  }

  @Test(
    "a compressed file cut at any byte gives a beginning of the recording or an error",
    arguments: [
      "flac_16", "streamed_flac", "vorbis_8k", "opus_16k", "mp3_16k", "webm_opus_48k",
      "matroska_flac",
    ])
  func cutCompressed(_ name: String) throws {
    let bytes = try fixture(name)
    let whole = try AudioDecoder().decode(bytes).waveform.samples
    for length in stride(from: 0, to: bytes.count, by: name == "streamed_flac" ? 7 : 1) {
      guard let part = try? AudioDecoder().decode(Array(bytes.prefix(length))) else { continue }
      #expect(part.waveform.samples.count <= whole.count, "cut at \(length)")
    }
  }

  @Test(
    "three quarters of a FLAC, MP3, WebM or Matroska give about as much of the sound",
    arguments: [
      "streamed_flac", "mp3_16k", "streamed_webm", "webm_opus_48k_stereo", "matroska_flac",
    ])
  func threeQuarters(_ name: String) throws {
    let bytes = try fixture(name)
    let whole = try AudioDecoder().decode(bytes).waveform.samples.count
    let part = try AudioDecoder().decode(Array(bytes.prefix(bytes.count * 3 / 4)))
    #expect((whole / 3..<whole).contains(part.waveform.samples.count))
  }

  @Test(
    "whatever sizes a WAV header claims, the samples that are there come out",
    arguments: [0, 1, 36, 4036, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF0, 0xFFFF_FFFF] as [UInt32],
    [0, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] as [UInt32])
  func lyingSizes(riff: UInt32, data: UInt32) throws {
    var bytes = try fixture("wav_16")
    bytes.write(riff, at: 4)
    bytes.write(data, at: 40)
    if riff == 4036 && data == 0 {
      #expect(throws: AudioError.noSamples) { try AudioDecoder().decode(bytes) }
    } else {
      #expect(try AudioDecoder().decode(bytes).description.frames == 2000)
    }
  }

  @Test("a smaller data size than there is ends the recording there")
  func trailingBytes() throws {
    var bytes = try fixture("wav_16")
    bytes.write(2000, at: 40)
    #expect(try AudioDecoder().decode(bytes).description.frames == 1000)
  }

  @Test("an ID3 tag larger than the file is not audio")
  func hugeTag() {
    let tag: [UInt8] = Array("ID3".utf8) + [3, 0, 0, 0x7F, 0x7F, 0x7F, 0x7F, 0, 0]
    #expect(throws: AudioError.unrecognized) { try AudioDecoder().decode(tag) }
  }

  @Test("an ID3 tag may stand in front of any container")
  func tagged() throws {
    let tag: [UInt8] = Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4]
    #expect(try AudioDecoder().decode(tag + fixture("flac_16")).description.format == "FLAC/PCM_16")
    #expect(try AudioDecoder().decode(tag + tag + fixture("mp3_16k")).description.format == "MP3")
  }

  @Test(
    "mutated files of every format decode to finite sound or a typed error",
    arguments: TestRecording.all)
  func mutated(_ recording: TestRecording) throws {
    let original = try fixture(recording.name)
    var random = SeededGenerator(seed: 42)
    let decoder = AudioDecoder(limits: AudioLimits(maximumDuration: 5))
    for _ in 0..<60 {
      var bytes = Mutation.apply(to: original, using: &random)
      if Bool.random(using: &random) { OggChecksums.mend(&bytes) }
      guard let audio = try? decoder.decode(bytes) else { continue }
      #expect(audio.waveform.samples.allSatisfy { $0.isFinite })
      #expect(audio.waveform.duration <= 5)
    }
  }
}

extension [UInt8] {
  mutating func write(_ value: UInt32, at offset: Int) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
  }
}

/// The ways in which bytes go wrong: flipped bits, lying integers, cuts, repeats, and all of them at once.
enum Mutation: CaseIterable {
  case flipBits, lie, cut, repeatPart, dropPart

  static func apply(to bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 8 {
      allCases.randomElement(using: &random)!.change(&bytes, using: &random)
    }
    return bytes
  }

  private func change(_ bytes: inout [UInt8], using random: inout SeededGenerator) {
    // Headers are where harm is done: half of all changes fall there.
    let reach = Bool.random(using: &random) ? min(128, bytes.count) : bytes.count
    let place = Int.random(in: 0..<reach, using: &random)
    let length = Int.random(in: 1...64, using: &random)
    let part = place..<min(bytes.count, place + length)
    switch self {
    case .flipBits: bytes[place] ^= UInt8.random(in: 1...255, using: &random)
    case .lie: Self.lie(&bytes, at: min(place, bytes.count - 4), using: &random)
    case .cut: bytes.removeLast(bytes.count - max(1, place))
    case .repeatPart: bytes.insert(contentsOf: bytes[part], at: place)
    case .dropPart: bytes.removeSubrange(part)
    }
  }

  private static func lie(
    _ bytes: inout [UInt8], at place: Int, using random: inout SeededGenerator
  ) {
    let lies: [UInt32] = [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0xFFFF, 0x0100_0000]
    bytes.write(lies.randomElement(using: &random)!, at: place)
  }
}
