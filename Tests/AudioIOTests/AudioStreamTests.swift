import AudioIO
import Testing

@Suite("reading block by block")
struct AudioStreamTests {
  @Test("blocks put together are the whole recording", arguments: TestRecording.all)
  func blocks(_ recording: TestRecording) throws {
    let whole = try decode(recording.name)
    var stream = try AudioStream(MemorySource(fixture(recording.name)))
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    #expect(samples == whole.waveform.samples)
    #expect(stream.description == whole.description)
  }

  @Test(
    "a source that never goes back and does not know its length is enough",
    arguments: [
      "wav_16", "wav_float", "streamed_wav", "w64_16", "aiff_16", "au_16", "flac_16_stereo",
      "streamed_flac", "mp3_44k_stereo_id3", "vorbis_22k_stereo", "opus_ffmpeg_48k_stereo",
      "webm_opus_48k_stereo", "streamed_webm", "streamed_matroska", "matroska_picture",
      "matroska_merged_flac", "matroska_merged_vorbis",
    ])
  func forwardOnly(_ name: String) throws {
    var stream = try AudioStream(ForwardSource(bytes: fixture(name)))
    var samples: [Float] = []
    while try stream.read(into: &samples) > 0 {}
    #expect(try samples == decode(name).waveform.samples)
  }

  @Test("many threads decode at the same time, each its own recording")
  func concurrent() async throws {
    let expected = try TestRecording.all.map { try decode($0.name) }
    try await withThrowingTaskGroup(of: (Int, DecodedAudio).self) { group in
      for round in 0..<4 {
        for index in TestRecording.all.indices {
          let name = TestRecording.all[(index + round) % TestRecording.all.count].name
          group.addTask { ((index + round) % TestRecording.all.count, try decode(name)) }
        }
      }
      for try await (index, audio) in group { #expect(audio == expected[index]) }
    }
  }
}

/// An upload under way: gives a few bytes at a time, keeps only the first kilobyte, knows no length.
struct ForwardSource: ByteSource {
  let bytes: [UInt8]
  private var reached = 0

  init(bytes: [UInt8]) { self.bytes = bytes }
  var count: Int { .max }

  mutating func read(at offset: Int, into destination: inout MutableSpan<UInt8>) -> Int {
    #expect(offset >= reached || offset < 1024, "went back to \(offset) from \(reached)")
    guard offset < bytes.count else { return 0 }
    let length = min(destination.count, bytes.count - offset, 100)
    for index in 0..<length { destination[index] = bytes[offset + index] }
    reached = max(reached, offset + length)
    return length
  }
}
