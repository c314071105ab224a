/// One option of a command, declared once as a value: parsing, help and `--print-config` all read the declaration.
///
///     let port = Option("port", .integer(0...65535), default: 8080, environment: "EMOTION_PORT",
///                       help: "TCP port to listen on")
///     let arguments = try command.parse(...)
///     arguments[port]  // Int
public struct Option<Value: Sendable>: Sendable {
  /// The name without its two dashes.
  public let name: String
  /// What stands for the value in help; nil for a switch, which takes none.
  public let placeholder: String?
  public let help: String
  /// The default as help shows it, if there is one to show.
  public let defaultText: String?
  /// The variable read when the option is not given.
  public let environment: String?
  public let isRequired: Bool
  /// Whether it may be given several times, and all of them count.
  public let isRepeated: Bool
  let resolve: @Sendable ([String]) -> Resolution<Value>
  /// A text for each value.
  let render: @Sendable (Value) -> [String]
}

/// What became of an option's texts.
enum Resolution<Value> {
  case value(Value)
  case unreadable(text: String, expectation: String)
}

extension Option {
  /// An option with a default value.
  public init(
    _ name: String, _ format: ValueFormat<Value>, default fallback: Value,
    environment: String? = nil, help: String
  ) {
    self.init(
      name: name, placeholder: format.placeholder, help: help,
      defaultText: format.render(fallback), environment: environment, isRequired: false,
      isRepeated: false,
      resolve: { texts in texts.last.map(format.resolve) ?? .value(fallback) },
      render: { [format.render($0)] })
  }

  /// An option that must be given, by flag or environment.
  public static func required(
    _ name: String, _ format: ValueFormat<Value>, environment: String? = nil, help: String
  ) -> Option {
    Option(
      name: name, placeholder: format.placeholder, help: help,
      defaultText: nil, environment: environment, isRequired: true,
      isRepeated: false,
      resolve: { texts in format.resolve(texts.last ?? "") },
      render: { [format.render($0)] })
  }

  /// An option that may be left out: its value is then nil.
  public static func optional<Wrapped: Sendable>(
    _ name: String, _ format: ValueFormat<Wrapped>, environment: String? = nil, help: String
  ) -> Option where Value == Wrapped? {
    Option(
      name: name, placeholder: format.placeholder, help: help,
      defaultText: nil, environment: environment, isRequired: false,
      isRepeated: false,
      resolve: { texts in texts.last.map { format.resolve($0).map(Optional.some) } ?? .value(nil) },
      render: { $0.map { [format.render($0)] } ?? [] })
  }

  /// An option that may be given several times; the values keep their order. Its variable separates them by commas.
  public static func repeated<Element: Sendable>(
    _ name: String, _ format: ValueFormat<Element>, default fallback: [Element] = [],
    environment: String? = nil, help: String
  ) -> Option where Value == [Element] {
    Option(
      name: name, placeholder: format.placeholder, help: help,
      defaultText: fallback.isEmpty ? nil : fallback.map(format.render).joined(separator: ","),
      environment: environment, isRequired: false, isRepeated: true,
      resolve: { texts in texts.isEmpty ? .value(fallback) : format.resolveAll(texts) },
      render: { $0.map(format.render) })
  }

  /// An option without a value: true when given (or when its variable says 1, true, yes or on).
  public static func flag(_ name: String, environment: String? = nil, help: String) -> Option
  where Value == Bool {
    Option(
      name: name, placeholder: nil, help: help,
      defaultText: nil, environment: environment, isRequired: false,
      isRepeated: false,
      resolve: { texts in texts.last.map(resolveSwitch) ?? .value(false) },
      render: { [$0 ? "true" : "false"] })
  }
}

extension Resolution {
  func map<Other>(_ transform: (Value) -> Other) -> Resolution<Other> {
    switch self {
    case .value(let value): .value(transform(value))
    case .unreadable(let text, let expectation): .unreadable(text: text, expectation: expectation)
    }
  }
}

extension ValueFormat {
  func resolve(_ text: String) -> Resolution<Value> {
    parse(text).map(Resolution.value) ?? .unreadable(text: text, expectation: expectation)
  }

  func resolveAll(_ texts: [String]) -> Resolution<[Value]> {
    var values: [Value] = []
    for text in texts {
      guard let value = parse(text) else {
        return .unreadable(text: text, expectation: expectation)
      }
      values.append(value)
    }
    return .value(values)
  }
}

private func resolveSwitch(_ text: String) -> Resolution<Bool> {
  switch text.lowercased() {
  case "1", "true", "yes", "on": .value(true)
  case "0", "false", "no", "off": .value(false)
  default: .unreadable(text: text, expectation: "true or false")
  }
}

/// An option whose value type does not matter: what a command keeps in its list.
public protocol OptionDeclaration: Sendable {
  var name: String { get }
  var placeholder: String? { get }
  var help: String { get }
  var defaultText: String? { get }
  var environment: String? { get }
  var isRequired: Bool { get }
  var isRepeated: Bool { get }
  func value(from texts: [String], source: ValueSource) throws(UsageError) -> any Sendable
  func texts(of value: any Sendable) -> [String]
}

extension Option: OptionDeclaration {
  public func value(
    from texts: [String], source: ValueSource
  ) throws(UsageError) -> any Sendable {
    if isRequired && texts.isEmpty { throw .missingOption(name, environment: environment) }
    switch resolve(texts) {
    case .value(let value): return value
    case .unreadable(let text, let expectation):
      throw .badValue(option: name, source: source, found: text, expected: expectation)
    }
  }

  public func texts(of value: any Sendable) -> [String] {
    (value as? Value).map(render) ?? []
  }
}
