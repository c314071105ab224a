import Glibc

/// The identification header of Ogg Opus (RFC 7845, 5.1).
struct OpusHeader {
  var channels: Int
  /// Samples at 48 kHz to leave out at the beginning.
  var preSkip: Int
  /// Rate before encoding, Hz; 0 where unknown. What is decoded does not depend on it.
  var originalRate: Int
  /// For every sample.
  var gainDecibels: Double
  var streams: Int
  var coupledStreams: Int
  /// Which decoded channel each output channel is.
  var mapping: [UInt8]

  init?(_ packet: [UInt8]) {
    guard packet.count >= 19, packet.starts(with: Array("OpusHead".utf8)), packet[8] & 0xF0 == 0
    else { return nil }
    channels = Int(packet[9])
    preSkip = Int(packet[10]) | Int(packet[11]) << 8
    originalRate = packet[12..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
    let gain = Int16(bitPattern: UInt16(packet[16]) | UInt16(packet[17]) << 8)
    gainDecibels = Double(gain) / 256
    switch packet[18] {
    case 0 where 1...2 ~= channels:
      (streams, coupledStreams, mapping) = (1, channels - 1, [0, 1])
    case 1, 255:
      guard channels > 0, packet.count >= 21 + channels else { return nil }
      (streams, coupledStreams) = (Int(packet[19]), Int(packet[20]))
      mapping = Array(packet[21..<21 + channels])
      // More streams than channels are allowed, decoded and thrown away: 255 of them behind one channel cost
      // 255 times the work, and no encoder makes any.
      guard streams <= channels, coupledStreams <= streams, streams + coupledStreams <= 2 * channels
      else { return nil }
    default: return nil
    }
  }

  /// The same, as a factor of amplitude.
  var gain: Float { Float(pow(10, gainDecibels / 20)) }

  /// The lowest of the decoder's rates that holds everything the encoder was given, Hz.
  var sampleRate: Int {
    guard originalRate > 0 else { return 48_000 }
    return [8_000, 12_000, 16_000, 24_000].first { $0 >= originalRate } ?? 48_000
  }
}
