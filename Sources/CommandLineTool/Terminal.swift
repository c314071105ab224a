import Glibc

/// The two streams that a program writes to, and the environment that it was given.
///
/// Nothing that is printed tells a terminal to do something: of control characters only line ends and tabs are kept, others
/// become U+FFFD. Labels and names come from strangers.
public enum Terminal {
  public static func print(_ text: String) { write(harmless(text), to: STDOUT_FILENO) }
  public static func printError(_ text: String) { write(harmless(text), to: STDERR_FILENO) }

  private static func harmless(_ text: String) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return text.unicodeScalars.map { isHarmful($0) ? "\u{FFFD}" : String($0) }.joined()
  }

  /// Whether somebody reads standard error, rather than a file or a pipe.
  public static var showsErrors: Bool { isatty(STDERR_FILENO) == 1 }

  /// The environment's variables; a name set twice keeps its first value.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = unsafe environ
    while let entry = unsafe next.pointee {
      let parts = unsafe String(cString: entry)
        .split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      if parts.count == 2 && variables[parts[0]] == nil { variables[parts[0]] = parts[1] }
      unsafe next += 1
    }
    return variables
  }

  /// Writes the whole line with one system call where the kernel allows it, so that lines of several threads
  /// do not mix; a stream that is gone is nothing to stop for.
  private static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array((text + "\n").utf8)[...]
    while !bytes.isEmpty {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if written < 0 && errno == EINTR { continue }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }
}
