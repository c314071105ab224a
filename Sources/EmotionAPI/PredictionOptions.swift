import HTTPServing
import Recognition

/// What a client asks for beside the recording: in the query, or among a JSON body's parameters.
struct PredictionOptions: Equatable {
  /// Below this confidence no emotion is named.
  var threshold: Float?
  /// So many probabilities, the highest first; `Int.max` for all.
  var topK: Int?
  /// The labels that may be the answer; nil for all of the model's.
  var labels: Set<String>?
  /// Other than softmax, what it makes of the logits is told, too.
  var function = ScoreFunction.softmax
  private var wantsWindows = false
  private var window: Double?
  private var hop: Double?

  static let names = [
    "model", "windows", "window", "hop", "threshold", "top_k", "labels", "function_to_apply",
  ]

  init() {}

  init(_ target: RequestTarget) throws(ParameterError) {
    // Which model answers is somebody else's question.
    for parameter in target.query where parameter.name != "model" {
      try set(parameter.name, parameter.value)
    }
    try check()
  }

  mutating func set(_ name: String, _ value: String) throws(ParameterError) {
    switch name {
    case "windows": wantsWindows = try flag(name, value)
    case "window": window = try number(name, value, 0.5...30)
    case "hop": hop = try number(name, value, 0.05...30)
    case "threshold": threshold = Float(try number(name, value, 0...1))
    case "top_k": topK = value == "all" ? .max : try count(name, value)
    case "labels": labels = try Self.labels(value)
    case "function_to_apply":
      guard let function = ScoreFunction(rawValue: value) else {
        throw .value(name: name, wanted: "softmax, sigmoid or none")
      }
      self.function = function
    default: throw .unknown(name)
    }
  }

  /// The labels of a list: `angry,neutral`.
  static func labels(_ text: String) throws(ParameterError) -> Set<String> {
    let labels = Set(text.split(separator: ",").map(String.init))
    guard !labels.isEmpty else {
      throw .value(name: "labels", wanted: "labels with commas between")
    }
    return labels
  }

  /// What can only be told once all are set.
  func check() throws(ParameterError) {
    guard wantsWindows || (window == nil && hop == nil) else { throw .windowsNotAskedFor }
    let plan = self.plan
    guard plan.hop <= plan.duration, plan.hop >= plan.duration / 10 else { throw .hop }
  }

  /// Set when a timeline is asked for.
  var windows: WindowPlan? { wantsWindows ? plan : nil }

  private var plan: WindowPlan {
    let duration = window ?? 3
    return WindowPlan(duration: duration, hop: hop ?? min(max(1, duration / 10), duration))
  }
}

/// What is wrong with a parameter.
enum ParameterError: Error, Equatable {
  case unknown(String)
  case value(name: String, wanted: String)
  case windowsNotAskedFor
  /// Not between a tenth of the window and all of it.
  case hop
  /// A label that the model does not know, with those that it does.
  case unknownLabel(known: [String])
}

private func flag(_ name: String, _ value: String) throws(ParameterError) -> Bool {
  // Python writes True, forms write on.
  switch value.lowercased() {
  case "true", "1", "yes", "on": return true
  case "false", "0", "no", "off": return false
  default: throw .value(name: name, wanted: "true or false")
  }
}

private func number(
  _ name: String, _ value: String, _ range: ClosedRange<Double>
) throws(ParameterError) -> Double {
  guard let number = Double(value), range.contains(number) else {
    throw .value(name: name, wanted: "a number from \(range.lowerBound) to \(range.upperBound)")
  }
  return number
}

private func count(_ name: String, _ value: String) throws(ParameterError) -> Int {
  guard let count = Int(value), count > 0 else {
    throw .value(name: name, wanted: "a whole number of at least 1, or all")
  }
  return count
}
