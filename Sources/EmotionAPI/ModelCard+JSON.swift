import EmotionModel
import HTTPServing
import Recognition

extension ModelCard {
  /// The answer to `GET /model`.
  var json: JSON {
    .object([
      "name": .string(identity.name), "sha256": .string(identity.sha256),
      "labels": .array(labels.map(JSON.string)),
      "parameters": .integer(parameterCount),
      "audio": .object([
        "sampleRate": .integer(sampleRate), "minimumDuration": .number(minimumDuration),
      ]),
      "provenance": provenance.json,
      "members": .array(members.map(\.json)),
    ])
  }
}

extension ModelSet {
  /// The answer to `GET /models`.
  var json: JSON {
    let items = models.enumerated().map { place, model in
      JSON.object([
        "name": .string(model.identity.name), "sha256": .string(model.identity.sha256),
        "labels": .array(model.card.labels.map(JSON.string)), "default": .bool(place == 0),
      ])
    }
    return .object(["models": .array(items)])
  }
}

extension ModelCard.Member {
  fileprivate var json: JSON {
    .object([
      "name": .string(name), "weight": .number(Double("\(weight)") ?? Double(weight)),
      "parameters": .integer(parameterCount), "features": .encoded(features),
    ])
  }
}

extension Provenance {
  fileprivate var json: JSON {
    let metrics = self.metrics.sorted { $0.key < $1.key }.map {
      JSON.Member($0.key, .number($0.value))
    }
    return .object([
      "corpora": .array(corpora.map(JSON.string)), "speakers": .array(speakers.map(JSON.string)),
      "clips": clips.map(JSON.integer), "protocol": self.protocol.map(JSON.string),
      "seed": seed.map { .string("\($0)") }, "date": date.map(JSON.string),
      "metrics": .object(metrics), "licence": licence.map(JSON.string),
    ])
  }
}
