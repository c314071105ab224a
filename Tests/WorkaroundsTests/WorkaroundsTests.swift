import Foundation
import Testing

/// The names of the files in `Sources/Workarounds`: each redefines functions of one library for one reason.
private let workarounds: [String] = {
  let folder = URL(filePath: #filePath).appending(path: "../../../Sources/Workarounds")
  let files = try? FileManager.default.contentsOfDirectory(atPath: folder.standardized.path)
  return (files ?? []).filter { $0.hasSuffix(".c") }.map { String($0.dropLast(2)) }.sorted()
}()

@Suite("what libmicrohttpd and GnuTLS get wrong")
struct WorkaroundsTests {
  @Test("the fault is still there; where it is not, the workaround can go", arguments: workarounds)
  func isNeeded(workaround: String) throws {
    let program = Process()
    // It lies where the tests' own program does.
    program.executableURL = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appending(path: "library-faults")
    program.arguments = [workaround]
    let output = Pipe()
    program.standardOutput = output
    try program.run()
    let faults = try output.fileHandleForReading.readToEnd() ?? Data()
    program.waitUntilExit()
    #expect(program.terminationStatus == 0)
    #expect(!faults.isEmpty, "the library does it right: see docs/decisions/0002")
  }

  @Test("there are workarounds") func isNotEmpty() { #expect(!workarounds.isEmpty) }
}
