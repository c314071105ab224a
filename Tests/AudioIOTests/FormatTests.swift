import AudioIO
import Testing

/// A recording of the fixtures' tone, and how it must decode.
struct TestRecording: Sendable, CustomTestStringConvertible {
  var name: String
  var format: String
  var rate = 8000
  var channels = 1
  /// Least signal-to-noise ratio of the tone, dB: what the encoding can hold.
  var quality = 80.0
  /// Frames, where the encoding keeps them exactly.
  var frames: Int? = 2000

  var testDescription: String { name }

  static let exact: [TestRecording] = [
    TestRecording(name: "wav_u8", format: "WAV/PCM_U8", quality: 38),
    TestRecording(name: "wav_16", format: "WAV/PCM_16"),
    TestRecording(name: "wav_24", format: "WAV/PCM_24", quality: 120),
    TestRecording(name: "wav_32", format: "WAV/PCM_32", quality: 120),
    TestRecording(name: "wav_float", format: "WAV/FLOAT", quality: 120),
    TestRecording(name: "wav_double", format: "WAV/DOUBLE", quality: 120),
    TestRecording(name: "wav_alaw", format: "WAV/ALAW", quality: 33),
    TestRecording(name: "wav_ulaw", format: "WAV/ULAW", quality: 33),
    TestRecording(name: "wav_ima", format: "WAV/IMA_ADPCM", quality: 20, frames: nil),
    TestRecording(name: "wav_ms", format: "WAV/MS_ADPCM", quality: 20, frames: nil),
    TestRecording(name: "wav_gsm", format: "WAV/GSM610", quality: 5, frames: nil),
    TestRecording(name: "wavex_24", format: "WAV/PCM_24", quality: 120),
    TestRecording(name: "wavex_float", format: "WAV/FLOAT", quality: 120),
    TestRecording(name: "wav_16_stereo", format: "WAV/PCM_16", channels: 2),
    TestRecording(name: "rifx_16", format: "WAV/PCM_16"),
    TestRecording(name: "rf64_16", format: "RF64/PCM_16"),
    TestRecording(name: "w64_16", format: "W64/PCM_16"),
    TestRecording(name: "w64_float", format: "W64/FLOAT", quality: 120),
    TestRecording(name: "aiff_s8", format: "AIFF/PCM_S8", quality: 38),
    TestRecording(name: "aiff_16", format: "AIFF/PCM_16"),
    TestRecording(name: "aiff_24", format: "AIFF/PCM_24", quality: 120),
    TestRecording(name: "aifc_ulaw", format: "AIFF/ULAW", quality: 33),
    TestRecording(name: "aifc_float", format: "AIFF/FLOAT", quality: 120),
    TestRecording(name: "aifc_sowt", format: "AIFF/PCM_16"),
    TestRecording(name: "au_16", format: "AU/PCM_16"),
    TestRecording(name: "au_ulaw", format: "AU/ULAW", quality: 33),
    TestRecording(name: "au_float", format: "AU/FLOAT", quality: 120),
    TestRecording(name: "caf_16", format: "CAF/PCM_16"),
    TestRecording(name: "caf_float", format: "CAF/FLOAT", quality: 120),
    TestRecording(name: "flac_s8", format: "FLAC/PCM_S8", quality: 38),
    TestRecording(name: "flac_16", format: "FLAC/PCM_16"),
    TestRecording(name: "flac_24", format: "FLAC/PCM_24", quality: 120),
    TestRecording(name: "flac_16_stereo", format: "FLAC/PCM_16", channels: 2),
    TestRecording(name: "matroska_u8", format: "MATROSKA/PCM_U8", quality: 38),
    TestRecording(name: "matroska_16", format: "MATROSKA/PCM_16"),
    TestRecording(name: "matroska_24_big", format: "MATROSKA/PCM_24", quality: 120),
    TestRecording(name: "matroska_float", format: "MATROSKA/FLOAT", quality: 120),
    TestRecording(name: "matroska_double", format: "MATROSKA/DOUBLE", quality: 120),
    TestRecording(name: "matroska_16_stereo", format: "MATROSKA/PCM_16", channels: 2),
    TestRecording(name: "matroska_picture", format: "MATROSKA/PCM_16"),
    TestRecording(name: "matroska_flac", format: "MATROSKA/FLAC"),
    TestRecording(name: "matroska_merged_flac", format: "MATROSKA/FLAC"),
  ]

  static let lossy: [TestRecording] = [
    TestRecording(name: "vorbis_8k", format: "OGG/VORBIS", quality: 25),
    TestRecording(
      name: "vorbis_22k_stereo", format: "OGG/VORBIS", rate: 22050, channels: 2, quality: 25,
      frames: 5512),
    TestRecording(name: "opus_8k", format: "OGG/OPUS", quality: 20),
    TestRecording(name: "opus_16k", format: "OGG/OPUS", rate: 16000, quality: 20, frames: 4000),
    TestRecording(name: "opus_24k", format: "OGG/OPUS", rate: 24000, quality: 20, frames: 6000),
    TestRecording(name: "opus_48k", format: "OGG/OPUS", rate: 48000, quality: 20, frames: 12000),
    TestRecording(
      name: "opus_ffmpeg_48k_stereo", format: "OGG/OPUS", rate: 48000, channels: 2, quality: 20,
      frames: 12000),
    TestRecording(
      name: "webm_opus_48k", format: "WEBM/OPUS", rate: 48000, quality: 20, frames: 12000),
    TestRecording(
      name: "webm_opus_48k_stereo", format: "WEBM/OPUS", rate: 48000, channels: 2, quality: 20,
      frames: 12000),
    TestRecording(
      name: "matroska_merged_opus", format: "MATROSKA/OPUS", rate: 48000, channels: 2, quality: 20,
      frames: 12000),
    // As ffmpeg decodes them: blocks that are whole, where Ogg says at which sample the last one ends.
    TestRecording(
      name: "webm_vorbis_22k_stereo", format: "WEBM/VORBIS", rate: 22050, channels: 2, quality: 25,
      frames: 5760),
    TestRecording(
      name: "matroska_merged_vorbis", format: "MATROSKA/VORBIS", rate: 22050, channels: 2,
      quality: 25,
      frames: 6016),
    TestRecording(name: "matroska_vorbis_8k", format: "MATROSKA/VORBIS", quality: 25, frames: 2048),
    TestRecording(name: "mp3_16k", format: "MP3", rate: 16000, quality: 25, frames: nil),
    TestRecording(
      name: "mp3_44k_stereo_id3", format: "MP3", rate: 44100, channels: 2, quality: 25,
      frames: 11025),
    TestRecording(name: "mp3_vbr_24k", format: "MP3", rate: 24000, quality: 25, frames: 6000),
  ]

  /// Written by a program that could not seek back: sizes are 0 or the largest possible.
  static let streamed: [TestRecording] = [
    TestRecording(name: "streamed_wav", format: "WAV/PCM_16"),
    TestRecording(name: "streamed_rf64", format: "RF64/PCM_16"),
    TestRecording(name: "streamed_caf", format: "CAF/PCM_16"),
    TestRecording(name: "streamed_w64", format: "W64/PCM_16"),
    TestRecording(name: "streamed_aiff", format: "AIFF/PCM_16"),
    TestRecording(name: "streamed_au", format: "AU/PCM_16"),
    TestRecording(name: "streamed_flac", format: "FLAC/PCM_16"),
    TestRecording(name: "streamed_vorbis", format: "OGG/VORBIS", quality: 25),
    TestRecording(name: "streamed_opus", format: "OGG/OPUS", quality: 20),
    TestRecording(
      name: "streamed_webm", format: "WEBM/OPUS", rate: 48000, quality: 20, frames: 12000),
    TestRecording(name: "streamed_matroska", format: "MATROSKA/PCM_16"),
    TestRecording(name: "streamed_mp3", format: "MP3", rate: 16000, quality: 25, frames: nil),
  ]

  static let all = exact + lossy + streamed
}

@Suite("decoding every container and encoding")
struct FormatTests {
  @Test("the known tone comes back", arguments: TestRecording.all)
  func tone(_ recording: TestRecording) throws {
    let audio = try decode(recording.name)
    let fit = ToneFit(audio.waveform)
    #expect(abs(fit.amplitude - 0.5) < 0.03)
    #expect(fit.signalToNoise > recording.quality)
    #expect(audio.waveform.samples.allSatisfy { $0.magnitude < 0.7 })
  }

  @Test("the description says what the bytes were", arguments: TestRecording.all)
  func description(_ recording: TestRecording) throws {
    let audio = try decode(recording.name)
    #expect(audio.description.format == recording.format)
    #expect(audio.description.sampleRate == recording.rate)
    #expect(audio.description.channels == recording.channels)
    #expect(audio.description.frames == audio.waveform.samples.count)
    #expect(audio.waveform.sampleRate == recording.rate)
    if let frames = recording.frames { #expect(audio.description.frames == frames) }
    #expect(abs(audio.description.duration - 0.25) < 0.1)
  }

  @Test("every format of the table has a fixture that decodes", arguments: AudioContainer.allCases)
  func everyFormat(container: AudioContainer) throws {
    let format = container.rawValue
    let recording = try #require(
      TestRecording.all.first { $0.format == format || $0.format.hasPrefix(format + "/") })
    let header = try fixture(recording.name).prefix(AudioContainer.headerLength)
    #expect(try AudioContainer(header: Array(header)) == container)
    #expect(try decode(recording.name).description.format == recording.format)
    #expect(!container.extensions.isEmpty)
  }

  @Test(
    "audio that is not decoded is refused by name",
    arguments: [
      ("refused_mp4", AudioError.unsupportedContainer("MP4")),
      ("refused_matroska", .unsupportedEncoding("MATROSKA/A_AAC")),
      ("refused_aac", .unsupportedContainer("AAC")),
      ("caf_alac", .unsupportedEncoding("CAF/ALAC")),
      ("voc_16", .unrecognized),
      ("svx_16", .unrecognized),
    ])
  func refused(name: String, error: AudioError) {
    #expect(throws: error) { try decode(name) }
  }
}
