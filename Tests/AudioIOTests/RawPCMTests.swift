import AudioIO
import Testing

@Suite("headerless samples")
struct RawPCMTests {
  @Test("both byte orders are read", arguments: [RawPCM.ByteOrder.bigEndian, .littleEndian])
  func order(_ order: RawPCM.ByteOrder) throws {
    let bytes: [UInt8] = order == .bigEndian ? [0x40, 0x00, 0xC0, 0x00] : [0x00, 0x40, 0x00, 0xC0]
    let audio = try AudioDecoder().decode(bytes, as: RawPCM(sampleRate: 16000, byteOrder: order))
    #expect(audio.waveform == Waveform(samples: [0.5, -0.5], sampleRate: 16000))
    #expect(audio.description.format == "RAW/PCM_16")
  }

  @Test("samples of three and four bytes are read in both orders")
  func wide() throws {
    let big: [UInt8] = [0x40, 0x00, 0x00, 0xC0, 0x00, 0x00]
    let little: [UInt8] = [0x00, 0x00, 0x40, 0x00, 0x00, 0xC0]
    for (bytes, order) in [(big, RawPCM.ByteOrder.bigEndian), (little, .littleEndian)] {
      let raw = RawPCM(sampleRate: 16000, encoding: .signed24, byteOrder: order)
      let audio = try AudioDecoder().decode(bytes, as: raw)
      #expect(audio.waveform.samples == [0.5, -0.5])
      #expect(audio.description.format == "RAW/PCM_24")
    }
    let raw = RawPCM(sampleRate: 16000, encoding: .signed32, byteOrder: .littleEndian)
    let audio = try AudioDecoder().decode([0, 0, 0, 0x40, 0, 0, 0, 0xC0], as: raw)
    #expect(audio.waveform.samples == [0.5, -0.5])
    #expect(audio.description.format == "RAW/PCM_32")
  }

  @Test(
    "the telephone's bytes are those of a WAV file",
    arguments: [("wav_ulaw", RawPCM.Encoding.muLaw), ("wav_alaw", .aLaw)])
  func telephone(_ name: String, _ encoding: RawPCM.Encoding) throws {
    let file = try fixture(name)
    let whole = try AudioDecoder().decode(file)
    let raw = try AudioDecoder().decode(
      Array(file.suffix(2000)), as: RawPCM(sampleRate: 8000, encoding: encoding))
    #expect(raw.waveform == whole.waveform)
    #expect(raw.description.format == whole.description.format.replacing("WAV", with: "RAW"))
  }

  /// G.711, tables 1a and 2a: the ends of both scales, and the values next to zero.
  @Test(
    "G.711's bytes have G.711's values",
    arguments: [
      (RawPCM.Encoding.muLaw, [0x00, 0x80, 0xFF, 0x7F, 0xFE, 0x7E], [-32124, 32124, 0, 0, 8, -8]),
      (.aLaw, [0x2A, 0xAA, 0xD5, 0x55, 0xD4, 0x54], [-32256, 32256, 8, -8, 24, -24]),
    ] as [(RawPCM.Encoding, [UInt8], [Float])])
  func values(_ encoding: RawPCM.Encoding, _ bytes: [UInt8], _ values: [Float]) throws {
    let audio = try AudioDecoder().decode(
      bytes, as: RawPCM(sampleRate: 8000, encoding: encoding))
    #expect(audio.waveform.samples == values.map { $0 / 32_768 })
  }

  @Test("channels are averaged, and a frame cut short is dropped")
  func channels() throws {
    let bytes: [UInt8] = [0x40, 0x00, 0x20, 0x00, 0x10, 0x00, 0x10]
    let audio = try AudioDecoder().decode(bytes, as: RawPCM(sampleRate: 8000, channels: 2))
    #expect(audio.waveform.samples == [0.375])
    #expect(audio.description.channels == 2)
  }

  @Test("L16 is big-endian mono unless said otherwise")
  func defaults() {
    let raw = RawPCM(sampleRate: 8000)
    #expect(raw.byteOrder == .bigEndian)
    #expect(raw.channels == 1)
  }

  @Test("what cannot be is refused with its value")
  func refused() {
    let decoder = AudioDecoder()
    #expect(throws: AudioError.empty) { try decoder.decode([], as: RawPCM(sampleRate: 8000)) }
    #expect(throws: AudioError.noSamples) { try decoder.decode([1], as: RawPCM(sampleRate: 8000)) }
    for rate in [Int.min, -1, 0, 3999, .max] {
      #expect(throws: AudioError.sampleRate(rate, allowed: 4_000...192_000)) {
        try decoder.decode([1, 2], as: RawPCM(sampleRate: rate))
      }
    }
    for channels in [Int.min, 0, 65, .max] {
      #expect(throws: AudioError.channels(channels, allowed: 1...64)) {
        try decoder.decode([1, 2], as: RawPCM(sampleRate: 8000, channels: channels))
      }
    }
  }
}
