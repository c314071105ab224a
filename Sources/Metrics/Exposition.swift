/// Prometheus' text format, version 0.0.4.
public enum Exposition {
  public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

  /// One page of families; each name may stand in it once.
  public static func text(_ families: [MetricFamily]) -> String {
    families.map(text).joined()
  }

  private static func text(_ family: MetricFamily) -> String {
    var lines = [
      "# HELP \(family.name) \(escaped(family.help))",
      "# TYPE \(family.name) \(family.kind.rawValue)",
    ]
    for sample in family.samples {
      lines.append("\(family.name)\(sample.suffix)\(text(sample.labels)) \(text(sample.value))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ labels: [MetricFamily.Label]) -> String {
    guard !labels.isEmpty else { return "" }
    let pairs = labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }
    return "{\(pairs.joined(separator: ","))}"
  }

  private static func escaped(_ text: String, quotes: Bool = false) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  static func text(_ value: Double) -> String {
    switch value {
    case .infinity: "+Inf"
    case -.infinity: "-Inf"
    case _ where value.isNaN: "NaN"
    // Exact, so that a counter does not stand still in the seventh digit.
    case _ where value == value.rounded() && abs(value) < 1e15: "\(Int(value))"
    default: "\(value)"
    }
  }
}
