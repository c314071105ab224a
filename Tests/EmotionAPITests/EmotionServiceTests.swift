import AudioIO
import EmotionAPI
import Features
import HTTPServing
import Recognition
import SignalProcessing
import Testing

func respond(
  _ method: Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:],
  body: String? = nil, failures: [String: RecognitionError] = [:], load: ServerLoad = ServerLoad()
) throws -> Response {
  try respond(
    method, path, fields, bytes: body.map { Array($0.utf8) }, failures: failures, load: load)
}

func respond(
  _ method: Method, _ path: String, _ fields: KeyValuePairs<String, String> = [:],
  bytes: [UInt8]?, failures: [String: RecognitionError] = [:], load: ServerLoad = ServerLoad()
) throws -> Response {
  var limits = ServiceLimits()
  limits.body = 300_000
  limits.streamedSeconds = 60
  let service = EmotionService(recognizer: FakeRecognizer(failures: failures), limits: limits)
  let head = RequestHead(
    method: method, target: try #require(RequestTarget(path)), fields: HeaderFields(fields),
    framing: bytes.map { .length(UInt64($0.count)) } ?? .none)
  return service.router().respond(to: Request(head: head, body: bytes ?? [], load: load))
}

extension Response {
  var text: String { String(decoding: content, as: UTF8.self) }
}

let form = "multipart/form-data; boundary=b"

func part(_ name: String, _ content: String) -> String {
  "--b\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"x\"\r\n\r\n\(content)\r\n"
}

@Test("a recording is answered with probabilities in the model's order, and what it was")
func prediction() throws {
  let response = try respond(
    .post, "/predict", ["Content-Type": "text/html"], body: String(repeating: "x", count: 480))
  #expect(response.status == .ok)
  #expect(response.fields["Content-Type"] == "application/json")
  #expect(
    response.text
      == #"{"emotion":"angry","confidence":0.5,"probabilities":{"neutral":0.25,"angry":0.5,"calm":0.25},"quality":[],"#
      + #""audio":{"duration":0.01,"sampleRate":48000,"channels":1,"format":"WAV/PCM_16"},"#
      + #""model":{"name":"fake","sha256":"\#(String(repeating: "0", count: 64))"}}"#)
}

@Test("the field `file` of a form is the recording, whatever stands beside it")
func forms() throws {
  let body = part("other", "ignored") + part("file", "1234") + "--b--\r\n"
  let response = try respond(.post, "/predict", ["Content-Type": form], body: body)
  #expect(response.status == .ok)
  #expect(try respond(.post, "/predict", body: "1234").text == response.text)
}

@Test(
  "a form that holds no recording is refused",
  arguments: [
    ("", form), ("--b--", form), (part("other", "x") + "--b--", form),
    (part("file", "x"), form),
    (part("file", "x") + "--b--", "multipart/form-data"),
  ])
func badForms(body: String, type: String) throws {
  let response = try respond(.post, "/predict", ["Content-Type": type], body: body)
  #expect(response.status == .badRequest)
  #expect(response.text.contains(#""type":"/openapi.yaml#malformed-form""#))
}

@Test(
  "each failure has its status and kind",
  arguments: [
    (RecognitionError.audio(.empty), 400, "not-audio"),
    (.audio(.unrecognized), 400, "not-audio"),
    (.audio(.unsupportedContainer("MP4")), 415, "unsupported-format"),
    (.audio(.unsupportedEncoding("MATROSKA/A_AAC")), 415, "unsupported-format"),
    (.audio(.undecodable("EBML")), 415, "unsupported-format"),
    (.audio(.sampleRate(1, allowed: 4000...192_000)), 400, "unsupported-audio"),
    (.audio(.channels(100, allowed: 1...64)), 400, "unsupported-audio"),
    (.audio(.malformed(container: "WAV")), 400, "damaged-audio"),
    (.audio(.invalidSample(frame: 3)), 400, "damaged-audio"),
    (.audio(.tooLong(maximum: 600)), 413, "too-long"),
    (.audio(.noSamples), 422, "too-short"),
    (.features(.tooShort(duration: 0.1, minimum: 0.5)), 422, "too-short"),
    (.features(.silent), 422, "silent"),
    (.features(.nonFiniteSamples), 400, "damaged-audio"),
    (.features(.resampling(.sampleRate(1, allowed: 2...3))), 400, "unsupported-audio"),
    (.features(.resampling(.resampler(from: 1, to: 2))), 500, "about:blank"),
  ])
func failures(error: RecognitionError, status: Int, kind: String) throws {
  let response = try respond(.post, "/predict", body: "bad", failures: ["bad": error])
  #expect(response.status.rawValue == status)
  #expect(response.fields["Content-Type"] == "application/problem+json")
  let type = status == 500 ? kind : "/openapi.yaml#\(kind)"
  #expect(response.text.contains("\"type\":\"\(type)\""), "\(response.text)")
  // What the error says inside stays inside when it is our own fault.
  if status == 500 { #expect(!response.text.contains("detail")) }
}

@Test(
  "a compressed body, or one of several parts that is no form, is refused unread",
  arguments: [
    ("Content-Encoding", "gzip", "content-encoding"),
    ("Content-Encoding", "Br", "content-encoding"),
    ("Content-Type", "multipart/mixed; boundary=b", "multipart-type"),
  ])
func unsupported(field: String, value: String, kind: String) throws {
  let response = try respond(
    .post, "/predict", KeyValuePairs(dictionaryLiteral: (field, value)), body: "x")
  #expect(response.status == .unsupportedMediaType)
  #expect(response.text.contains("#\(kind)\""))
}

@Test("identity is no encoding")
func identity() throws {
  #expect(
    try respond(.post, "/predict", ["Content-Encoding": "identity"], body: "x").status == .ok)
}

@Test("a body needs a length, and may not be too large")
func lengths() throws {
  #expect(try respond(.post, "/predict").status == .lengthRequired)
  let long = String(repeating: "x", count: 300_001)
  #expect(try respond(.post, "/predict", body: long).status == .contentTooLarge)
}

@Test("predict takes POST only")
func methods() throws {
  let response = try respond(.get, "/predict")
  #expect(response.status == .methodNotAllowed)
  #expect(response.fields["Allow"] == "OPTIONS, POST")
}

@Test("health is answered always, readiness only when the next recording would be taken")
func health() throws {
  #expect(try respond(.get, "/healthz").text == #"{"status":"ok"}"#)
  #expect(try respond(.get, "/readyz").text == #"{"status":"ready"}"#)
  var full = ServerLoad()
  full.queued = 1
  var draining = ServerLoad()
  draining.isDraining = true
  for load in [full, draining] {
    #expect(try respond(.head, "/healthz", load: load).status == .ok)
    let notReady = try respond(.get, "/readyz", load: load)
    #expect(notReady.status == .serviceUnavailable)
    #expect(notReady.fields["Retry-After"] == "1")
  }
}

@Test("the contract is served, and names every kind of problem and every format")
func contract() throws {
  let contract = try respond(.get, "/openapi.yaml").text
  #expect(contract.hasPrefix("openapi: 3.1.0\n"))
  for kind in ProblemKind.allCases {
    // In the list of values, and in its description.
    #expect(contract.contains("- \(kind.type)\n"), "\(kind)")
    #expect(contract.contains("- `\(kind.type)`: "), "\(kind)")
  }
  #expect(contract.contains(AudioContainer.list))
}

@Test("who sends what is no recording is told every format")
func formatsInProblem() throws {
  let failures = ["bad": RecognitionError.audio(.unrecognized)]
  let response = try respond(.post, "/predict", body: "bad", failures: failures)
  #expect(response.text.contains(AudioContainer.list))
  for format in AudioContainer.allCases { #expect(AudioContainer.list.contains(format.name)) }
}

@Test("a probability that is no number is our failure, not an answer")
func notFinite() throws {
  let service = EmotionService(recognizer: FakeRecognizer(probability: .nan))
  for path in ["/predict", "/audio-classification"] {
    let head = RequestHead(
      method: .post, target: try #require(RequestTarget(path)), framing: .length(1))
    let response = service.router().respond(to: Request(head: head, body: [1]))
    #expect(response.status == .internalServerError)
  }
}

@Test("a request is one line in the log, which a client cannot break")
func log() throws {
  var record = RequestRecord()
  record.status = 200
  record.receivedBytes = 3
  record.times.total = .microseconds(12_344)
  record.head = RequestHead(
    method: .post, target: try #require(RequestTarget("/x?secret=1")),
    fields: HeaderFields(["User-Agent": "a\"b\u{1B}[31m\n"]), peer: "192.0.2.7", id: "id1")
  let json = RequestLog.json(record, time: "T")
  #expect(
    json.hasPrefix(#"{"time":"T","level":"info","event":"request","id":"id1","method":"POST""#))
  #expect(json.contains(#""path":"/x","status":200,"outcome":"answered","peer":"192.0.2.7""#))
  #expect(json.contains(#""agent":"a\"b\u001b[31m\n""#))
  #expect(json.contains(#""totalMs":12.34"#))
  #expect(!json.contains("secret"))
  let text = RequestLog.text(record, time: "T")
  #expect(text.hasPrefix("T POST /x 200 12.3"))
  #expect(!text.contains("\u{1B}") && !text.contains("\n"))
}
