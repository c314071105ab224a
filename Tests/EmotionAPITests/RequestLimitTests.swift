import AudioCodecs
import AudioIO
import EmotionAPI
import Features
import Foundation
import HTTPServing
import Recognition
import Testing

/// Answers to a body under limits of the request as a whole.
private func respond(
  _ path: String, _ fields: KeyValuePairs<String, String> = [:], body: [UInt8],
  failures: [String: RecognitionError] = [:], _ limit: (inout ServiceLimits) -> Void
) throws -> Response {
  var limits = ServiceLimits()
  limit(&limits)
  let service = EmotionService(recognizer: FakeRecognizer(failures: failures), limits: limits)
  let head = RequestHead(
    method: .post, target: try #require(RequestTarget(path)), fields: HeaderFields(fields),
    framing: .length(UInt64(body.count)))
  return service.router().respond(to: Request(head: head, body: body))
}

/// A form of so many recordings.
private func formBody(_ count: Int, _ recording: [UInt8]) -> [UInt8] {
  let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"
  let part = Array(head.utf8) + recording + Array("\r\n".utf8)
  return (0..<count).flatMap { _ in part } + Array("--b--\r\n".utf8)
}

private func seconds(_ count: Int) throws -> [UInt8] {
  try Waveform(samples: [Float](repeating: 0.1, count: 16_000 * count), sampleRate: 16_000)
    .wavFile(encoding: .pcm16)
}

@Suite("limits of a request as a whole")
struct RequestLimitTests {
  @Test("sound counts over all recordings of a form, with and without windows")
  func sound() throws {
    for windows in ["", "?windows=true&window=1&hop=1"] {
      // What the stand-in takes a second for depends on the way.
      let recording = windows.isEmpty ? [UInt8](repeating: 1, count: 48_000) : try seconds(1)
      for (count, status) in [(3, Status.ok), (4, .contentTooLarge)] {
        let response = try respond(
          "/predict\(windows)", ["Content-Type": form], body: formBody(count, recording)
        ) { $0.requestSeconds = 3 }
        // Timelines are sent one after the other: a problem with a later one comes when the status is sent.
        #expect(response.status == (windows.isEmpty ? status : .ok), "\(count) \(windows)")
        if status == .ok { continue }
        #expect(response.text.contains(#""type":"/openapi.yaml#too-much-sound""#))
        #expect(response.text.contains("3.0 s (--max-request-seconds)"))
      }
    }
  }

  @Test("sound counts also where nothing comes of it, and on every way in")
  func unsuccessfulSound() throws {
    let bad = String(repeating: "x", count: 48_000)
    let failures = [bad: RecognitionError.features(.silent)]
    let response = try respond(
      "/predict", ["Content-Type": form], body: formBody(4, Array(bad.utf8)), failures: failures
    ) { $0.requestSeconds = 3 }
    #expect(response.text.contains("#too-much-sound"))
    let data = "\"\(Data(bad.utf8).base64EncodedString())\""
    let tensor =
      #"{"inputs":[{"name":"audio","shape":[2],"datatype":"BYTES","data":[\#(data),\#(data)]}]}"#
    let inference = try respond("/v2/models/fake/infer", body: Array(tensor.utf8)) {
      $0.requestSeconds = 1.5
    }
    #expect(inference.status == .contentTooLarge)
    #expect(inference.text.contains("--max-request-seconds"))
    let classified = try respond("/audio-classification", body: Array(bad.utf8)) {
      $0.requestSeconds = 0.5
    }
    #expect(classified.text.contains("#too-much-sound"))
  }

  @Test("windows count over all recordings of a form", arguments: [(2, false), (3, true)])
  func windows(count: Int, isRefused: Bool) throws {
    let response = try respond(
      "/predict?windows=true&window=1&hop=1", ["Content-Type": form],
      body: formBody(count, seconds(5))
    ) { $0.windows = 10 }
    // The first timelines are on their way when the last one turns out to be too much.
    #expect(response.status == .ok)
    #expect(response.text.contains("#too-many-windows") == isRefused)
    #expect(response.text.contains("10 windows (--max-windows)") == isRefused)
    #expect(response.text.hasPrefix("[{") && response.text.hasSuffix("}]"))
  }

  @Test("a first recording that asks for too many windows is refused with a status")
  func firstWindows() throws {
    let response = try respond(
      "/predict?windows=true&window=1&hop=1", ["Content-Type": form],
      body: formBody(2, seconds(12))
    ) { $0.windows = 10 }
    #expect(response.status == .contentTooLarge)
  }

  @Test(
    "the answer's windows have so many bytes and not one more, whichever way they are asked for")
  func answer() throws {
    let recording = try seconds(5)
    let target = "/predict?windows=true&window=1&hop=1"
    let whole = try respond(target, body: recording) { _ in }.text
    let start = try #require(whole.firstRange(of: #""windows":["#)).upperBound
    let bytes = whole[start...].prefix { $0 != "]" }.utf8.count + 1
    let forms = KeyValuePairs(dictionaryLiteral: ("Content-Type", form))
    for (fields, body) in [
      (([:] as KeyValuePairs<String, String>), recording), (forms, formBody(1, recording)),
    ] {
      let fits = try respond(target, fields, body: body) { $0.answerBytes = bytes }
      #expect(fits.text == whole)
      let refused = try respond(target, fields, body: body) { $0.answerBytes = bytes - 1 }
      #expect(refused.status == .contentTooLarge)
      #expect(refused.text.contains("#answer-too-long") && refused.text.contains("--max-answer"))
    }
    let two = try respond(target, forms, body: formBody(2, recording)) { $0.answerBytes = bytes }
    #expect(two.text.contains("#answer-too-long"))
  }

  @Test("of lines already written the last says what ended them")
  func lines() throws {
    let response = try respond(
      "/predict?windows=true&window=1&hop=1", ["Accept": "application/x-ndjson"], body: seconds(5)
    ) { $0.windows = 3 }
    let lines = response.text.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.last?.contains("#too-many-windows") == true)
  }

  @Test("a form's items are as single answers are, with their names")
  func items() throws {
    let recording = try seconds(2)
    let target = "/predict?windows=true&window=1&hop=1"
    let single = try respond(target, body: recording) { _ in }.text
    let both = try respond(target, ["Content-Type": form], body: formBody(2, recording)) { _ in }
    let named = #"{"file":"x","# + single.dropFirst()
    #expect(both.text == "[\(named),\(named)]")
  }

  @Test("work ends when the client has left")
  func abandoned() throws {
    let allowance = RequestAllowance(ServiceLimits(), isAbandoned: { true })
    #expect(throws: RequestEnd.abandoned) { try allowance.checkpoint() }
    #expect(throws: AudioError.unwanted) { try allowance.budget.check() }
    #expect(throws: Never.self) { try RequestAllowance(ServiceLimits()).checkpoint() }
  }

  @Test("what several threads take adds up")
  func threads() async throws {
    var limits = ServiceLimits()
    limits.windows = 8000
    let allowance = RequestAllowance(limits)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask { for _ in 0..<1000 { try? allowance.takeWindow() } }
      }
    }
    #expect(throws: RequestEnd.tooManyWindows(8000)) { try allowance.takeWindow() }
  }
}
