import AudioIO
import TestSupport
import Testing

@Suite("Ogg streams chained to each other")
struct ChainedOggTests {
  static let files = ["opus_16k", "opus_ffmpeg_48k_stereo", "vorbis_8k", "vorbis_22k_stereo"]

  private func samples(_ bytes: [UInt8]) throws -> [Float] {
    try AudioDecoder().decode(bytes).waveform.samples
  }

  @Test(
    "two recordings are one, with the same serial number or another", arguments: files,
    [true, false])
  func twice(_ name: String, isReused: Bool) throws {
    let bytes = try fixture(name)
    let second = isReused ? bytes : bytes.renumbered()
    #expect(try samples(bytes + second) == samples(bytes) + samples(bytes))
  }

  @Test("a hundred are one")
  func many() throws {
    let bytes = try fixture("opus_16k")
    let all = [[UInt8]](repeating: bytes, count: 100).flatMap(\.self)
    #expect(try samples(all).count == 100 * samples(bytes).count)
  }

  @Test("the first may have lost its end", arguments: files, [true, false])
  func cutShort(_ name: String, isReused: Bool) throws {
    let bytes = try fixture(name)
    // The last byte belongs to the last page, which is lost as a whole.
    let first = Array(bytes.dropLast())
    let second = isReused ? bytes : bytes.renumbered()
    let expected = ((try? samples(first)) ?? []) + (try samples(bytes))
    #expect(try samples(first + second) == expected)
  }

  @Test("damage between them is stepped over", arguments: files)
  func damage(_ name: String) throws {
    let bytes = try fixture(name)
    let between = [UInt8](repeating: 0x4F, count: 5000)
    #expect(try samples(bytes + between + bytes) == samples(bytes) + samples(bytes))
  }

  @Test("Opus that was encoded at another rate is decoded at the first one's")
  func opusRates() throws {
    let audio = try AudioDecoder().decode(fixture("opus_16k") + fixture("opus_48k"))
    #expect(audio.description.sampleRate == 16_000)
    #expect(audio.description.frames == 8000)
    let second = Waveform(samples: Array(audio.waveform.samples[4000...]), sampleRate: 16_000)
    #expect(ToneFit(second).signalToNoise > 20)
  }

  @Test(
    "a number of channels that changes changes nothing: all are averaged",
    arguments: [("opus_48k", "opus_ffmpeg_48k_stereo"), ("opus_ffmpeg_48k_stereo", "opus_48k")])
  func channels(_ first: String, _ second: String) throws {
    let (a, b) = try (fixture(first), fixture(second))
    let (both, expected) = try (samples(a + b), samples(a) + samples(b))
    #expect(both.count == expected.count)
    #expect(zip(both, expected).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test("a Vorbis rate or a codec that changes is an error, not a part of the recording")
  func changed() throws {
    for (first, second) in [("vorbis_8k", "vorbis_22k_stereo"), ("vorbis_8k", "opus_8k")] {
      let bytes = try fixture(first) + fixture(second)
      #expect(throws: AudioError.changed(container: "OGG/VORBIS")) {
        try AudioDecoder().decode(bytes)
      }
    }
    let bytes = try fixture("opus_8k") + fixture("vorbis_8k")
    #expect(throws: AudioError.changed(container: "OGG/OPUS")) { try AudioDecoder().decode(bytes) }
  }

  @Test("the process that met the change decodes the next recording")
  func afterwards() throws {
    var configuration = DecoderPool.Configuration()
    configuration.idle = 1
    let decoder = AudioDecoder(decoders: DecoderPool(configuration))
    let changed = try fixture("vorbis_8k") + fixture("vorbis_22k_stereo")
    for _ in 0..<5 {
      #expect(throws: AudioError.changed(container: "OGG/VORBIS")) { try decoder.decode(changed) }
      #expect(try decoder.decode(fixture("vorbis_8k")).description.frames == 2000)
    }
  }
}

extension [UInt8] {
  /// The same Ogg file with another serial number.
  fileprivate func renumbered() -> [UInt8] {
    var bytes = self
    for start in indices where self[start...].starts(with: "OggS".utf8) {
      bytes[start + 14] ^= 0x55
    }
    OggChecksums.mend(&bytes)
    return bytes
  }
}
