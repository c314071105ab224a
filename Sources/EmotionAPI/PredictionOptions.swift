import AudioIO
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
  private var wantsUtterances = false
  private var splitsChannels = false
  private var channel: Int?

  static let names = [
    "model", "windows", "window", "hop", "segments", "channels", "channel", "threshold", "top_k",
    "labels", "function_to_apply",
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
    case "channels": splitsChannels = try choice(name, value, ["mix", "split"]) == "split"
    case "channel": channel = try count(name, value, from: 0)
    case "segments": wantsUtterances = try choice(name, value, ["utterances"]) == "utterances"
    case "threshold": threshold = Float(try number(name, value, 0...1))
    case "top_k": topK = value == "all" ? .max : try count(name, value, or: ", or all")
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
    guard !wantsUtterances || (window == nil && hop == nil) else {
      throw .exclusive("segments=utterances", "window and hop")
    }
    guard wantsWindows || (window == nil && hop == nil) else { throw .windowsNotAskedFor }
    guard channel == nil || !splitsChannels else { throw .exclusive("channels=split", "channel") }
    let plan = self.plan
    guard plan.hop <= plan.duration, plan.hop >= plan.duration / 10 else { throw .hop }
  }

  /// What is heard of several channels.
  var channels: ChannelSelection {
    channel.map { .one($0) } ?? (splitsChannels ? .each : .mix)
  }

  /// Set when a timeline is asked for.
  var windows: Segmentation? {
    if wantsUtterances { return .utterances }
    return wantsWindows ? .windows(plan) : nil
  }

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
  /// Two that cannot be asked for at once.
  case exclusive(String, String)
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

private func choice(
  _ name: String, _ value: String, _ choices: [String]
) throws(ParameterError) -> String {
  guard choices.contains(value) else {
    throw .value(name: name, wanted: choices.joined(separator: " or "))
  }
  return value
}

private func number(
  _ name: String, _ value: String, _ range: ClosedRange<Double>
) throws(ParameterError) -> Double {
  guard let number = Double(value), range.contains(number) else {
    throw .value(name: name, wanted: "a number from \(range.lowerBound) to \(range.upperBound)")
  }
  return number
}

private func count(
  _ name: String, _ value: String, from least: Int = 1, or other: String = ""
) throws(ParameterError) -> Int {
  guard let count = Int(value), count >= least else {
    throw .value(name: name, wanted: "a whole number of at least \(least)\(other)")
  }
  return count
}
