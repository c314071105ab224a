/// What a recording was before it became waveforms.
public struct AudioDescription: Sendable, Equatable {
  /// Container and encoding, for example "WAV/PCM_16", "OGG/OPUS" or "MP3".
  public var format: String
  /// Rate at which the decoder delivers, Hz. Opus decodes at 48 kHz or an integer fraction of it,
  /// whatever the rate was before encoding.
  public var sampleRate: Int
  public var channels: Int
  /// Frames really decoded, not those the header claims.
  public var frames: Int
  /// Whether the bytes end before the samples that the header names, where that is known for sure.
  public var isTruncated: Bool
  /// Whether two channels were mixed that hold different voices.
  public var mixesVoices: Bool

  public init(
    format: String, sampleRate: Int, channels: Int, frames: Int, isTruncated: Bool = false,
    mixesVoices: Bool = false
  ) {
    self.format = format
    self.sampleRate = sampleRate
    self.channels = channels
    self.frames = frames
    self.isTruncated = isTruncated
    self.mixesVoices = mixesVoices
  }

  /// Length in seconds.
  public var duration: Double { Double(frames) / Double(sampleRate) }
}

/// A recording mixed to mono, with what it was.
public struct DecodedAudio: Sendable, Equatable {
  public var waveform: Waveform
  public var description: AudioDescription

  public init(waveform: Waveform, description: AudioDescription) {
    self.waveform = waveform
    self.description = description
  }
}
