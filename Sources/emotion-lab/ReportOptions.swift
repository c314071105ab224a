import CommandLineTool
import FileIO
import FoundationEssentials
import Reports

/// The options of every command that can show what it found.
enum ReportOptions {
  private static let report = Option<String?>.optional(
    "report", .file, help: "Writes an HTML file with pictures, complete in itself")
  private static let pictures = Option<String?>.optional(
    "pictures", .folder, help: "Writes each picture of the report as a file into this folder")
  private static let format = Option(
    "picture-format", ValueFormat<Picture.Format>.choice, default: .svg,
    help: "Format of those files")

  static let all: [any OptionDeclaration] = [report, pictures, format]

  static func isWanted(_ arguments: Arguments) -> Bool {
    arguments[report] != nil || arguments[pictures] != nil
  }

  /// Finds out before the work what would spoil its report.
  static func check(_ arguments: Arguments) throws {
    guard isWanted(arguments) else { return }
    try Report.checkDrawing()
    if let path = arguments[report] { try File(path).checkWritable() }
    if let folder = arguments[pictures] {
      try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try File(folder + "/picture").checkWritable()
    }
  }

  static func write(_ contents: @autoclosure () throws -> Report, _ arguments: Arguments) throws {
    guard isWanted(arguments) else { return }
    let document = try contents()
    if let path = arguments[report] { try document.write(html: path) }
    if let folder = arguments[pictures] {
      try document.writePictures(to: folder, as: arguments[format])
    }
  }
}

extension File {
  /// Before hours of work for a file, rather than after.
  func checkWritable() throws(LabError) {
    do { try checkReplaceable() } catch { throw .unwritable(error) }
  }
}
