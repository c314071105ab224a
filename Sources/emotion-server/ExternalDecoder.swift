import CommandLineTool
import Glibc

/// The program that decodes what emotion-decoder does not: the one that is named, or ffmpeg in PATH.
/// - Returns: nil for none.
/// - Throws: `externalDecoder` where the named one cannot be run.
func externalDecoder(_ arguments: Arguments) throws(StartError) -> String? {
  guard let named = arguments[ServerOptions.externalDecoder] else {
    let folders = Terminal.environment["PATH", default: ""].split(separator: ":")
    // A relative folder would make another program of it in another place.
    return folders.filter { $0.hasPrefix("/") }.map { "\($0)/ffmpeg" }.first(where: canRun)
  }
  guard named != "none" else { return nil }
  guard canRun(named) else { throw .externalDecoder(path: named) }
  return named
}

private func canRun(_ path: String) -> Bool {
  var status = stat()
  guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
  return unsafe access(path, X_OK) == 0
}
