import FileIO
import Glibc

/// Fetches a file by HTTP or HTTPS. What came is kept in `path.part` until all of it is there; a cut
/// connection, and a later run, go on from its end.
public struct Download: Sendable {
  public let address: String
  public let path: String
  /// Tries in a row that bring not one byte before it is given up.
  public var patience = 5

  public init(from address: String, to path: String) {
    self.address = address
    self.path = path
  }

  private var partPath: String { path + ".part" }

  /// - Parameters:
  ///   - progress: Bytes that are there, and bytes of the whole where the server says so.
  ///   - shouldStop: Asked several times a second.
  public func run(
    progress: @escaping (_ done: Int, _ total: Int?) -> Void = { _, _ in },
    shouldStop: @escaping () -> Bool = { false }
  ) throws(DownloadError) {
    var failures = 0
    while true {
      let before = try partSize()
      let ending = try attempt(from: before, progress, shouldStop)
      if try partSize() > before { failures = 0 }
      switch ending {
      case .complete: return try finish()
      case .stopped: throw .stopped
      case .cannotResume: try removePart()
      case .cut(let reason):
        failures += 1
        guard failures < patience else { throw .unreachable(reason) }
        try wait(failures, shouldStop)
      }
    }
  }

  private func attempt(
    from offset: Int, _ progress: @escaping (Int, Int?) -> Void,
    _ shouldStop: @escaping () -> Bool
  ) throws(DownloadError) -> Transfer.Ending {
    let sink: Descriptor
    do { sink = try Descriptor(partPath, O_WRONLY | O_CREAT | O_APPEND) } catch {
      throw .file(error)
    }
    return try Transfer(
      into: sink, at: offset, path: partPath, progress: progress, shouldStop: shouldStop
    ).run(address)
  }

  /// Half a second, then twice as long each time.
  private func wait(_ failures: Int, _ shouldStop: () -> Bool) throws(DownloadError) {
    for _ in 0..<(5 << min(failures - 1, 5)) {
      if shouldStop() { throw .stopped }
      usleep(100_000)
    }
  }

  private func partSize() throws(DownloadError) -> Int {
    do { return try File(partPath).size() ?? 0 } catch { throw .file(error) }
  }

  private func removePart() throws(DownloadError) {
    do { try File(partPath).remove() } catch { throw .file(error) }
  }

  private func finish() throws(DownloadError) {
    do { try File(partPath).move(to: path) } catch { throw .file(error) }
  }
}
