import AudioIO
import CXiph

/// The packets of one logical stream in an Ogg file, forward only (libogg): of the first, and then of those chained to it.
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
  /// Pages of this stream so far.
  private var streamPages = 0
  /// The first page of the next stream, where it was read before this one had ended.
  private var held: ogg_page?
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
      if found == 0 {
        guard !page.isLast, unsafe held == nil, addPage() else { return nil }
      }
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
      if self.serial == nil { begin(serial) }
      if unsafe isBeginning(&next, serial) {
        unsafe held = unsafe next
        return false
      }
      if self.serial == serial { return unsafe add(&next) }
    }
    return false
  }

  private mutating func begin(_ serial: Int32) {
    self.serial = serial
    streamPages = 0
    unsafe ogg_stream_reset_serialno(stream, serial)
  }

  private mutating func add(_ next: inout ogg_page) -> Bool {
    streamPages += 1
    page = unsafe Page(
      number: page.number + 1, granulePosition: ogg_page_granulepos(&next),
      isLast: ogg_page_eos(&next) != 0)
    return unsafe ogg_stream_pagein(stream, &next) == 0
  }

  /// Whether a stream begins that is chained to ours, which then was cut short. Streams side by side with ours begin before
  /// our second page.
  private func isBeginning(_ next: inout ogg_page, _ serial: Int32) -> Bool {
    guard unsafe ogg_page_bos(&next) != 0, streamPages > 0 else { return false }
    return streamPages > 1 || serial == self.serial
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

extension OggPackets {
  /// What follows a stream that has ended.
  enum Link {
    case none
    /// A stream of the codec that was asked for: its packets come next.
    case same
    case other
  }

  /// Goes to the next stream of the chain.
  /// - Parameter signature: The first bytes of the codec's first packet.
  mutating func beginLink(_ signature: String) -> Link {
    var next = unsafe ogg_page()
    var isOther = false
    while unsafe nextHeldOrRead(&next) {
      guard unsafe ogg_page_bos(&next) != 0 else {
        if isOther { return .other }
        continue
      }
      if unsafe next.begins(with: signature) {
        begin(unsafe ogg_page_serialno(&next))
        _ = unsafe add(&next)
        return .same
      }
      isOther = true
    }
    return isOther ? .other : .none
  }

  private mutating func nextHeldOrRead(_ next: inout ogg_page) -> Bool {
    guard let held = unsafe held else { return unsafe nextPage(&next) }
    unsafe next = unsafe held
    unsafe self.held = nil
    return true
  }
}

extension ogg_page {
  fileprivate func begins(with signature: String) -> Bool {
    unsafe UnsafeBufferPointer(start: body, count: body_len).starts(with: signature.utf8)
  }
}
