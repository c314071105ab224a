/// How large the tables are that a Vorbis setup header asks a decoder to build.
///
/// A few bytes of header can ask for gigabytes: libvorbis 1.3.7 takes 8 bytes a codebook entry from the stack, and time in
/// proportion, before it has seen a single sample. So the codebooks are read here first, without building them.
struct VorbisSetup {
  /// Entries of all codebooks. libvorbis's own encoder makes at most 19,413 (6 channels at quality 10).
  private static let entryLimit = 1 << 17
  /// Entries times dimensions of the codebooks that hold vectors: at most 85,928 there.
  private static let valueLimit = 1 << 20

  private var reader: BitReader
  private var entries = 0
  private var values = 0

  /// Whether a setup packet's codebooks can be read, and are of a size that encoders make.
  static func isReasonable(_ packet: [UInt8]) -> Bool {
    guard packet.starts(with: Array("\u{5}vorbis".utf8)) else { return false }
    var setup = VorbisSetup(reader: BitReader(packet, from: 7))
    return setup.readCodebooks() != nil
  }

  private init(reader: BitReader) { self.reader = reader }

  // Void? rather than Bool: each step ends the reading where the bits end.
  private mutating func readCodebooks() -> Void? {
    guard let last = reader.read(8) else { return nil }
    for _ in 0...last { guard readCodebook() != nil else { return nil } }
    return ()
  }

  private mutating func readCodebook() -> Void? {
    guard reader.read(24) == 0x56_4342, let dimensions = reader.read(16),
      let count = reader.read(24), let isOrdered = reader.read(1)
    else { return nil }
    entries += count
    guard entries <= Self.entryLimit,
      (isOrdered == 1 ? skipOrderedLengths(count) : skipLengths(count)) != nil
    else { return nil }
    return readLookup(count, dimensions)
  }

  /// A length for each entry, or for those that are used.
  private mutating func skipLengths(_ count: Int) -> Void? {
    guard let isSparse = reader.read(1) else { return nil }
    if isSparse == 0 { return reader.skip(5 * count) ? () : nil }
    for _ in 0..<count {
      guard let isUsed = reader.read(1), reader.skip(5 * isUsed) else { return nil }
    }
    return ()
  }

  /// How many entries have each length, from the shortest on.
  private mutating func skipOrderedLengths(_ count: Int) -> Void? {
    guard reader.skip(5) else { return nil }
    var (done, lengths) = (0, 0)
    while done < count {
      guard lengths < 32, let number = reader.read((count - done).bitLength), number <= count - done
      else { return nil }
      done += number
      lengths += 1
    }
    return ()
  }

  private mutating func readLookup(_ count: Int, _ dimensions: Int) -> Void? {
    guard let type = reader.read(4), type <= 2 else { return nil }
    if type == 0 { return () }
    values += count * dimensions
    guard values <= Self.valueLimit, reader.skip(64), let bits = reader.read(4), reader.skip(1)
    else { return nil }
    let numbers = type == 1 ? root(of: count, dimensions) : count * dimensions
    return reader.skip((bits + 1) * numbers) ? () : nil
  }

  /// The largest whole number whose power does not exceed `count` (Vorbis I, 9.2.3: `lookup1_values`).
  private func root(of count: Int, _ power: Int) -> Int {
    guard power > 0 else { return 0 }
    var root = 0
    while fits(root + 1, power, in: count) { root += 1 }
    return root
  }

  private func fits(_ base: Int, _ power: Int, in most: Int) -> Bool {
    // Of 1 every power is 1; of anything larger 24 factors are too much already.
    if base == 1 { return most >= 1 }
    var product = 1
    for _ in 0..<power {
      product *= base
      if product > most { return false }
    }
    return true
  }
}

extension Int {
  /// Bits that it takes to write this number (`ilog`); 0 for 0.
  fileprivate var bitLength: Int { Int.bitWidth - leadingZeroBitCount }
}
