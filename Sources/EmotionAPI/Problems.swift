import AudioIO
import Features
import HTTPServing
import Recognition
import SignalProcessing
import StrictJSON

/// The kinds of problem that this service adds to those of HTTP; the contract describes each.
package enum ProblemKind: String, CaseIterable {
  case malformedForm = "malformed-form"
  case malformedJSON = "malformed-json"
  case badParameter = "bad-parameter"
  case rawFormat = "raw-format"
  case contentEncoding = "content-encoding"
  case multipartType = "multipart-type"
  case notAudio = "not-audio"
  case unsupportedAudio = "unsupported-audio"
  case unsupportedFormat = "unsupported-format"
  case damagedAudio = "damaged-audio"
  case tooLong = "too-long"
  case tooMuchSound = "too-much-sound"
  case tooManyWindows = "too-many-windows"
  case answerTooLong = "answer-too-long"
  case tooShort = "too-short"
  case silent = "silent"
  case decoderFailed = "decoder-failed"
  case tooCostly = "too-costly"
  case unknownModel = "unknown-model"
  case reloadFailed = "reload-failed"

  package var type: String { "/openapi.yaml#\(rawValue)" }

  var status: Status {
    switch self {
    case .malformedForm, .malformedJSON, .badParameter, .rawFormat, .notAudio, .unsupportedAudio,
      .damagedAudio:
      .badRequest
    case .contentEncoding, .multipartType, .unsupportedFormat: .unsupportedMediaType
    case .tooLong, .tooMuchSound, .tooManyWindows, .answerTooLong: .contentTooLarge
    case .tooShort, .silent, .decoderFailed, .tooCostly: .unprocessableContent
    case .unknownModel: .notFound
    case .reloadFailed: .internalServerError
    }
  }

  var title: String {
    switch self {
    case .malformedForm: "The form cannot be read"
    case .malformedJSON: "The JSON cannot be used"
    case .badParameter: "A parameter cannot be used"
    case .rawFormat: "The raw samples are not described"
    case .contentEncoding: "Encoded bodies are not taken"
    case .multipartType: "Not a form"
    case .notAudio: "Not an audio file"
    case .unsupportedAudio: "This kind of audio is not supported"
    case .unsupportedFormat: "This audio format is not supported"
    case .damagedAudio: "The audio is damaged"
    case .tooLong: "The recording is too long"
    case .tooMuchSound: "The request holds too much sound"
    case .tooManyWindows: "The request asks for too many windows"
    case .answerTooLong: "The answer would be too long"
    case .tooShort: "The recording is too short"
    case .silent: "The recording is silent"
    case .decoderFailed: "The recording cannot be decoded"
    case .tooCostly: "The recording takes too much work"
    case .unknownModel: "No such model"
    case .reloadFailed: "Loading anew failed"
    }
  }

  func callAsFunction(_ detail: String) -> Problem {
    Problem(status, type: type, title: title, detail: detail)
  }
}

/// What went wrong, in the client's words; what is our own fault stays ours.
func problem(_ error: any Error) -> Problem {
  switch error {
  case let error as UploadError: error.problem
  case let error as ParameterError: UploadError.parameter(error).problem
  case let error as UnknownModel: error.problem
  case let error as RecognitionError: error.problem
  case let error as TensorError: Problem(.badRequest, detail: error.rawValue)
  case let error as RequestEnd: error.problem
  case is Stopping:
    Problem(.serviceUnavailable, detail: "The server is shutting down. Try again.")
  default: Problem(.internalServerError)
  }
}

extension UploadError {
  var problem: Problem {
    switch self {
    case .form(let error): ProblemKind.malformedForm("In the request, \(error).")
    case .noFile:
      ProblemKind.malformedForm(
        "The form has no field named \(Upload.field). With curl: -F file=@clip.wav.")
    case .json(let problem): ProblemKind.malformedJSON(problem.detail)
    case .unknownMultipart:
      ProblemKind.multipartType("Of the multipart types only multipart/form-data is taken.")
    case .rawFormat:
      ProblemKind.rawFormat("Send, for instance, Content-Type: audio/L16; rate=16000; channels=1.")
    case .parameter(let error): ProblemKind.badParameter(error.detail)
    }
  }
}

extension JSONError {
  fileprivate var detail: String {
    switch self {
    case .syntax(let offset): "It is not valid JSON at byte \(offset)."
    case .encoding(let offset): "The string near byte \(offset) is not valid UTF-8."
    case .tooDeep(let limit): "Its objects and arrays stand more than \(limit) deep in each other."
    case .tooLarge(let limit): "Beside the recordings it has more than \(limit) bytes."
    case .repeated(let name): "Its member \(name) stands twice."
    case .member(""): "It is not a JSON object."
    case .member(let name): "Its member \(name) is missing or of another type."
    case .notBase64(let name):
      "Its member \(name) is not a recording in base64. Paths and URLs are not followed."
    }
  }
}

extension ParameterError {
  fileprivate var detail: String {
    switch self {
    case .unknown: "Known are \(PredictionOptions.names.joined(separator: ", "))."
    case .value(let name, let wanted): "\(name) must be \(wanted)."
    case .windowsNotAskedFor: "window and hop go with windows=true."
    case .exclusive(let one, let other): "\(one) and \(other) exclude each other."
    case .hop: "hop must be at least a tenth of the window, and at most the window."
    case .unknownLabel(let known):
      "The model's labels are \(known.joined(separator: ", "))."
    }
  }
}

extension RequestEnd {
  var problem: Problem {
    switch self {
    // Nobody reads it.
    case .abandoned: Problem(.serviceUnavailable, detail: "The client has left.")
    case .tooMuchSound(let limit):
      ProblemKind.tooMuchSound(
        "All recordings of a request together may last \(seconds(limit)) s (--max-request-seconds)."
      )
    case .tooManyWindows(let limit):
      ProblemKind.tooManyWindows(
        "A request may have \(limit) windows (--max-windows). Send less, or choose a longer hop.")
    case .answerTooLong(let limit):
      ProblemKind.answerTooLong(
        "An answer's windows may have \(limit) bytes (--max-answer). Send less, or choose a longer hop."
      )
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
    case .calledOff: RequestEnd.abandoned.problem
    }
  }
}

extension AudioError {
  fileprivate var problem: Problem {
    switch self {
    case .empty: ProblemKind.notAudio("The body is empty.")
    case .unrecognized: ProblemKind.notAudio("Send \(AudioContainer.list).")
    case .unsupportedContainer, .unsupportedEncoding:
      ProblemKind.unsupportedFormat(
        "In the recording, \(self). Install ffmpeg on the server, or send WAV, FLAC, MP3, Ogg or WebM."
      )
    case .undecodable:
      ProblemKind.unsupportedFormat(
        "In the recording, \(self). Send WAV, FLAC, MP3, Ogg or WebM.")
    case .sampleRate, .channels, .changed:
      ProblemKind.unsupportedAudio("In the recording, \(self).")
    case .noChannel: ProblemKind.badParameter("Of the recording, \(self).")
    case .malformed, .invalidSample: ProblemKind.damagedAudio("In the recording, \(self).")
    case .noSamples: ProblemKind.tooShort("There is not one sample after the header.")
    case .tooLong(let maximum): ProblemKind.tooLong("Send at most \(seconds(maximum)) s.")
    case .decoderFailed: ProblemKind.decoderFailed("In the recording, \(self).")
    case .unwanted: RequestEnd.abandoned.problem
    case .tooCostly: ProblemKind.tooCostly("Of the recording, \(self). Send a shorter one.")
    case .noDecoder: Problem(.serviceUnavailable, detail: "No decoder is free. Try again later.")
    case .unwritable: Problem(.internalServerError)
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
    case .resampling(.sampleRate): ProblemKind.unsupportedAudio("In the recording, \(self).")
    case .resampling, .configuration: HTTPServing.Problem(.internalServerError)
    }
  }
}

/// To the millisecond.
func seconds(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
