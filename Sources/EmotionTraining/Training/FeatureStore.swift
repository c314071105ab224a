public import AudioIO
public import EmotionFeatures
import EmotionModel
public import FileIO
import Hashing

/// A clip whose features could not be had, and why.
public struct UnusableClip: Error, Sendable, CustomStringConvertible {
  public enum Reason: Sendable {
    case file(FileError)
    case audio(AudioError)
    case features(FeatureError)
  }

  public let path: String
  public let reason: Reason

  public init(path: String, reason: Reason) {
    self.path = path
    self.reason = reason
  }

  public var description: String {
    switch reason {
    case .file(let error): "\(error)"
    case .audio(let error): "\(path): \(error)"
    case .features(let error): "\(path): \(error)"
    }
  }
}

/// Features of recordings and of their varied copies, computed once and kept on disk.
///
/// A cache file's name is the hash of the recording's bytes and of everything its features depend
/// on, so a changed recording or configuration never meets old features. A damaged cache file is
/// computed anew.
public struct FeatureStore: Sendable {
  public let frontEnd: FrontEnd
  /// Copies of each recording, which itself comes first.
  public let copies: [VariedCopy]
  /// Folder of the cache; nil keeps nothing.
  public let folder: String?

  public init(frontEnd: FrontEnd, copies: [VariedCopy], folder: String?) {
    self.frontEnd = frontEnd
    self.copies = copies
    self.folder = folder
  }

  /// The recording's features, then those of its copies, none normalised.
  public func variants(of path: String) throws(UnusableClip) -> [FeatureMap] {
    let bytes: [UInt8]
    do { bytes = try File(path).read(limit: 1 << 30) } catch {
      throw UnusableClip(path: path, reason: .file(error))
    }
    let cached = folder.map { "\($0)/\(key(bytes)).safetensors" }
    if let cached, let maps = read(cached) { return maps }
    let maps = try extract(bytes, path)
    // A cache that cannot be written costs time, not correctness.
    if let cached { try? write(maps, to: cached) }
    return maps
  }

  private func extract(_ bytes: [UInt8], _ path: String) throws(UnusableClip) -> [FeatureMap] {
    do {
      let waveform = try AudioDecoder().decode(bytes).waveform
      var maps = [try frontEnd.extract(waveform)]
      for copy in copies { maps.append(try copy.features(of: waveform, frontEnd)) }
      return maps
    } catch let error as AudioError {
      throw UnusableClip(path: path, reason: .audio(error))
    } catch let error as FeatureError {
      throw UnusableClip(path: path, reason: .features(error))
    } catch {
      preconditionFailure("an error of another kind: \(error)")
    }
  }

  private func key(_ bytes: [UInt8]) -> String {
    let settings = Array("\(frontEnd.configuration.extractionFingerprint) \(copies)".utf8)
    return sha256((settings + bytes).span)
  }

  private func read(_ path: String) -> [FeatureMap]? {
    let frame = [frontEnd.configuration.bands, frontEnd.configuration.channels]
    guard let file = try? TensorFile(contentsOf: path), file.tensors.count == copies.count + 1,
      file.tensors.allSatisfy({
        $0.tensor.shape.count == 3 && $0.tensor.shape[0] > 0 && $0.tensor.shape[1...] == frame[...]
      })
    else { return nil }
    return file.tensors.sorted { $0.name < $1.name }.map { $0.tensor }.map {
      FeatureMap(frames: $0.shape[0], bands: $0.shape[1], channels: $0.shape[2], values: $0.values)
    }
  }

  private func write(_ maps: [FeatureMap], to path: String) throws(TensorFileError) {
    let tensors = maps.enumerated().map { place, map in
      (
        // Sorts as it counts.
        name: place < 10 ? "0\(place)" : "\(place)",
        tensor: Tensor(shape: [map.frames, map.bands, map.channels], values: map.values)
      )
    }
    try TensorFile(tensors: tensors).write(to: path)
  }
}
