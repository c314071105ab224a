import AudioIO

/// Plain samples in packets; a part of a frame at a packet's end is left out.
final class PCMPackets: PacketDecoder {
  private let format: PCMFormat

  init(_ format: PCMFormat) { self.format = format }

  var sampleRate: Int { format.sampleRate }
  var channels: Int { format.channels }

  func decode(_ packet: [UInt8]) -> [Float] {
    let count = packet.count / format.bytesPerFrame * format.bytesPerFrame
    var samples: [Float] = []
    format.appendInterleaved(packet.span.extracting(0..<count), to: &samples)
    return samples
  }
}

extension PCMFormat {
  /// - Returns: nil for a track that is no plain samples, or of no size that is read.
  init?(_ track: MatroskaTrack) {
    let encoding: Encoding? =
      switch (track.codec, track.bitDepth) {
      case ("A_PCM/INT/LIT", 8), ("A_PCM/INT/BIG", 8): .unsigned8
      case ("A_PCM/INT/LIT", 16), ("A_PCM/INT/BIG", 16): .signed16
      case ("A_PCM/INT/LIT", 24), ("A_PCM/INT/BIG", 24): .signed24
      case ("A_PCM/INT/LIT", 32), ("A_PCM/INT/BIG", 32): .signed32
      case ("A_PCM/FLOAT/IEEE", 32): .float32
      case ("A_PCM/FLOAT/IEEE", 64): .float64
      default: nil
      }
    guard let encoding else { return nil }
    self.init(
      encoding: encoding, isBigEndian: track.codec == "A_PCM/INT/BIG",
      sampleRate: Int(track.sampleRate), channels: track.channels)
  }
}
