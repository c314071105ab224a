/// Why bytes could not be turned into a waveform, or a waveform into bytes.
public enum AudioError: Error, Sendable, Equatable {
  /// There are no bytes at all.
  case empty
  /// The first bytes belong to no audio container.
  case unrecognized
  /// The container is a known one that is not decoded here, for example "MP4".
  case unsupportedContainer(String)
  /// The container is decoded here, but not with this encoding, for example "WAV/G722".
  case unsupportedEncoding(String)
  /// Neither our libraries nor the external decoder decode it, or not while it arrives, for example "EBML".
  case undecodable(String)
  /// The container's header cannot be read, for example "WAV".
  case malformed(container: String)
  /// The header is readable, but not one sample follows it.
  case noSamples
  /// A rate (Hz) outside the allowed ones.
  case sampleRate(Int, allowed: ClosedRange<Int>)
  /// More channels than allowed, or none.
  case channels(Int, allowed: ClosedRange<Int>)
  /// A channel that the recording lacks, counted from 0.
  case noChannel(Int, channels: Int)
  /// Longer than allowed, in seconds.
  case tooLong(maximum: Double)
  /// A sample that is NaN, infinite or absurdly large, at this frame.
  case invalidSample(frame: Int)
  /// What follows the first part of the recording cannot be joined to it, for example another rate in "WAV".
  case changed(container: String)
  /// The decoder gave up on the recording, for example an "OGG/VORBIS" that it died of.
  case decoderFailed(container: String)
  /// Decoding takes more processor time than a recording of this size and length is worth.
  case tooCostly
  /// Nobody waits for the answer any more.
  case unwanted
  /// No process can be had that would decode the recording.
  case noDecoder(reason: String)
  /// libsndfile could not write the file.
  case unwritable(format: String)
}

extension AudioError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .empty: "no bytes"
    case .unrecognized: "not an audio file"
    case .unsupportedContainer(let name): "\(name) is not supported"
    case .unsupportedEncoding(let name): "the encoding \(name) is not supported"
    case .undecodable(let name): "\(name) is not decoded"
    case .malformed(let container): "unreadable \(container) header"
    case .noSamples: "no audio samples"
    case .sampleRate(let rate, let allowed):
      "sample rate \(rate) Hz is outside \(allowed.lowerBound)–\(allowed.upperBound) Hz"
    case .channels(let count, let allowed):
      "\(count) channels are outside \(allowed.lowerBound)–\(allowed.upperBound)"
    case .noChannel(let channel, let count): "channel \(channel) is not among 0 to \(count - 1)"
    case .tooLong(let maximum): "longer than \(maximum) s"
    case .invalidSample(let frame): "frame \(frame) is not a finite sample of sound"
    case .changed(let container):
      "what follows the first part of the \(container) cannot be joined to it"
    case .decoderFailed(let container): "the \(container) decoder failed on it"
    case .tooCostly: "it takes more processor time than its size and length allow"
    case .unwanted: "nobody waits for the answer"
    case .noDecoder(let reason): "no decoder process: \(reason)"
    case .unwritable(let format): "cannot write \(format)"
    }
  }
}
