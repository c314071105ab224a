package import AudioIO
import CXiph

/// An Ogg Vorbis recording: libvorbis over the packets of an Ogg file.
///
/// libsndfile 1.2 and libvorbisfile decode with the same libvorbis, but hand it every header unseen. Here the setup is
/// looked at first (``VorbisSetup``), and comments, which may hold pictures, never reach it.
@safe package struct VorbisFile: FrameReader, ~Copyable {
  private var packets: OggPackets
  private var decoder: VorbisDecoder
  package let properties: RecordingProperties

  /// - Throws: `malformed` where the three headers are not whole, or ask for more than an encoder would.
  init(_ source: some ByteSource) throws(CodecError) {
    var packets = OggPackets(source)
    guard let decoder = VorbisDecoder(&packets) else { throw .malformed }
    self.packets = packets
    self.decoder = decoder
    properties = RecordingProperties(
      format: .vorbis, sampleRate: decoder.sampleRate, channels: decoder.channels)
  }

  /// Missing and damaged packets are stepped over. Streams chained to the first follow it.
  package mutating func read(into samples: inout [Float]) throws(CodecError) -> Int {
    while true {
      let frames = take(into: &samples)
      if frames > 0 { return frames }
      if let packet = packets.next() {
        decoder.decode(packet)
      } else {
        guard try beginLink() else { return 0 }
      }
    }
  }

  private func take(into samples: inout [Float]) -> Int {
    let (channels, width) = (decoder.channels, properties.channels)
    guard channels != width else { return decoder.take(into: &samples) }
    var block = [Float](repeating: 0, count: samples.count / width * channels)
    let frames = decoder.take(into: &block)
    samples.setMeans(of: block, frames: frames, channels: channels, width: width)
    return frames
  }

  /// - Returns: false where no stream follows.
  /// - Throws: `changed` where the next one has another codec or sample rate.
  private mutating func beginLink() throws(CodecError) -> Bool {
    switch packets.beginLink("\u{1}vorbis") {
    case .none: return false
    case .other: throw .changed
    case .same:
      // A stream whose headers are damaged has nothing that could be decoded.
      guard let next = VorbisDecoder(&packets) else { return true }
      guard next.sampleRate == properties.sampleRate else { throw .changed }
      decoder = next
      return true
    }
  }
}

/// libvorbis's four states, which point at each other and so stay where they are.
@safe final class VorbisDecoder {
  private let info = UnsafeMutablePointer<vorbis_info>.allocate(capacity: 1)
  private let comment = UnsafeMutablePointer<vorbis_comment>.allocate(capacity: 1)
  private let state = UnsafeMutablePointer<vorbis_dsp_state>.allocate(capacity: 1)
  private let block = UnsafeMutablePointer<vorbis_block>.allocate(capacity: 1)
  private var isReady = false

  /// What a file without comments has as its second packet: an empty vendor, no comment, and the framing bit.
  private static let noComments: [UInt8] =
    Array("\u{3}vorbis".utf8) + [0, 0, 0, 0, 0, 0, 0, 0, 1]

  /// Takes the three headers.
  convenience init?(_ packets: inout OggPackets) {
    guard let identification = packets.next(), let comments = packets.next(),
      comments.bytes.starts(with: Array("\u{3}vorbis".utf8)), let setup = packets.next(),
      VorbisSetup.isReasonable(setup.bytes)
    else { return nil }
    self.init(identification.bytes, setup.bytes)
  }

  /// `vorbis_synthesis_headerin`, three times.
  init?(_ identification: [UInt8], _ setup: [UInt8]) {
    unsafe vorbis_info_init(info)
    unsafe vorbis_comment_init(comment)
    for (number, header) in [identification, Self.noComments, setup].enumerated() {
      guard
        unsafe header.withPacket(number, { unsafe vorbis_synthesis_headerin(info, comment, &$0) })
          == 0
      else { return nil }
    }
    guard unsafe vorbis_synthesis_init(state, info) == 0 else { return nil }
    unsafe vorbis_block_init(state, block)
    isReady = true
  }

  deinit {
    if isReady {
      unsafe vorbis_block_clear(block)
      unsafe vorbis_dsp_clear(state)
    }
    unsafe vorbis_comment_clear(comment)
    unsafe vorbis_info_clear(info)
    unsafe block.deallocate()
    unsafe state.deallocate()
    unsafe comment.deallocate()
    unsafe info.deallocate()
  }

  var sampleRate: Int { unsafe info.pointee.rate }
  var channels: Int { Int(unsafe info.pointee.channels) }

  /// `vorbis_synthesis`, `vorbis_synthesis_blockin`; a packet that cannot be decoded changes nothing.
  func decode(_ packet: OggPackets.Packet) {
    unsafe packet.bytes.withPacket(0) { content in
      unsafe content.b_o_s = 0
      unsafe content.e_o_s = packet.isLast ? 1 : 0
      unsafe content.granulepos = packet.granulePosition
      unsafe content.packetno = packet.number
      if unsafe vorbis_synthesis(block, &content) == 0 {
        _ = unsafe vorbis_synthesis_blockin(state, block)
      }
    }
  }

  /// `vorbis_synthesis_pcmout`.
  /// - Returns: frames now in `samples`.
  func take(into samples: inout [Float]) -> Int {
    var planes: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>?
    let ready = Int(unsafe vorbis_synthesis_pcmout(state, &planes))
    let frames = min(ready, samples.count / channels)
    guard frames > 0, let planes = unsafe planes else { return 0 }
    for channel in 0..<channels {
      guard let plane = unsafe planes[channel] else { return 0 }
      for frame in 0..<frames { samples[frame * channels + channel] = unsafe plane[frame] }
    }
    unsafe vorbis_synthesis_read(state, Int32(frames))
    return frames
  }
}

extension [UInt8] {
  /// These bytes as libogg hands them on; the first packet begins the stream.
  @discardableResult
  fileprivate func withPacket<Result>(_ number: Int, _ body: (inout ogg_packet) -> Result) -> Result
  {
    unsafe withUnsafeBufferPointer { bytes in
      var packet = unsafe ogg_packet()
      unsafe packet.packet = UnsafeMutablePointer(mutating: bytes.baseAddress)
      unsafe packet.bytes = bytes.count
      unsafe packet.b_o_s = number == 0 ? 1 : 0
      unsafe packet.packetno = Int64(number)
      return unsafe body(&packet)
    }
  }
}
