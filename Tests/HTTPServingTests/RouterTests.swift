import HTTPServing
import Testing

private let router = Router([
  Route(.get, "/", handler: { _ in .response(text("home")) }),
  Route(
    .get, "/healthz", whileDraining: .answer, handler: { _ in .response(text("ok")) }),
  Route(
    .post, "/echo", body: .collect(limit: 8),
    admit: { $0.fields["X-Refuse"] == nil ? nil : .problem(.unauthorized) },
    handler: { request in
      .work { Response(contentType: "application/octet-stream", body: request.body) }
    }),
  Route(
    .get, "/v2/models/{name}/ready",
    handler: { .response(text($0.parameters["name"] ?? "nil")) }),
])

private func text(_ text: String) -> Response {
  Response(contentType: "text/plain", body: Array(text.utf8))
}

private func respond(
  _ method: Method, _ target: String, _ fields: KeyValuePairs<String, String> = [:],
  body: [UInt8]? = nil, load: ServerLoad = ServerLoad()
) throws -> Response {
  let head = RequestHead(
    method: method, target: try #require(RequestTarget(target)), fields: HeaderFields(fields),
    framing: body.map { .length(UInt64($0.count)) } ?? .none)
  return router.respond(to: Request(head: head, body: body ?? [], load: load))
}

@Test(
  "a request is answered by the route of its path and method",
  arguments: [
    ("/", 200, "home"), ("/healthz", 200, "ok"), ("/healthz?x=1", 200, "ok"),
    ("/%68ealthz", 200, "ok"), ("/v2/models/a%2Fb/ready", 200, "a/b"),
    ("/healthz/", 404, nil), ("//healthz", 404, nil), ("/nothing", 404, nil),
    ("/v2/models/ready", 404, nil),
  ])
func routing(target: String, status: Int, body: String?) throws {
  let response = try respond(.get, target)
  #expect(response.status.rawValue == status)
  if let body { #expect(String(decoding: response.content, as: UTF8.self) == body) }
}

@Test("a path that does not take the method says which it takes")
func allow() throws {
  let response = try respond(.post, "/healthz", body: [])
  #expect(response.status == .methodNotAllowed)
  #expect(response.fields["Allow"] == "GET, HEAD, OPTIONS")
  #expect(response.fields["Content-Type"] == "application/problem+json")
  #expect(try respond(.get, "/echo").fields["Allow"] == "OPTIONS, POST")
}

@Test("OPTIONS is answered with what a path takes")
func options() throws {
  let response = try respond(.options, "/healthz")
  #expect(response.status == .noContent)
  #expect(response.fields["Allow"] == "GET, HEAD, OPTIONS")
  #expect(try respond(.options, "*").status == .noContent)
  #expect(try respond(.options, "/nothing").status == .notFound)
}

@Test("HEAD goes where GET goes")
func head() throws {
  #expect(try respond(.head, "/healthz").status == .ok)
  #expect(try respond(.head, "/echo").status == .methodNotAllowed)
}

@Test("a body is asked for its length, and refused when it is too long or the route objects")
func bodies() throws {
  #expect(try respond(.post, "/echo").status == .lengthRequired)
  #expect(try respond(.post, "/echo", body: [1, 2]).content == [1, 2])
  #expect(try respond(.post, "/echo", body: []).content == [])
  #expect(
    try respond(.post, "/echo", body: Array(repeating: 0, count: 9)).status == .contentTooLarge)
  #expect(try respond(.post, "/echo", ["x-refuse": ""], body: [1]).status == .unauthorized)
}

@Test("a draining server answers health checks and refuses the rest")
func draining() throws {
  var load = ServerLoad()
  load.isDraining = true
  #expect(try respond(.get, "/healthz", load: load).status == .ok)
  let refused = try respond(.get, "/", load: load)
  #expect(refused.status == .serviceUnavailable)
  #expect(refused.fields["Connection"] == "close")
  #expect(refused.fields["Retry-After"] == "1")
}

@Test("a problem is one JSON object")
func problem() {
  let response = Response.problem(.badRequest, type: "urn:x", title: "No", detail: "a/\"b\"")
  #expect(
    String(decoding: response.content, as: UTF8.self)
      == #"{"type":"urn:x","title":"No","status":400,"detail":"a/\"b\""}"#)
}

@Test("a target's query is decoded, with equal names in order")
func query() throws {
  let target = try #require(RequestTarget("/p?a=1&b=x+y%21&a=2&flag&%C3%A9=%3D"))
  #expect(target["a"] == "1")
  #expect(target["b"] == "x y!")
  #expect(target["flag"] == "")
  #expect(target["é"] == "=")
  #expect(target["none"] == nil)
  #expect(target.query.filter { $0.name == "a" }.map(\.value) == ["1", "2"])
}

@Test("of an absolute target, the path counts")
func absoluteTargets() throws {
  for (target, path) in [("http://x/a%2Fb?c=d", "/a%2Fb"), ("HTTPS://[::1]:8", "/")] {
    #expect(try #require(RequestTarget(target)).path == path)
  }
  #expect(RequestTarget("http://x?c=d")?["c"] == "d")
}

@Test(
  "a target that cannot be decoded is none",
  arguments: [
    "", "x", "/%", "/%4", "/%zz", "/%00", "/%ff", "/?a=%", "http://", "http:///x", "http://a@b/x",
    "ftp://host/x",
  ])
func badTargets(target: String) {
  #expect(RequestTarget(target) == nil)
}

@Test("the defaults of a server")
func defaults() {
  let configuration = ServerConfiguration()
  #expect(configuration.address == nil)
  #expect(configuration.port == 8080)
  #expect(configuration.ioThreads == 2)
  #expect(configuration.maxConnections == 10_000)
  #expect(configuration.maxConnectionsPerAddress == 0)
  #expect(configuration.idleTimeout == .seconds(30))
  #expect(configuration.bodyTimeout == .seconds(300))
  #expect(configuration.connectionMemory == 32 * 1024)
  #expect(configuration.maxBodyMemory == 1 << 30)
  #expect(configuration.graceTime == .seconds(20))
}
