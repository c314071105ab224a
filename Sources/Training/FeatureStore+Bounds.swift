import FileIO
public import FoundationEssentials

extension FeatureStore {
  /// Deletes cached features from a folder, the longest unused first, until the rest take no more than `limit` bytes; those
  /// used since `start` stay whatever they take.
  /// - Returns: How many files went.
  public static func shrink(_ folder: String, to limit: Int, sparing start: Date) -> Int {
    let files = cacheFiles(in: folder)
    var excess = files.reduce(0) { $0 + $1.size } - limit
    var deleted = 0
    for file in files.sorted(by: { $0.used < $1.used }) {
      guard excess > 0, file.used < start else { break }
      guard (try? File(file.path).remove()) != nil else { continue }
      excess -= file.size
      deleted += 1
    }
    return deleted
  }

  /// Says that a file was of use, to whom files are deleted later.
  static func noteUse(of path: String) {
    // Of a cache that is read only nothing is deleted either.
    try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: path)
  }

  /// What looks like a cache file: a folder may hold anything else.
  private static func cacheFiles(in folder: String) -> [(path: String, size: Int, used: Date)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter(isCacheFile).compactMap { name in
      let path = "\(folder)/\(name)"
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        let size = attributes[.size] as? UInt64, let used = attributes[.modificationDate] as? Date
      else { return nil }
      return (path, Int(size), used)
    }
  }

  private static func isCacheFile(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    // Before they were sealed, cache files ended in `.safetensors`.
    return parts.count == 2 && ["features", "safetensors"].contains(parts[1])
      && parts[0].count == 64
      && parts[0].allSatisfy(\.isHexDigit)
  }
}
