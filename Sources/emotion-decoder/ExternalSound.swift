/// The AU file of 32-bit floats that the external decoder writes.
final class ExternalSound {
  /// Hz.
  let sampleRate: Int
  let channels: Int
  private let process: ExternalProcess

  /// Reads the header.
  /// - Returns: nil where none comes.
  init?(_ process: ExternalProcess) {
    self.process = process
    let header = process.bytes(24)
    guard header.count == 24, header.starts(with: Array(".snd".utf8)) else { return nil }
    let (start, encoding) = (header.word(at: 4), header.word(at: 12))
    sampleRate = header.word(at: 16)
    channels = header.word(at: 20)
    guard 24...4096 ~= start, encoding == 6, 1...1_000_000 ~= sampleRate else { return nil }
    guard process.bytes(start - 24).count == start - 24 else { return nil }
  }

  /// Up to so many frames, interleaved; none at the end.
  func next(_ frames: Int) -> [Float] {
    let size = channels * MemoryLayout<Float>.size
    let bytes = process.bytes(frames * size)
    let whole = bytes.count / size * size
    return stride(from: 0, to: whole, by: 4).map {
      Float(bitPattern: UInt32(bytes.word(at: $0)))
    }
  }
}

extension ExternalProcess {
  /// So many bytes; fewer at the end.
  fileprivate func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = read(into: &bytes, from: done)
      guard read > 0 else { break }
      done += read
    }
    return Array(bytes.prefix(done))
  }
}

extension [UInt8] {
  /// Four bytes as a number, the first being the highest.
  fileprivate func word(at offset: Int) -> Int {
    self[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }
}
