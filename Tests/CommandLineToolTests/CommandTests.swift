import CommandLineTool
import Testing

private let port = Option(
  "port", .integer(0...65535), default: 8080, environment: "TOOL_PORT", help: "Port to listen on")
private let rate = Option("rate", .number(-1...1), default: 0.5, help: "Learning rate")
private let model = Option<String>.required(
  "model", .file, environment: "TOOL_MODEL", help: "Weights file")
private let seed = Option<Int?>.optional("seed", .integer(), help: "Seed of the generator")
private let tags = Option<[String]>.repeated("tag", .text(), help: "A tag; may be repeated")
private let json = Option<Bool>.flag("json", environment: "TOOL_JSON", help: "Answer in JSON")

private let command = Command(
  "tool", summary: "Does something.", operands: .any("FILE"),
  options: [port, rate, model, seed, tags, json],
  examples: [Example("tool --model m --json a.wav", "one file as JSON")])

private func run(_ words: String, environment: [String: String] = [:]) throws -> Arguments {
  let invocation = try command.parse(
    words.split(separator: " ").map(String.init), environment: environment)
  guard case .run(let arguments) = invocation else { throw UsageError.missingCommand }
  return arguments
}

@Test("values come from flags, typed, with their defaults where nothing is given")
func values() throws {
  let arguments = try run("--model m.bin --rate=-0.25 --tag a --tag b x.wav -- --y.wav")
  #expect(arguments[port] == 8080)
  #expect(arguments[rate] == -0.25)
  #expect(arguments[model] == "m.bin")
  #expect(arguments[seed] == nil)
  #expect(arguments[tags] == ["a", "b"])
  #expect(!arguments[json])
  #expect(arguments.operands == ["x.wav", "--y.wav"])
}

@Test("a flag beats the environment, which beats the default")
func precedence() throws {
  let environment = ["TOOL_PORT": "81", "TOOL_MODEL": "e", "TOOL_JSON": "yes"]
  let fromEnvironment = try run("", environment: environment)
  #expect(fromEnvironment[port] == 81)
  #expect(fromEnvironment[json])
  #expect(fromEnvironment.source(of: port) == .environment("TOOL_PORT"))
  let fromFlag = try run("--port 80 --port 82", environment: environment)
  #expect(fromFlag[port] == 82)
  #expect(fromFlag.source(of: port) == .flag)
  #expect(fromFlag.source(of: rate) == .fallback)
  #expect(try run("--model m", environment: ["TOOL_PORT": ""])[port] == 8080)
}

@Test(
  "a wrong command line is refused with what is wrong",
  arguments: [
    ("--prot 1", UsageError.unknownOption("--prot", suggestion: "--port")),
    ("--zzz", .unknownOption("--zzz", suggestion: nil)),
    ("-p 1", .unknownOption("-p", suggestion: nil)),
    ("--port", .missingValue(option: "port", placeholder: "N")),
    ("--port --json", .missingValue(option: "port", placeholder: "N")),
    ("--json=true", .unexpectedValue(option: "json")),
    ("a.wav", .missingOption("model", environment: "TOOL_MODEL")),
    (
      "--model m --port 70000",
      .badValue(
        option: "port", source: .flag, found: "70000",
        expected: "a whole number from 0 to 65535")
    ),
    (
      "--model m --rate nan",
      .badValue(option: "rate", source: .flag, found: "nan", expected: "a number from -1.0 to 1.0")
    ),
  ])
func refusals(words: String, expected: UsageError) {
  #expect(throws: expected) { try run(words) }
}

@Test("help and version are found anywhere before the end of the options")
func helpAndVersion() throws {
  guard case .help = try command.parse(["a.wav", "--help"]) else {
    Issue.record("no help")
    return
  }
  guard case .version = try command.parse(["--version"]) else {
    Issue.record("no version")
    return
  }
}

@Test("help names every option with its default, variable and the examples")
func helpText() {
  let help = command.help
  let expected = [
    "Usage: tool [options] [FILE...]", "--port N", "[default: 8080, env: TOOL_PORT]",
    "[required, env: TOOL_MODEL]", "--json", "  # one file as JSON\n  tool --model m",
  ]
  for text in expected { #expect(help.contains(text), "help lacks: \(text)") }
  #expect(help.split(separator: "\n").allSatisfy { $0.count <= 100 })
}

@Test("operands are counted")
func operands() throws {
  let pair = Command("pair", summary: "", operands: .exactly(["FROM", "TO"]))
  #expect(throws: UsageError.missingOperand("TO")) { try pair.parse(["a"]) }
  #expect(throws: UsageError.unexpectedOperand("c")) { try pair.parse(["a", "b", "c"]) }
  let many = Command("many", summary: "", operands: .oneOrMore("FILE"))
  #expect(throws: UsageError.missingOperand("FILE")) { try many.parse([]) }
  #expect(throws: UsageError.unexpectedOperand("a")) {
    try Command("none", summary: "").parse(["a"])
  }
}

@Test("a group finds its subcommand, suggests for a misspelt one and lists all in its help")
func group() throws {
  let group = CommandGroup(
    "lab", summary: "A laboratory.",
    commands: [
      Command("lab train", summary: "Trains."), Command("lab predict", summary: "Predicts."),
    ])
  guard case .command(let found, let rest) = try group.select(["train", "--x"]) else {
    Issue.record("no command selected")
    return
  }
  #expect(found.name == "lab train")
  #expect(rest == ["--x"])
  #expect(throws: UsageError.unknownCommand("perdict", suggestion: "predict")) {
    try group.select(["perdict"])
  }
  #expect(throws: UsageError.missingCommand) { try group.select([]) }
  #expect(group.help.contains("train") && group.help.contains("Predicts."))
}

@Test(
  "bytes are written with or without a unit",
  arguments: [("0", 0), ("4096", 4096), ("64K", 65536), ("32m", 32 << 20), ("1G", 1 << 30)])
func bytes(text: String, expected: Int) throws {
  let size = Option("size", .bytes(), default: 3 << 20, help: "")
  let tool = Command("tool", summary: "", options: [size])
  guard case .run(let arguments) = try tool.parse(["--size", text]) else { return }
  #expect(arguments[size] == expected)
  #expect(tool.help.contains("default: 3M"))
  for wrong in ["", "K", "-1", "1T", "1.5M", "9999999999G"] {
    #expect(throws: UsageError.self) { try tool.parse(["--size=\(wrong)"]) }
  }
}

@Test("choices accept their names only")
func choices() throws {
  enum Level: String, CaseIterable { case quiet, loud }
  let level = Option("level", ValueFormat<Level>.choice, default: .quiet, help: "Loudness")
  let tool = Command("tool", summary: "", options: [level])
  guard case .run(let arguments) = try tool.parse(["--level", "loud"]) else { return }
  #expect(arguments[level] == .loud)
  #expect(throws: UsageError.self) { try tool.parse(["--level", "silent"]) }
}
