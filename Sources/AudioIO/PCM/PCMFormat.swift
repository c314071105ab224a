/// How plain samples are stored: each by itself, channels interleaved.
package struct PCMFormat: Equatable {
  package enum Encoding {
    case unsigned8, signed16, signed24, signed32, float32, float64, muLaw, aLaw
  }

  package var encoding: Encoding
  package var isBigEndian: Bool
  /// Hz.
  package var sampleRate: Int
  package var channels: Int

  package init(encoding: Encoding, isBigEndian: Bool, sampleRate: Int, channels: Int) {
    self.encoding = encoding
    self.isBigEndian = isBigEndian
    self.sampleRate = sampleRate
    self.channels = channels
  }

  var bytesPerSample: Int {
    switch encoding {
    case .unsigned8, .muLaw, .aLaw: 1
    case .signed16: 2
    case .signed24: 3
    case .signed32, .float32: 4
    case .float64: 8
    }
  }

  package var bytesPerFrame: Int { bytesPerSample * channels }
}

extension PCMFormat {
  /// The `fmt ` chunk of a WAV file (Microsoft's WAVEFORMATEX and WAVEFORMATEXTENSIBLE).
  /// - Returns: nil for what is not plain, or not written as everybody writes it: libsndfile decides about that.
  init?(waveFormat bytes: [UInt8], isBigEndian: Bool) {
    guard bytes.count >= 16 else { return nil }
    let field = { (offset: Int, length: Int) in
      Int(littleEndian: bytes[offset..<offset + length], reversed: isBigEndian)
    }
    var tag = field(0, 2)
    let (channels, sampleRate, alignment, bits) = (
      field(2, 2), field(4, 4), field(12, 2), field(14, 2)
    )
    if tag == 0xFFFE {
      // The sub-format begins with the tag; valid bits that differ from the stored ones are not plain.
      guard bytes.count >= 40, field(18, 2) == bits,
        Array(bytes[26..<40]) == Self.subFormat(isBigEndian: isBigEndian)
      else { return nil }
      tag = field(24, 2)
    }
    guard let encoding = Self.encoding(tag, bits), channels > 0, sampleRate > 0 else { return nil }
    self.init(
      encoding: encoding, isBigEndian: isBigEndian, sampleRate: sampleRate, channels: channels)
    guard alignment == bytesPerFrame else { return nil }
  }

  private static func encoding(_ tag: Int, _ bits: Int) -> Encoding? {
    switch (tag, bits) {
    case (1, 8): .unsigned8
    case (1, 16): .signed16
    case (1, 24): .signed24
    case (1, 32): .signed32
    case (3, 32): .float32
    case (3, 64): .float64
    case (6, 8): .aLaw
    case (7, 8): .muLaw
    default: nil
    }
  }

  /// What follows the tag in the GUID of every plain sub-format: 00000000-0010-8000-00AA00389B71.
  private static func subFormat(isBigEndian: Bool) -> [UInt8]? {
    isBigEndian
      ? nil : [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
  }

  init(_ raw: RawPCM) {
    self.init(
      encoding: Encoding(raw.encoding), isBigEndian: raw.byteOrder == .bigEndian,
      sampleRate: raw.sampleRate, channels: raw.channels)
  }

  /// In libsndfile's numbering, for a container of that number.
  package func format(in container: Int32) -> AudioFormat {
    let encoding: Int32 =
      switch self.encoding {
      case .unsigned8: 5
      case .signed16: 2
      case .signed24: 3
      case .signed32: 4
      case .float32: 6
      case .float64: 7
      case .muLaw: 0x10
      case .aLaw: 0x11
      }
    return AudioFormat(code: container | encoding)
  }
}

extension PCMFormat.Encoding {
  fileprivate init(_ raw: RawPCM.Encoding) {
    self =
      switch raw {
      case .signed16: .signed16
      case .signed24: .signed24
      case .signed32: .signed32
      case .muLaw: .muLaw
      case .aLaw: .aLaw
      }
  }
}

extension Int {
  /// The unsigned number that the bytes hold, the lowest first, or last.
  fileprivate init(littleEndian bytes: ArraySlice<UInt8>, reversed: Bool) {
    self = 0
    for byte in reversed ? Array(bytes) : bytes.reversed() { self = self << 8 | Int(byte) }
  }
}
