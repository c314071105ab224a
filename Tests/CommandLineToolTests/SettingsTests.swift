import CommandLineTool
import Testing

private let config = Option<String?>.optional(
  "config", .file, environment: "TOOL_CONFIG", help: "File of options")
private let port = Option(
  "port", .integer(0...65535), default: 8080, environment: "TOOL_PORT", help: "Port")
private let title = Option<String?>.optional(
  "title", .text(), environment: "TOOL_TITLE", help: "Title")
private let models = Option<[String]>.repeated(
  "model", .file, default: ["a.bin"], environment: "TOOL_MODEL", help: "Weights")
private let check = Option<Bool>.flag("check", help: "Only this once")

private let command = Command(
  "tool", summary: "Does something.", options: [config, port, title, models, check],
  environmentPrefix: "TOOL_", settingsFile: config)

private func run(
  _ words: [String] = [], _ environment: [String: String] = [:], file: String
) throws -> Arguments {
  let settings = try Settings(file, path: "tool.conf")
  guard
    case .run(let arguments) = try command.parse(
      words, environment: environment, settings: settings)
  else { throw UsageError.missingCommand }
  return arguments
}

@Test("a flag beats the environment, which beats the file, which beats the default")
func sources() throws {
  let file = "port = 3\n"
  #expect(try run(["--port", "1"], ["TOOL_PORT": "2"], file: file)[port] == 1)
  #expect(try run([], ["TOOL_PORT": "2"], file: file)[port] == 2)
  let fromFile = try run(file: file)
  #expect(fromFile[port] == 3)
  #expect(fromFile.source(of: port) == .file(path: "tool.conf", line: 1))
  #expect(try run(file: "")[port] == 8080)
}

@Test(
  "lines may end as on any system, and begin with a byte order mark",
  arguments: ["\r\n", "\n", "\r", "  \r\n"], ["\u{FEFF}", ""])
func lineEnds(end: String, start: String) throws {
  for last in ["", end] {
    let file =
      start + ["port = 3", "", "title = \"a \"", "model = b"].joined(separator: end) + last
    let found = try run(file: file)
    #expect(found[port] == 3 && found[title] == "a " && found[models] == ["b"])
    #expect(found.source(of: models) == .file(path: "tool.conf", line: 4))
  }
}

@Test("comments, blanks and quotes mean what one expects")
func text() throws {
  let file = """
    # the port
    \u{20} port=3   # not the usual one
    title = "  a # b "

    model = one.bin
    model = two#2.bin
    """
  let arguments = try run(file: file)
  #expect(arguments[port] == 3)
  #expect(arguments[title] == "  a # b ")
  #expect(arguments[models] == ["one.bin", "two#2.bin"])
  #expect(try run(file: "title =\n")[title] == nil)
}

@Test("an option of several values separates them by commas in its variable")
func lists() throws {
  #expect(try run([], ["TOOL_MODEL": "x,y"], file: "model = z")[models] == ["x", "y"])
  #expect(try run(["--model", "v,w", "--model", "u"], file: "")[models] == ["v,w", "u"])
  #expect(try run(file: "")[models] == ["a.bin"])
}

@Test(
  "what is no setting is refused with its line",
  arguments: [
    (
      "\nprot = 1",
      UsageError.unknownSetting("prot", path: "tool.conf", line: 2, suggestion: "port")
    ),
    ("config = x", .unknownSetting("config", path: "tool.conf", line: 1, suggestion: nil)),
    ("check = true", .unknownSetting("check", path: "tool.conf", line: 1, suggestion: nil)),
    ("port", .malformedSetting(path: "tool.conf", line: 1)),
    ("title = \"open", .malformedSetting(path: "tool.conf", line: 1)),
    (
      "port = many",
      .badValue(
        option: "port", source: .file(path: "tool.conf", line: 1), found: "many",
        expected: "a whole number from 0 to 65535")
    ),
  ])
func badSettings(file: String, expected: UsageError) {
  #expect(throws: expected) { try run(file: file) }
}

@Test("a variable of the program's that no option reads is refused")
func variables() throws {
  #expect(throws: UsageError.unknownVariable("TOOL_PROT", suggestion: "TOOL_PORT")) {
    try run([], ["TOOL_PROT": "1"], file: "")
  }
  #expect(try run([], ["TOOLS": "1", "PATH": "/"], file: "")[port] == 8080)
}

@Test("the file is named by flag or variable, and not looked for when help is wanted")
func path() throws {
  #expect(try command.settingsPath(in: ["--config", "a"], environment: [:]) == "a")
  #expect(
    try command.settingsPath(in: [], environment: ["TOOL_CONFIG": "b"]) == "b")
  #expect(try command.settingsPath(in: ["--port", "1"], environment: [:]) == nil)
  #expect(try command.settingsPath(in: ["--config", "a", "--help"], environment: [:]) == nil)
}

@Test("what was read can be written and read again")
func roundTrip() throws {
  let written = try run(
    ["--title", " #1 ", "--model", "x", "--model", "y # z"], file: "port = 4")
  let lines = ([port, title, models] as [any OptionDeclaration]).flatMap { option in
    written.settings(of: option)
  }
  let read = try run(file: lines.joined(separator: "\n"))
  #expect(read[port] == 4)
  #expect(read[title] == " #1 ")
  #expect(read[models] == ["x", "y # z"])
}
