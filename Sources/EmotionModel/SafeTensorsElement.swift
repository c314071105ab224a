/// Element types that are read; the raw value is the header's `dtype`.
enum TensorElement: String {
  case float64 = "F64"
  case float32 = "F32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  /// PyTorch counts batches (`num_batches_tracked`) in these; beyond 2²⁴ they are rounded.
  case int64 = "I64"

  var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32: 4
    case .float16, .bfloat16: 2
    }
  }

  /// Little-endian elements as `Float`; a double beyond its range becomes infinite.
  func decode(_ data: ArraySlice<UInt8>) -> [Float] {
    switch self {
    case .float64: words(data) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
    case .float32: words(data) { (bits: UInt32) in Float(bitPattern: bits) }
    case .float16: words(data) { (bits: UInt16) in Float(Float16(bitPattern: bits)) }
    case .bfloat16: words(data) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    case .int64: words(data) { (bits: UInt64) in Float(Int64(bitPattern: bits)) }
    }
  }

  private func words<Word: FixedWidthInteger & UnsignedInteger>(
    _ data: ArraySlice<UInt8>, _ value: (Word) -> Float
  ) -> [Float] {
    stride(from: data.startIndex, to: data.endIndex, by: byteCount).map { start in
      var word: Word = 0
      for index in 0..<byteCount {
        word |= Word(data[start + index]) << (8 * index)
      }
      return value(word)
    }
  }
}
