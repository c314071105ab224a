/// Element types that are read; the raw value is the header's `dtype`.
enum TensorElement: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  /// Counts; feature caches hold them.
  case uint16 = "U16"
  /// PyTorch counts batches (`num_batches_tracked`) in these; beyond 2²⁴ they are rounded.
  case int64 = "I64"

  var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32: 4
    case .float16, .bfloat16, .uint16: 2
    }
  }

  /// Little-endian elements as `Float`; a double beyond its range becomes infinite.
  func decode(_ data: ArraySlice<UInt8>) -> [Float] {
    switch self {
    case .float64: words(data) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: words(data) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: words(data) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .bfloat16: words(data) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .uint16: words(data) { (bits: UInt16) in Float(bits) }
    case .int64: words(data) { (bits: UInt64) in Float(Int64(bitPattern: bits)) }
    }
  }

  private func words<Word: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ data: ArraySlice<UInt8>, _ value: (Word) -> Float
  ) -> [Float] {
    // Caches of features are gigabytes of these: read a word at a time, not a byte.
    unsafe data.withUnsafeBytes { bytes in
      (0..<bytes.count / byteCount).map { place in
        let word = unsafe bytes.loadUnaligned(fromByteOffset: place * byteCount, as: Word.self)
        return value(Word(littleEndian: word))
      }
    }
  }
}
