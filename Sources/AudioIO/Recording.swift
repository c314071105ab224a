/// An open recording, decoded by whichever library decodes it.
enum Recording: ~Copyable {
  case soundFile(SoundFile)
  case mp3(MP3File)
  case vorbis(VorbisFile)
  case opus(OpusFile)

  /// Finds the container from the bytes.
  init(_ source: some ByteSource) throws(AudioError) {
    var source = EditedBytes(base: source)
    switch try source.prepare() {
    case .mp3: self = .mp3(try MP3File(source))
    case .vorbis: self = .vorbis(try VorbisFile(source))
    case .opus: self = .opus(try OpusFile(source))
    case let container: self = .soundFile(try SoundFile(source, in: container))
    }
  }

  /// What the header says.
  var properties: RecordingProperties {
    switch self {
    case .soundFile(let file): file.properties
    case .mp3(let file): file.properties
    case .vorbis(let file): file.properties
    case .opus(let file): file.properties
    }
  }

  /// See `FrameReader.read`.
  mutating func read(into samples: inout [Float]) -> Int {
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
      let count = file.read(into: &samples)
      self = .vorbis(file)
      return count
    case .opus(var file):
      let count = file.read(into: &samples)
      self = .opus(file)
      return count
    }
  }
}
