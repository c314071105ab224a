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
