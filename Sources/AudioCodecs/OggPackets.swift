import AudioIO
import CXiph

/// The packets of the first logical stream in an Ogg file, forward only (libogg).
@safe struct OggPackets: ~Copyable {
  /// What a page says of the packets that end on it.
  struct Page {
    /// Counts the pages read, from 1.
    var number: Int
    /// Samples from the beginning of the stream to the end of this page; negative where unknown.
    var granulePosition: Int64
    /// Whether the stream ends here.
    var isLast: Bool
  }

  /// Both stay where they are: libogg keeps pointers into them.
  private let sync: UnsafeMutablePointer<ogg_sync_state>
  private let stream: UnsafeMutablePointer<ogg_stream_state>
  private let file: SourceFile
  private var serial: Int32?
  /// The page that the next packets end on.
  private(set) var page = Page(number: 0, granulePosition: -1, isLast: false)

  init(_ source: some ByteSource) {
    file = SourceFile(source)
    unsafe sync = .allocate(capacity: 1)
    unsafe stream = .allocate(capacity: 1)
    unsafe ogg_sync_init(sync)
    unsafe ogg_stream_init(stream, 0)
  }

  deinit {
    unsafe ogg_stream_clear(stream)
    unsafe ogg_sync_clear(sync)
    unsafe stream.deallocate()
    unsafe sync.deallocate()
  }

  /// A packet, with what libogg says of it.
  struct Packet {
    var bytes: [UInt8]
    /// Whether the stream ends with it.
    var isLast: Bool
    /// Samples from the beginning of the stream to the end of this packet; -1 where it does not say.
    var granulePosition: Int64
    /// Counts the packets, with those that are missing.
    var number: Int64
  }

  /// The next packet; nil at the end. Damaged pages and the packets on them are left out.
  mutating func next() -> Packet? {
    var packet = unsafe ogg_packet()
    while true {
      let found = unsafe ogg_stream_packetout(stream, &packet)
      if found == 1 { break }
      // -1 tells of a gap, behind which there may be more.
      if found == 0 { guard !page.isLast, addPage() else { return nil } }
    }
    let bytes = unsafe UnsafeBufferPointer(start: packet.packet, count: packet.bytes)
    return unsafe Packet(
      bytes: Array(bytes), isLast: packet.e_o_s != 0, granulePosition: packet.granulepos,
      number: packet.packetno)
  }

  /// Gives the next page of our stream to it.
  private mutating func addPage() -> Bool {
    var next = unsafe ogg_page()
    while unsafe nextPage(&next) {
      let serial = unsafe ogg_page_serialno(&next)
      if self.serial == nil {
        self.serial = serial
        unsafe ogg_stream_reset_serialno(stream, serial)
      }
      guard self.serial == serial else { continue }
      page = unsafe Page(
        number: page.number + 1, granulePosition: ogg_page_granulepos(&next),
        isLast: ogg_page_eos(&next) != 0)
      return unsafe ogg_stream_pagein(stream, &next) == 0
    }
    return false
  }

  /// The next page with a right checksum; false at the end of the file.
  private mutating func nextPage(_ page: inout ogg_page) -> Bool {
    while unsafe ogg_sync_pageout(sync, &page) != 1 {
      let target = unsafe ogg_sync_buffer(sync, Self.readLength)
      let count = unsafe file.read(to: target, count: Self.readLength)
      unsafe ogg_sync_wrote(sync, count)
      guard count > 0 else { return false }
    }
    return true
  }

  private static let readLength = 8192
}
