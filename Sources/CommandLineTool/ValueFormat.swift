/// How one value is written on the command line: what help calls it, how text becomes a value and back.
public struct ValueFormat<Value: Sendable>: Sendable {
  /// What stands for the value in help: `N`, `FILE`.
  public let placeholder: String
  /// What an error says was expected: "a whole number from 1 to 65535".
  public let expectation: String
  let parse: @Sendable (String) -> Value?
  let render: @Sendable (Value) -> String

  public init(
    placeholder: String, expectation: String,
    parse: @escaping @Sendable (String) -> Value?,
    render: @escaping @Sendable (Value) -> String
  ) {
    self.placeholder = placeholder
    self.expectation = expectation
    self.parse = parse
    self.render = render
  }
}

extension ValueFormat<Int> {
  /// A whole number within `range`.
  public static func integer(
    _ range: ClosedRange<Int> = 0...Int.max, placeholder: String = "N"
  ) -> ValueFormat {
    ValueFormat(
      placeholder: placeholder,
      expectation: "a whole number \(describe(range.lowerBound, range.upperBound, top: Int.max))",
      parse: { text in Int(text).flatMap { range.contains($0) ? $0 : nil } },
      render: { "\($0)" })
  }
}

extension ValueFormat<Int> {
  /// A number of bytes: `4096`, `64K`, `32M`, `1G` (powers of 1024).
  public static func bytes(atLeast minimum: Int = 0) -> ValueFormat {
    ValueFormat(
      placeholder: "BYTES",
      expectation: "a number of bytes such as 64K, 32M or 1G, not below \(renderBytes(minimum))",
      parse: { text in parseBytes(text).flatMap { $0 >= minimum ? $0 : nil } },
      render: renderBytes)
  }
}

private let byteUnits: [(name: Character, shift: Int)] = [("G", 30), ("M", 20), ("K", 10)]

private func parseBytes(_ text: String) -> Int? {
  let unit = byteUnits.first { text.uppercased().last == $0.name }
  guard let count = Int(unit == nil ? text[...] : text.dropLast()), count >= 0 else { return nil }
  let (product, overflows) = count.multipliedReportingOverflow(by: 1 << (unit?.shift ?? 0))
  return overflows ? nil : product
}

private func renderBytes(_ count: Int) -> String {
  let unit = byteUnits.first { count > 0 && count & (1 << $0.shift - 1) == 0 }
  return unit.map { "\(count >> $0.shift)\($0.name)" } ?? "\(count)"
}

extension ValueFormat<Double> {
  /// A decimal number within `range`; infinities and NaN are refused.
  public static func number(
    _ range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude, placeholder: String = "X"
  ) -> ValueFormat {
    let top = Double.greatestFiniteMagnitude
    return ValueFormat(
      placeholder: placeholder,
      expectation: "a number \(describe(range.lowerBound, range.upperBound, top: top))",
      parse: { text in Double(text).flatMap { range.contains($0) ? $0 : nil } },
      render: { $0 == $0.rounded() && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" })
  }
}

extension ValueFormat<String> {
  /// Any text that is not empty.
  public static func text(_ placeholder: String = "TEXT") -> ValueFormat {
    ValueFormat(
      placeholder: placeholder, expectation: "some text",
      parse: { $0.isEmpty ? nil : $0 }, render: { $0 })
  }

  /// A file's path; whether it exists is the program's business.
  public static var file: ValueFormat { .text("FILE") }
  /// A folder's path; whether it exists is the program's business.
  public static var folder: ValueFormat { .text("FOLDER") }

  /// One of `names`.
  public static func choice(_ names: [String]) -> ValueFormat {
    let list = names.joined(separator: "|")
    return ValueFormat(
      placeholder: list, expectation: "one of \(list)",
      parse: { names.contains($0) ? $0 : nil }, render: { $0 })
  }
}

extension ValueFormat where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
  /// One of the enum's raw values.
  public static var choice: ValueFormat {
    let list = Value.allCases.map(\.rawValue).joined(separator: "|")
    return ValueFormat(
      placeholder: list, expectation: "one of \(list)",
      parse: { Value(rawValue: $0) }, render: { $0.rawValue })
  }
}

private func describe<Number: Comparable>(_ low: Number, _ high: Number, top: Number) -> String {
  high == top ? "not below \(low)" : "from \(low) to \(high)"
}
