extension Command {
  /// The text that `--help` prints.
  public var help: String {
    var sections = ["\(summary)\n", "Usage: \(usage)\n", "Options:\n" + optionTable]
    if !examples.isEmpty { sections.append("Examples:\n" + exampleList) }
    return sections.joined(separator: "\n")
  }

  /// One line: the command with its operands.
  public var usage: String {
    switch operands {
    case .none: "\(name) [options]"
    case .exactly(let names): "\(name) [options] \(names.joined(separator: " "))"
    case .oneOrMore(let operand): "\(name) [options] \(operand)..."
    case .any(let operand): "\(name) [options] [\(operand)...]"
    }
  }

  private var optionTable: String {
    let rows =
      options.map { (signature($0), describe($0)) }
      + [("--help, -h", "Show this help"), ("--version, -V", "Show the version")]
    return table(rows)
  }

  private var exampleList: String {
    examples.map { "  # \($0.purpose)\n  \($0.command)\n" }.joined()
  }

  private func signature(_ option: any OptionDeclaration) -> String {
    option.placeholder.map { "--\(option.name) \($0)" } ?? "--\(option.name)"
  }

  private func describe(_ option: any OptionDeclaration) -> String {
    let notes = [
      option.isRequired ? "required" : nil,
      option.defaultText.map { "default: \($0)" },
      option.environment.map { "env: \($0)" },
    ].compactMap { $0 }
    return notes.isEmpty ? option.help : "\(option.help) [\(notes.joined(separator: ", "))]"
  }
}

/// Two columns; a left side too wide for its column stands on a line of its own, long text is wrapped.
func table(_ rows: [(String, String)], indent: Int = 2, left: Int = 24, width: Int = 96) -> String {
  let margin = String(repeating: " ", count: indent + left)
  return rows.map { signature, text in
    let lines = wrap(text, width: width - indent - left)
    let head = String(repeating: " ", count: indent) + signature
    let tail = lines.joined(separator: "\n" + margin)
    let gap = indent + left - head.count
    return gap > 1
      ? head + String(repeating: " ", count: gap) + tail + "\n"
      : head + "\n" + margin + tail + "\n"
  }.joined()
}

private func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = [""]
  for word in text.split(separator: " ") {
    let last = lines[lines.count - 1]
    if last.isEmpty {
      lines[lines.count - 1] = String(word)
    } else if last.count + 1 + word.count <= width {
      lines[lines.count - 1] += " " + word
    } else {
      lines.append(String(word))
    }
  }
  return lines
}
