import Foundation

/// Why there is no picture.
public enum GnuplotError: Error, Equatable, Sendable, CustomStringConvertible {
  case notInstalled
  /// What gnuplot said.
  case failed(picture: String, message: String)

  public var description: String {
    switch self {
    case .notInstalled:
      "pictures are drawn by gnuplot, which is not installed (Debian: apt install gnuplot-nox)"
    case .failed(let picture, let message): "gnuplot cannot draw \"\(picture)\": \(message)"
    }
  }
}

/// The program that draws. Each picture is one run of it in a folder of its own, which goes away.
struct Gnuplot: Sendable {
  /// The picture as bytes of a file.
  func draw(_ picture: Picture, as format: Picture.Format) throws -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gnuplot-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = folder.appending(path: "script")
    try Data((Self.terminal(picture, format) + picture.script.text).utf8).write(to: script)
    // Without the settings that somebody keeps for themselves.
    try run(["--default-settings", script.path], in: folder, picture.name)
    return [UInt8](try Data(contentsOf: folder.appending(path: "picture")))
  }

  private static func terminal(_ picture: Picture, _ format: Picture.Format) -> String {
    // Twice the pixels for the same size: letters stay sharp on a fine screen.
    let scale = format == .png ? 2 : 1
    let size = "size \(picture.width * scale),\(picture.height * scale)"
    let kind =
      switch format {
      case .svg: "svg \(size) font 'sans-serif,13'"
      case .png: "pngcairo \(size) font 'sans-serif,10' fontscale 2 linewidth 2 pointscale 2"
      }
    return """
      set encoding utf8
      set terminal \(kind) noenhanced background rgb 'white'
      set output 'picture'
      set tics nomirror
      set border 3
      unset key

      """
  }

  /// Throws when gnuplot cannot be run.
  func check() throws { try run(["--version"], in: FileManager.default.temporaryDirectory, "") }

  private func run(_ arguments: [String], in folder: URL, _ picture: String) throws {
    let process = Process()
    let errors = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["gnuplot"] + arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    switch process.terminationStatus {
    case 0: return
    // What `env` says of a program it does not find.
    case 127: throw GnuplotError.notInstalled
    default:
      throw GnuplotError.failed(
        picture: picture,
        message: String(decoding: message, as: UTF8.self)
          .trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }
}
