import EmotionAPI
import HTTPServing
import Hashing
import Recognition
import Synchronization
import Testing

private func fake(_ name: String, _ digit: String = "0") -> FakeRecognizer {
  FakeRecognizer(
    identity: ModelIdentity(name: name, sha256: String(repeating: digit, count: 64)))
}

/// A service whose every part can be looked at.
private struct Fixture {
  let models: Reloadable<ModelSet>
  let metrics = ServiceMetrics(version: "9")
  let operations: Operations
  let router: Router

  init(
    _ names: [String] = ["first", "second"], keys: APIKeys? = nil,
    reload: @escaping Operations.Reload = { () throws(ReloadError) in [] },
    adjust: (inout ServiceExposure) -> Void = { _ in }
  ) throws {
    models = Reloadable(try ModelSet(names.map { fake($0) }))
    operations = Operations(models: models, metrics: metrics, reload: reload)
    var exposure = ServiceExposure()
    exposure.operations = operations
    exposure.offersReload = keys != nil
    adjust(&exposure)
    let policies = keys.map { [Reloadable($0).policy] } ?? []
    router = EmotionService(models: models, metrics: metrics).router(exposure, policies: policies)
  }

  func ask(_ method: Method, _ target: String, key: String? = nil) throws -> Response {
    try EmotionAPITests.ask(router, method, target, key: key)
  }
}

private func ask(
  _ router: Router, _ method: Method, _ target: String, key: String? = nil
) throws -> Response {
  var fields = HeaderFields()
  if let key { fields.add("Authorization", "Bearer \(key)") }
  let head = RequestHead(
    method: method, target: try #require(RequestTarget(target)), fields: fields,
    framing: method == .post ? .length(1) : .none)
  return router.respond(to: Request(head: head, body: method == .post ? [1] : []))
}

@Suite struct ModelsTests {
  @Test("the first model answers, or the one that is named; an unknown name is refused")
  func choosing() throws {
    let fixture = try Fixture()
    #expect(try fixture.ask(.post, "/predict").text.contains(#""model":{"name":"first""#))
    let named = try fixture.ask(.post, "/predict?model=second")
    #expect(named.text.contains(#""model":{"name":"second""#))
    let unknown = try fixture.ask(.post, "/predict?model=third")
    #expect(unknown.status == .notFound)
    #expect(unknown.text.contains("#unknown-model") && unknown.text.contains("first, second"))
  }

  @Test("two models of one name, or none, are no set")
  func sets() {
    #expect(throws: ModelSetError.sameName("a")) { try ModelSet([fake("a"), fake("a", "1")]) }
    #expect(throws: ModelSetError.empty) { try ModelSet([]) }
  }

  @Test("replaced models answer from the next request on")
  func replacing() throws {
    let fixture = try Fixture(["a"])
    fixture.models.replace(with: try ModelSet([fake("a", "1")]))
    #expect(try fixture.ask(.post, "/predict").text.contains(String(repeating: "1", count: 64)))
  }
}

@Suite struct MetricsTests {
  @Test("metrics tell the program, the models, the load and what was predicted")
  func page() throws {
    let fixture = try Fixture()
    _ = try fixture.ask(.post, "/predict?model=second")
    fixture.metrics.time(.network, .milliseconds(3))
    fixture.metrics.countReload(succeeded: false)
    let page = try fixture.ask(.get, "/metrics")
    #expect(page.fields["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
    for line in [
      #"emotion_build_info{version="9"} 1"#,
      #"emotion_model_info{model="first",sha256="\#(String(repeating: "0", count: 64))"} 1"#,
      #"emotion_predictions_total{model="second",emotion="angry"} 1"#,
      #"emotion_stage_duration_seconds_bucket{stage="network",le="0.0025"} 0"#,
      #"emotion_stage_duration_seconds_bucket{stage="network",le="0.005"} 1"#,
      #"emotion_reloads_total{result="failure"} 1"#, "emotion_queue_depth 0",
    ] {
      #expect(page.text.contains(line + "\n"), "\(line)")
    }
    #expect(page.text.contains("\nprocess_resident_memory_bytes "))
  }

  @Test("requests are counted by route, and what has none under one name")
  func requests() throws {
    let fixture = try Fixture()
    var record = RequestRecord()
    record.route = "/predict"
    record.status = 200
    record.receivedBytes = 1000
    record.times.receive = .milliseconds(2)
    record.times.queue = .milliseconds(20)
    record.times.work = .milliseconds(200)
    record.times.total = .milliseconds(230)
    fixture.metrics.count(record)
    record = RequestRecord()
    record.status = 404
    fixture.metrics.count(record)
    let page = try fixture.ask(.get, "/metrics").text
    for line in [
      #"emotion_http_requests_total{route="/predict",status="200"} 1"#,
      #"emotion_http_requests_total{route="none",status="404"} 1"#,
      #"emotion_http_request_duration_seconds_bucket{route="/predict",le="0.25"} 1"#,
      #"emotion_stage_duration_seconds_bucket{stage="queue",le="0.01"} 0"#,
      #"emotion_stage_duration_seconds_bucket{stage="queue",le="0.025"} 1"#,
      #"emotion_stage_duration_seconds_count{stage="receive"} 1"#,
      "emotion_http_received_bytes_total 1000",
    ] {
      #expect(page.contains(line + "\n"), "\(line)")
    }
  }
}

@Suite struct KeysTests {
  private func keys() throws -> APIKeys {
    let hashes = ["one", "two"].map { sha256(Array($0.utf8).span) }
    return try APIKeys("# of the team\nalice \(hashes[0])\n\nboss \(hashes[1]) operator # me\n")
  }

  @Test("a route for clients asks for a key, one for operators for theirs, health for none")
  func access() throws {
    let fixture = try Fixture(keys: keys())
    #expect(try fixture.ask(.post, "/predict", key: "one").status == .ok)
    #expect(try fixture.ask(.post, "/predict", key: "two").status == .ok)
    for key in [nil, "three", "", "One", "one two"] {
      let refused = try fixture.ask(.post, "/predict", key: key)
      #expect(refused.status == .unauthorized)
      #expect(refused.fields["WWW-Authenticate"]?.hasPrefix("Bearer") == true)
    }
    #expect(try fixture.ask(.post, "/-/reload", key: "two").status == .ok)
    #expect(try fixture.ask(.post, "/-/reload", key: "one").status == .forbidden)
    #expect(try fixture.ask(.post, "/-/reload").status == .unauthorized)
    for path in ["/healthz", "/readyz", "/metrics"] {
      #expect(try fixture.ask(.get, path).status == .ok)
    }
  }

  @Test("health and metrics ask for a key where that is wished")
  func protection() throws {
    let fixture = try Fixture(
      keys: keys(),
      adjust: {
        $0.health = .clients
        $0.metrics = .clients
      })
    for path in ["/healthz", "/readyz", "/metrics"] {
      #expect(try fixture.ask(.get, path).status == .unauthorized)
      #expect(try fixture.ask(.get, path, key: "one").status == .ok)
    }
  }

  @Test("the models are listed, the one that answers without a name first")
  func models() throws {
    let zeros = String(repeating: "0", count: 64)
    let labels = #""labels":["neutral","angry","calm"]"#
    #expect(
      try Fixture().ask(.get, "/models").text
        == #"{"models":[{"name":"first","sha256":"\#(zeros)",\#(labels),"default":true},"#
        + #"{"name":"second","sha256":"\#(zeros)",\#(labels),"default":false}]}"#)
  }

  @Test("answers that are problems are counted by type and status")
  func problems() throws {
    let fixture = try Fixture()
    var record = RequestRecord()
    (record.status, record.problem) = (400, "/openapi.yaml#not-audio")
    fixture.metrics.count(record)
    (record.status, record.problem) = (429, "about:blank")
    fixture.metrics.count(record)
    let page = try fixture.ask(.get, "/metrics").text
    #expect(page.contains(#"emotion_problems_total{type="not-audio",status="400"} 1"#))
    #expect(page.contains(#"emotion_problems_total{type="about:blank",status="429"} 1"#))
  }

  @Test("without keys nobody can reload over the clients' listener")
  func withoutKeys() throws {
    #expect(try Fixture().ask(.post, "/-/reload").status == .forbidden)
  }

  @Test(
    "lines of a key file may end as on any system, and begin with a byte order mark",
    arguments: ["\r\n", "\n", "\r", " \r\n", "\t\n"], ["\u{FEFF}", ""])
  func lineEnds(end: String, start: String) throws {
    let hash = sha256(Array("one".utf8).span)
    let lines = [
      "# keys", "alice \(hash)", "", "boss \(String(repeating: "A", count: 64)) operator",
    ]
    for last in ["", end] {
      let keys = try APIKeys(start + lines.joined(separator: end) + last)
      let service = try Fixture(keys: keys)
      #expect(try service.ask(.get, "/model", key: "one").status == .ok)
      #expect(try service.ask(.get, "/model", key: "two").status == .unauthorized)
    }
    #expect(throws: APIKeysError.malformed(line: 3)) { try APIKeys(start + "#\(end)\(end)x\(end)") }
  }

  @Test(
    "a file that is not of keys is refused with the line that is wrong",
    arguments: [
      ("", APIKeysError.empty), ("# nothing\n", .empty), ("a\n", .malformed(line: 1)),
      ("\na 12ab\n", .malformed(line: 2)),
      ("a \(String(repeating: "0", count: 64)) boss", .malformed(line: 1)),
      ("a \(String(repeating: "g", count: 64))", .malformed(line: 1)),
      (
        "a \(String(repeating: "0", count: 64))\na \(String(repeating: "1", count: 64))",
        .sameName("a", line: 2)
      ),
    ])
  func files(text: String, expected: APIKeysError) {
    #expect(throws: expected) { try APIKeys(text) }
  }
}

@Suite struct ReloadTests {
  @Test("the operators' listener loads anew and names the models, or says why not")
  func reload() throws {
    let isBroken = Mutex(false)
    let fixture = try Fixture(reload: { () throws(ReloadError) in
      if isBroken.withLock({ $0 }) { throw ReloadError(reason: "x.safetensors: too short") }
      return [ModelIdentity(name: "new", sha256: "ab")]
    })
    let router = fixture.operations.router
    let done = try ask(router, .post, "/-/reload")
    #expect(done.status == .ok)
    #expect(done.text == #"{"models":[{"name":"new","sha256":"ab"}]}"#)
    isBroken.withLock { $0 = true }
    let failed = try ask(router, .post, "/-/reload")
    #expect(failed.status == .internalServerError)
    #expect(failed.text.contains("x.safetensors: too short"))
    #expect(try ask(router, .get, "/metrics").status == .ok)
    #expect(try ask(router, .post, "/predict").status == .notFound)
  }

  @Test("with a listener for operators, clients' metrics are not served")
  func separate() throws {
    let fixture = try Fixture(adjust: { $0.operations = nil })
    #expect(try fixture.ask(.get, "/metrics").status == .notFound)
    #expect(try fixture.ask(.get, "/healthz").status == .ok)
  }
}
