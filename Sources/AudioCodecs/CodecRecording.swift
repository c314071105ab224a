package import AudioIO

/// An open recording, decoded by whichever library decodes it.
///
/// Only the decoder program and the fuzzer use it: what strangers sent is never parsed by C code anywhere else.
package enum CodecRecording: ~Copyable {
  case soundFile(SoundFile)
  case mp3(MP3File)
  case vorbis(VorbisFile)
  case opus(OpusFile)
  case matroska(MatroskaFile)

  /// Opens bytes that begin with this container's header.
  package init(_ source: some ByteSource, in container: AudioContainer) throws(CodecError) {
    switch container {
    case .mp3: self = .mp3(try MP3File(source))
    case .vorbis: self = .vorbis(try VorbisFile(source))
    case .opus: self = .opus(try OpusFile(source))
    case .webm, .matroska: try self.init(matroska: source, container)
    case .wav, .rf64, .w64, .aiff, .au, .caf, .flac:
      self = .soundFile(try SoundFile(source))
    }
  }

  /// What the header says.
  package var properties: RecordingProperties {
    switch self {
    case .soundFile(let file): file.properties
    case .mp3(let file): file.properties
    case .vorbis(let file): file.properties
    case .opus(let file): file.properties
    case .matroska(let file): file.properties
    }
  }

  /// See `FrameReader.read`.
  package mutating func read(into samples: inout [Float]) throws(CodecError) -> Int {
    switch consume self {
    case .soundFile(var file):
      let count = file.read(into: &samples)
      self = .soundFile(file)
      return count
    case .mp3(var file):
      let count = file.read(into: &samples)
      self = .mp3(file)
      return count
    case .vorbis(var file):
      let result = Result { () throws(CodecError) in try file.read(into: &samples) }
      self = .vorbis(file)
      return try result.get()
    case .opus(var file):
      let result = Result { () throws(CodecError) in try file.read(into: &samples) }
      self = .opus(file)
      return try result.get()
    case .matroska(var file):
      let count = file.read(into: &samples)
      self = .matroska(file)
      return count
    }
  }
}

extension CodecRecording {
  /// Has the libraries build what they build once, so that processes forked from this one find it there.
  package static func warmUp() {
    let nothing = MemorySource([UInt8](repeating: 0, count: 64))
    for container in AudioContainer.allCases {
      _ = try? CodecRecording(nothing, in: container).properties
    }
  }
}

/// Why a C library finds no recording in the bytes.
package enum CodecError: Error {
  case malformed
  case encoding(AudioFormat)
  /// More than a block has room for, or none.
  case channels(Int)
  /// Tracks, but none of sound.
  case noAudio
  /// Another codec or sample rate in the middle.
  case changed
}
