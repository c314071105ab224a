import EmotionAPI
import Foundation
import HTTPServing
import TestSupport
import Testing

/// Three seconds of stereo at 16 kHz: the first channel is loud in the first second, the second one, twice as loud, in the last.
private let call: [UInt8] = (0..<48_000).flatMap { n -> [UInt8] in
  let wave = sin(Double(n % 100) / 100 * 2 * .pi)
  return [n < 16_000 ? 0.25 * wave : 0, n >= 32_000 ? 0.5 * wave : 0].flatMap { sample in
    let value = Int16(sample * 32_767)
    return [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }
}

private let stereo = "audio/L16; rate=16000; channels=2"
private let windows = "windows=true&window=1&hop=1"

private func ask(_ query: String, accept: String = "*/*") throws -> Response {
  try respond(
    .post, "/predict?\(query)", ["Content-Type": stereo, "Accept": accept], bytes: call)
}

private func object(_ text: some StringProtocol) throws -> [String: Any] {
  try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

private func speech(_ windows: Any?) throws -> [Bool] {
  try #require(windows as? [[String: Any]]).map { $0["speech"] as? Bool ?? false }
}

@Suite("channels of a recording")
struct ChannelTests {
  @Test("each has a result of its own, and sound and model are named once")
  func split() throws {
    let answer = try object(try ask("channels=split").text)
    let channels = try #require(answer["channels"] as? [[String: Any]])
    #expect(channels.count == 2)
    #expect(
      channels.allSatisfy {
        Set($0.keys) == ["emotion", "confidence", "probabilities", "quality"]
      })
    #expect(Set(answer.keys) == ["channels", "audio", "model"])
  }

  @Test("each has a timeline of its own")
  func timelines() throws {
    let answer = try object(try ask("\(windows)&channels=split").text)
    let channels = try #require(answer["channels"] as? [[String: Any]])
    #expect(try speech(channels[0]["windows"]) == [true, false, false])
    #expect(try speech(channels[1]["windows"]) == [false, false, true])
    #expect((answer["audio"] as? [String: Any])?["channels"] as? Int == 2)
  }

  @Test("a line says of which channel it is, and windows of one time follow each other")
  func lines() throws {
    let text = try ask("\(windows)&channels=split", accept: "application/x-ndjson").text
    let lines = try text.split(separator: "\n").map { try object($0) }
    #expect(lines.dropLast().map { $0["channel"] as? Int } == [0, 1, 0, 1, 0, 1])
    #expect(lines.dropLast().map { $0["start"] as? Double } == [0, 0, 1, 1, 2, 2])
    #expect((lines.last?["channels"] as? [Any])?.count == 2)
  }

  @Test("one alone is answered as a recording of one channel is", arguments: [0, 1])
  func one(_ channel: Int) throws {
    let answer = try object(try ask("\(windows)&channel=\(channel)").text)
    let expected = channel == 0 ? [true, false, false] : [false, false, true]
    #expect(try speech(answer["windows"]) == expected)
  }

  @Test(
    "what the recording lacks is refused, and what contradicts itself",
    arguments: [
      ("\(windows)&channel=2", "channel 2 is not among 0 to 1"), ("channel=-1", "at least 0"),
      ("channels=left", "mix or split"), ("channels=split&channel=0", "exclude each other"),
    ])
  func refused(_ query: String, _ detail: String) throws {
    let response = try ask(query)
    #expect(response.status == .badRequest)
    #expect(response.text.contains("#bad-parameter") && response.text.contains(detail))
  }

  @Test("each counts towards the windows of a request")
  func limits() throws {
    var limits = ServiceLimits()
    limits.windows = 5
    let service = EmotionService(recognizer: FakeRecognizer(), limits: limits)
    func status(_ query: String) throws -> Status {
      let head = RequestHead(
        method: .post, target: try #require(RequestTarget("/predict?\(query)")),
        fields: HeaderFields(["Content-Type": stereo]), framing: .length(UInt64(call.count)))
      return service.router().respond(to: Request(head: head, body: call)).status
    }
    #expect(try status(windows) == .ok)
    #expect(try status("\(windows)&channels=split") == .contentTooLarge)
  }

  @Test("forms and JSON take the parameter as well")
  func ways() throws {
    let expected = try ask("\(windows)&channels=split").text
    let part = "--b\r\nContent-Disposition: form-data; name=\"file\"\r\nContent-Type: "
    let body =
      Array("\(part)audio/L16; rate=16000; channels=2\r\n\r\n".utf8) + call
      + Array("\r\n--b--\r\n".utf8)
    let multipart = try respond(
      .post, "/predict?\(windows)&channels=split", ["Content-Type": form], bytes: body)
    #expect(multipart.text == expected)
  }

  @Test("clients of one label get no separate channels")
  func labels() throws {
    let response = try respond(
      .post, "/audio-classification?channels=split", ["Content-Type": stereo], bytes: call)
    #expect(response.status == .badRequest)
  }
}
