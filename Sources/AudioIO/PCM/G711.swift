/// The telephone's samples: what each byte stands for (ITU-T G.711), as libsndfile gives it (full scale is ±1).
enum G711 {
  static let muLaw: [Float] = (0...255).map { byte in
    let bits = ~byte & 0xFF
    let magnitude = ((bits & 0x0F) << 3 + 0x84) << (bits >> 4 & 7) - 0x84
    return Float(bits & 0x80 == 0 ? magnitude : -magnitude) / 0x1p15
  }

  static let aLaw: [Float] = (0...255).map { byte in
    let bits = byte ^ 0x55
    let (mantissa, exponent) = ((bits & 0x0F) << 4, bits >> 4 & 7)
    let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 0x108) << (exponent - 1)
    return Float(bits & 0x80 == 0 ? -magnitude : magnitude) / 0x1p15
  }
}
