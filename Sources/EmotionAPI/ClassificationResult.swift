import AudioIO
import HTTPServing
import Recognition

/// A model that answers with something other than numbers.
struct NotFinite: Error {}

/// The emotion of a stretch of sound, with its confidence and probabilities: the members that a whole recording's answer and a window's have in common.
struct ClassificationResult {
  /// In the model's order; nil where they are not known.
  let scores: [Score]?
  var hasSpeech = true
  let options: PredictionOptions

  func members() throws(NotFinite) -> [JSON.Member] {
    guard let scores, let best = ranked.first else {
      let names = ["emotion", "confidence", "probabilities"]
      return (names + (options.function == .softmax ? [] : ["scores"])).map {
        JSON.Member($0, .null)
      }
    }
    guard scores.allSatisfy({ $0.probability.isFinite }) else { throw NotFinite() }
    let isSure = hasSpeech && best.probability >= options.threshold ?? 0
    return [
      JSON.Member("emotion", isSure ? .string(best.label) : .null),
      JSON.Member("confidence", hasSpeech ? .float(best.probability) : .null),
      JSON.Member("probabilities", table(.softmax)),
    ] + (options.function == .softmax ? [] : [JSON.Member("scores", table(options.function))])
  }

  /// What a function makes of each label's logit.
  private func table(_ function: ScoreFunction) -> JSON {
    let shown = options.topK == nil ? scores ?? [] : ranked
    let values = zip(shown, function(shown)).prefix(options.topK ?? .max)
    return .object(values.map { JSON.Member($0.label, .float($1)) })
  }

  private var ranked: [Score] { (scores ?? []).ranked }
}

extension [Score] {
  /// The most probable first; equals keep their order.
  var ranked: [Score] {
    enumerated().sorted { first, second in
      let (a, b) = (first.element.probability, second.element.probability)
      return a != b ? a > b : first.offset < second.offset
    }.map(\.element)
  }
}

extension [Prediction] {
  /// The answer to `POST /predict` about a recording's signals.
  func json(_ options: PredictionOptions) throws(NotFinite) -> JSON {
    var signals: [[JSON.Member]] = []
    for signal in self {
      let result = ClassificationResult(
        scores: signal.scores, hasSpeech: signal.hasSpeech, options: options)
      var members = try result.members()
      members.append(signal.quality.member)
      signals.append(members)
    }
    return answer(about: signals, options, self[0].audio, self[0].model)
  }
}

extension [QualityNote] {
  var member: JSON.Member { JSON.Member("quality", .array(map { .string($0.rawValue) })) }
}

/// The answer about a whole recording: what is said of its one signal, or of each channel.
func answer(
  about signals: [[JSON.Member]], _ options: PredictionOptions, _ audio: AudioDescription,
  _ model: ModelIdentity
) -> JSON {
  var members =
    options.channels == .each
    ? [JSON.Member("channels", .array(signals.map(JSON.object)))] : signals[0]
  members.append(JSON.Member("audio", audio.json))
  members.append(JSON.Member("model", model.json))
  return .object(members)
}

extension AudioDescription {
  fileprivate var json: JSON {
    .object([
      "duration": .number(seconds(duration)),
      "sampleRate": .integer(sampleRate),
      "channels": .integer(channels),
      "format": .string(format),
    ])
  }
}

extension ModelIdentity {
  var json: JSON {
    .object(["name": .string(name), "sha256": .string(sha256)])
  }
}
