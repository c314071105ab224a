public import AudioIO
public import Augmentation
public import Features
public import FileIO
import Hashing
import LinearAlgebra
import SafeTensors

/// A clip whose features could not be had, and why.
public struct UnusableClip: Error, Sendable, CustomStringConvertible {
  /// What failed: reading the file, decoding it, or computing its features.
  public enum Reason: Sendable {
    /// It cannot be read.
    case file(FileError)
    /// It cannot be decoded.
    case audio(AudioError)
    /// It gives no features: too short or silent, as a rule.
    case features(FeatureError)
  }

  /// Of the recording.
  public let path: String
  /// The error, of the stage where it failed.
  public let reason: Reason

  /// - Parameter path: Of the recording.
  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  /// One sentence without a full stop; it names the file.
  public var description: String {
    switch reason {
    case .file(let error): "\(error)"
    case .audio(let error): "\(shown(path)): \(error)"
    case .features(let error): "\(shown(path)): \(error)"
    }
  }
}

/// Features of recordings and of their augmented copies, computed once and kept on disk.
///
/// A cache file's name is the hash of the recording's bytes and of everything its features depend
/// on, the code that computes them included (`revision`), so a changed recording, configuration or
/// program never meets old features. A damaged cache file is told of and computed anew.
public struct FeatureStore: Sendable {
  /// Computes the features.
  public let frontEnd: FrontEnd
  /// Copies of each recording, which itself comes first.
  public let copies: [AugmentedCopy]
  /// Folder of the cache; nil keeps nothing.
  public let folder: String?
  /// Who talks in the babble of a copy.
  public let babbleSpeakers: BabbleSpeakers
  /// Of the code that computes features.
  private let revision: String
  /// Is told of cache files that are damaged.
  private let warn: @Sendable (String) -> Void

  /// - Parameter warn: Is told of cache files that are damaged.
  public init(
    frontEnd: FrontEnd, copies: [AugmentedCopy], folder: String?,
    babbleSpeakers: BabbleSpeakers = .same,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.init(
      frontEnd: frontEnd, copies: copies, folder: folder, babbleSpeakers: babbleSpeakers,
      revision: "16 \(FrontEnd.revision).\(AugmentedCopy.revision)", warn: warn)
  }

  /// For tests, which say the revision of the code themselves.
  package init(
    frontEnd: FrontEnd, copies: [AugmentedCopy], folder: String?, babbleSpeakers: BabbleSpeakers,
    revision: String,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.warn = warn
    self.frontEnd = frontEnd
    self.copies = copies
    self.folder = folder
    self.babbleSpeakers = babbleSpeakers
    self.revision = revision
  }

  /// Whether any copy needs recordings of others in its background.
  var needsBabbleSpeakers: Bool { copies.contains(where: \.isBabble) }

  /// The recording's features, then those of its copies, none normalised: from the cache, or computed and kept in it.
  /// - Parameter background: Paths of the recordings that babble is made of; without, it is made of the recording itself.
  /// - Throws: when the recording cannot be read or decoded, or when it or a copy gives no features. A cache that cannot be
  ///   written is no error.
  public func variants(
    of path: String, background: [String] = []
  ) throws(UnusableClip) -> [CompactMap] {
    let bytes: [UInt8]
    do { bytes = try File(path).read(limit: 1 << 30) } catch {
      throw UnusableClip(path: path, reason: .file(error))
    }
    // What cannot be read is left out of the background.
    let others = background.compactMap { try? File($0).read(limit: 1 << 30) }
    let digest = sha256(bytes.span)
    let cached = folder.map { folder in
      let key = key(digest, others)
      return SealedFile("\(folder)/\(key).features", key: key)
    }
    if let cached, let maps = read(cached) {
      Self.noteUse(of: cached.path)
      return maps
    }
    let maps = try extract(bytes, others, seed: UInt64(digest.prefix(16), radix: 16) ?? 0, path)
    // A cache that cannot be written costs time, not correctness.
    if let cached { try? write(maps, to: cached) }
    return maps
  }

  /// - Throws: `.audio` where the recording cannot be decoded, `.features` where it or a copy gives no features.
  private func extract(
    _ bytes: [UInt8], _ others: [[UInt8]], seed: UInt64, _ path: String
  ) throws(UnusableClip) -> [CompactMap] {
    do {
      let waveform = try AudioDecoder().decode(bytes).waveform
      let babbleSpeakers = others.compactMap { try? AudioDecoder().decode($0).waveform }
      var maps = [CompactMap(try frontEnd.extract(waveform))]
      for (place, copy) in copies.enumerated() {
        // Another noise for each recording and copy, but the same each time, so that a cache can be made anew.
        var random = RandomSource(seed: seed, place)
        maps.append(
          CompactMap(
            try copy.features(
              of: waveform, babbleSpeakers: babbleSpeakers.isEmpty ? [waveform] : babbleSpeakers,
              frontEnd, &random)))
      }
      return maps
    } catch let error as AudioError {
      throw UnusableClip(path: path, reason: .audio(error))
    } catch let error as FeatureError {
      throw UnusableClip(path: path, reason: .features(error))
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
  }

  private func key(_ digest: String, _ others: [[UInt8]]) -> String {
    let recordings = [digest] + others.map { sha256($0.span) }
    let settings = "\(revision) \(frontEnd.configuration.extractionFingerprint) \(copies)"
    return sha256(Array("\(settings) \(recordings)".utf8).span)
  }

  private func read(_ cached: SealedFile) -> [CompactMap]? {
    // What cannot be read is as none.
    switch (try? cached.read(limit: 1 << 30)) ?? .none {
    case .none: return nil
    case .content(let bytes): if let maps = maps(bytes) { return maps }
    case .damaged: break
    }
    warn("\(shown(cached.path)): damaged features, computed anew")
    return nil
  }

  private func maps(_ bytes: [UInt8]) -> [CompactMap]? {
    let (bands, channels) = (frontEnd.configuration.bands, frontEnd.configuration.channelCount)
    guard let file = try? TensorFile(bytes: bytes) else { return nil }
    let maps = (0...copies.count).compactMap {
      CompactMap($0, of: file, bands: bands, channels: channels)
    }
    return maps.count == copies.count + 1 ? maps : nil
  }

  /// - Throws: a `TensorFileError` or a `FileError`.
  private func write(_ maps: [CompactMap], to cached: SealedFile) throws {
    let file = TensorFile(tensors: maps.enumerated().flatMap { $1.tensors($0) })
    try cached.write(file.encoded(counts: Set(maps.indices.map { CompactMap.names($0).counts })))
  }
}
