/// A codec whose packets another container than its own may hold.
protocol PacketDecoder: AnyObject {
  /// Hz.
  var sampleRate: Int { get }
  var channels: Int { get }

  /// The frames that become whole with this packet, channels interleaved; none where it is damaged.
  func decode(_ packet: [UInt8]) -> [Float]
}
