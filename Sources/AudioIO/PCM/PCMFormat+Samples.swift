extension PCMFormat {
  /// Appends stored samples as floats, channels interleaved.
  package func appendInterleaved(_ bytes: Span<UInt8>, to samples: inout [Float]) {
    switch encoding {
    case .unsigned8: append(bytes, to: &samples) { (Float($0 as UInt8) - 128) / 128 }
    case .signed16: append(bytes, to: &samples) { Float($0 as Int16) / 0x1p15 }
    case .signed24: append24(bytes, to: &samples)
    case .signed32: append(bytes, to: &samples) { Float($0 as Int32) / 0x1p31 }
    case .float32: append(bytes, to: &samples) { Float(bitPattern: $0 as UInt32) }
    case .float64: append(bytes, to: &samples) { Float(Double(bitPattern: $0 as UInt64)) }
    case .muLaw: append(bytes, to: &samples) { G711.muLaw[Int($0 as UInt8)] }
    case .aLaw: append(bytes, to: &samples) { G711.aLaw[Int($0 as UInt8)] }
    }
  }

  private func append<Stored: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: Span<UInt8>, to samples: inout [Float], _ convert: (Stored) -> Float
  ) {
    let count = bytes.count / MemoryLayout<Stored>.size
    let isSwapped = isBigEndian
    unsafe bytes.withUnsafeBytes { bytes in
      let block = unsafe [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        for index in 0..<count {
          let stored = unsafe bytes.loadUnaligned(
            fromByteOffset: index * MemoryLayout<Stored>.size, as: Stored.self)
          unsafe buffer[index] = convert(
            isSwapped ? Stored(bigEndian: stored) : Stored(littleEndian: stored))
        }
        filled = count
      }
      if samples.isEmpty { samples = block } else { samples += block }
    }
  }

  /// Three bytes each: widened to 32 bits, the lowest of which are zero.
  private func append24(_ bytes: Span<UInt8>, to samples: inout [Float]) {
    for start in stride(from: 0, to: bytes.count - 2, by: 3) {
      let (low, high) =
        isBigEndian ? (bytes[start + 2], bytes[start]) : (bytes[start], bytes[start + 2])
      let bits = UInt32(low) << 8 | UInt32(bytes[start + 1]) << 16 | UInt32(high) << 24
      samples.append(Float(Int32(bitPattern: bits)) / 0x1p31)
    }
  }
}
