import AudioIO
import CXiph

/// libopus's decoder of packets, of one stream or several.
@safe final class OpusDecoder: PacketDecoder {
  private let decoder: OpaquePointer
  private let gain: Float
  let sampleRate: Int
  let channels: Int

  /// - Parameter sampleRate: Hz; the header's own where left out. libopus gives any stream at each of its rates.
  /// - Returns: nil where libopus has no decoder for such a header.
  init?(_ header: OpusHeader, sampleRate: Int? = nil) {
    let rate = sampleRate ?? header.sampleRate
    let decoder = unsafe opus_multistream_decoder_create(
      Int32(rate), Int32(header.channels), Int32(header.streams),
      Int32(header.coupledStreams), header.mapping, nil)
    guard let decoder = unsafe decoder else { return nil }
    unsafe self.decoder = unsafe decoder
    gain = header.gain
    self.sampleRate = rate
    channels = header.channels
  }

  deinit { unsafe opus_multistream_decoder_destroy(decoder) }

  /// `opus_multistream_decode_float`.
  /// - Returns: frames now in `samples`; 0 where the packet is damaged.
  func decode(_ packet: [UInt8], into samples: inout [Float]) -> Int {
    // To libopus no bytes mean a lost packet, for which it makes sound up.
    guard !packet.isEmpty else { return 0 }
    let room = samples.count / channels
    let frames = unsafe samples.withUnsafeMutableBufferPointer { buffer in
      unsafe opus_multistream_decode_float(
        decoder, packet, Int32(clamping: packet.count), buffer.baseAddress!, Int32(room), 0)
    }
    guard frames > 0 else { return 0 }
    if gain != 1 { for index in samples.indices { samples[index] *= gain } }
    return Int(frames)
  }

  func decode(_ packet: [UInt8]) -> [Float] {
    var samples = [Float](repeating: 0, count: DecoderMemory.packetFrames * channels)
    let frames = decode(packet, into: &samples)
    samples.removeLast(samples.count - frames * channels)
    return samples
  }
}
