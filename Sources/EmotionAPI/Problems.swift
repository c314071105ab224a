import AudioIO
import EmotionFeatures
import EmotionRecognition
import HTTPServing

/// The kinds of problem that this service adds to those of HTTP; the contract describes each.
enum ProblemKind: String, CaseIterable {
  case malformedForm = "malformed-form"
  case contentEncoding = "content-encoding"
  case multipartType = "multipart-type"
  case notAudio = "not-audio"
  case unsupportedAudio = "unsupported-audio"
  case damagedAudio = "damaged-audio"
  case tooLong = "too-long"
  case tooShort = "too-short"
  case silent = "silent"
  case unknownModel = "unknown-model"
  case reloadFailed = "reload-failed"

  var type: String { "/openapi.yaml#\(rawValue)" }

  var status: Status {
    switch self {
    case .malformedForm, .notAudio, .unsupportedAudio, .damagedAudio: .badRequest
    case .contentEncoding, .multipartType: .unsupportedMediaType
    case .tooLong: .contentTooLarge
    case .tooShort, .silent: .unprocessableContent
    case .unknownModel: .notFound
    case .reloadFailed: .internalServerError
    }
  }

  var title: String {
    switch self {
    case .malformedForm: "The form cannot be read"
    case .contentEncoding: "Encoded bodies are not taken"
    case .multipartType: "Not a form"
    case .notAudio: "Not an audio file"
    case .unsupportedAudio: "This kind of audio is not supported"
    case .damagedAudio: "The audio is damaged"
    case .tooLong: "The recording is too long"
    case .tooShort: "The recording is too short"
    case .silent: "The recording is silent"
    case .unknownModel: "No such model"
    case .reloadFailed: "Loading anew failed"
    }
  }

  func callAsFunction(_ detail: String) -> Problem {
    Problem(status, type: type, title: title, detail: detail)
  }
}

extension UploadError {
  var problem: Problem {
    switch self {
    case .form(let error): ProblemKind.malformedForm("In the request, \(error).")
    case .noFile: ProblemKind.malformedForm("The form has no field named \(Upload.field).")
    case .severalFiles(let count):
      ProblemKind.malformedForm("The form has \(count) files; send one at a time.")
    case .encoded:
      ProblemKind.contentEncoding("Send the recording without Content-Encoding.")
    case .unknownMultipart:
      ProblemKind.multipartType("Of the multipart types only multipart/form-data is taken.")
    }
  }
}

extension UnknownModel {
  var problem: Problem {
    ProblemKind.unknownModel("Of the models, ?model= may name \(names.joined(separator: ", ")).")
  }
}

extension RecognitionError {
  var problem: Problem {
    switch self {
    case .audio(let error): error.problem
    case .features(let error): error.problem
    }
  }
}

extension AudioError {
  fileprivate var problem: Problem {
    switch self {
    case .empty: ProblemKind.notAudio("The body is empty.")
    case .unrecognized:
      ProblemKind.notAudio("Send WAV, AIFF, FLAC, Ogg Vorbis, Ogg Opus or MP3.")
    case .unsupportedContainer, .unsupportedEncoding, .sampleRate, .channels:
      ProblemKind.unsupportedAudio("In the recording, \(self).")
    case .malformed, .invalidSample: ProblemKind.damagedAudio("In the recording, \(self).")
    case .noSamples: ProblemKind.tooShort("There is not one sample after the header.")
    case .tooLong(let maximum): ProblemKind.tooLong("Send at most \(seconds(maximum)) s.")
    case .resampler, .unwritable: Problem(.internalServerError)
    }
  }
}

extension FeatureError {
  fileprivate var problem: HTTPServing.Problem {
    switch self {
    case .tooShort(let duration, let minimum):
      ProblemKind.tooShort(
        "\(seconds(duration)) s of sound where at least \(seconds(minimum)) s are needed.")
    case .silent: ProblemKind.silent("Nothing in it is louder than the quietest speech.")
    case .nonFiniteSamples, .samplesTooLarge:
      ProblemKind.damagedAudio("In the recording, \(self).")
    case .resampling(let error): error.problem
    case .configuration: HTTPServing.Problem(.internalServerError)
    }
  }
}

/// To the millisecond.
func seconds(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
