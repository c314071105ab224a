import CDecoderChannel
import Glibc

/// The memory that a decoder process and its program share: bytes of the recording first, samples behind them.
///
/// The other side may write to it at any moment. So nothing in it is looked at twice: it is copied, and the copy checked.
@safe package final class DecoderMemory: @unchecked Sendable {
  /// Bytes of the recording at once.
  package static let inputSize = 256 * 1024
  /// Channels that a block has room for.
  package static let maximumChannels = 64
  /// Frames that the largest packet of any format holds: Opus, 120 ms at 48 kHz.
  package static let packetFrames = 5760
  private static let sampleCount = 2 * packetFrames * maximumChannels
  /// Two blocks: one is read while the next one is decoded.
  package static let size = inputSize + 2 * blockSize
  private static let blockSize = sampleCount * MemoryLayout<Float>.size

  /// Frames decoded at once: many for few channels, because every block is a conversation.
  package static func blockFrames(channels: Int) -> Int {
    max(2 * packetFrames, (1 << 15) / channels)
  }

  private let start: UnsafeMutableRawPointer

  /// Maps a descriptor of such memory (`mmap`); nil where the system refuses.
  package init?(descriptor: Int32) {
    let mapped = unsafe mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
    unsafe start = unsafe mapped
  }

  deinit { unsafe munmap(start, Self.size) }

  /// Puts the next bytes of the recording there.
  /// - Returns: how many; 0 at the end.
  package func fill(from source: inout any ByteSource, at offset: Int) -> Int {
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: start.assumingMemoryBound(to: UInt8.self), count: Self.inputSize)
    var span = unsafe MutableSpan(_unsafeElements: buffer)
    return source.read(at: offset, into: &span)
  }

  /// Copies bytes of the recording from `offset` on.
  package func read(at offset: Int, into destination: inout MutableSpan<UInt8>, count: Int) {
    precondition(offset >= 0 && offset + count <= Self.inputSize, "bytes outside the memory")
    unsafe destination.withUnsafeMutableBytes { target in
      unsafe target.baseAddress?.copyMemory(from: start + offset, byteCount: count)
    }
  }

  private func block(_ number: Int) -> UnsafeMutableRawPointer {
    unsafe start + Self.inputSize + number % 2 * Self.blockSize
  }

  /// Puts samples into a block, behind `offset` others. Blocks are counted from 0.
  package func write(_ samples: ArraySlice<Float>, at offset: Int, of number: Int) {
    precondition(offset + samples.count <= Self.sampleCount, "samples outside the memory")
    let target = unsafe block(number) + offset * MemoryLayout<Float>.size
    unsafe samples.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      unsafe target.copyMemory(from: source, byteCount: bytes.count)
    }
  }

  /// Appends a block's samples.
  func append(_ count: Int, of number: Int, to samples: inout [Float]) {
    precondition(0...Self.sampleCount ~= count, "samples outside the memory")
    let block = unsafe UnsafeBufferPointer(
      start: block(number).assumingMemoryBound(to: Float.self), count: count)
    unsafe samples.append(contentsOf: block)
  }
}
