import AudioIO
import EmotionRecognition
import HTTPServing

/// A model that answers with something other than numbers.
struct NotFinite: Error {}

extension Prediction {
  /// The answer to `POST /predict`; probabilities keep the model's order.
  func json() throws(NotFinite) -> JSON {
    guard scores.allSatisfy({ $0.probability.isFinite }) else { throw NotFinite() }
    let probabilities = scores.map { JSON.Member($0.label, .float($0.probability)) }
    return .object([
      "emotion": .string(emotion),
      "confidence": .float(confidence),
      "probabilities": .object(probabilities),
      "audio": audio.json,
      "model": model.json,
    ])
  }
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
