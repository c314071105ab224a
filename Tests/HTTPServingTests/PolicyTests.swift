import HTTPServing
import Testing

private func respond(
  _ policy: RequestPolicy, _ method: Method, _ path: String = "/data",
  _ fields: KeyValuePairs<String, String> = [:], peer: String = "192.0.2.1"
) throws -> Response {
  let router = Router(
    [
      Route(.get, "/healthz", access: .anyone, handler: { _ in .response(Response(.ok)) }),
      Route(.get, "/data", handler: { _ in .response(Response(.ok)) }),
    ], policies: [policy])
  let head = RequestHead(
    method: method, target: try #require(RequestTarget(path)), fields: HeaderFields(fields),
    peer: peer)
  return router.respond(to: Request(head: head))
}

@Suite struct CrossOriginTests {
  private let policy = CrossOrigin(origins: ["https://a.example"]).policy

  @Test("a page of a named origin may read answers, one of another may not")
  func origins() throws {
    let named = try respond(policy, .get, "/data", ["Origin": "https://a.example"])
    #expect(named.fields["Access-Control-Allow-Origin"] == "https://a.example")
    #expect(named.fields["Access-Control-Expose-Headers"]?.contains("Retry-After") == true)
    for origin in ["https://b.example", "https://a.example.org", "null"] {
      let other = try respond(policy, .get, "/data", ["Origin": origin])
      #expect(other.fields["Access-Control-Allow-Origin"] == nil)
      #expect(other.fields["Vary"] == "Origin")
    }
    #expect(try respond(policy, .get).fields["Access-Control-Allow-Origin"] == nil)
  }

  @Test("a preflight learns which methods and fields it may use")
  func preflight() throws {
    let answer = try respond(
      policy, .options, "/data",
      ["Origin": "https://a.example", "Access-Control-Request-Method": "POST"])
    #expect(answer.status == .noContent)
    #expect(answer.fields["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS")
    #expect(answer.fields["Access-Control-Allow-Headers"]?.contains("Authorization") == true)
  }

  @Test("a refusal can be read by the page, too")
  func refusal() throws {
    let answer = try respond(policy, .get, "/nothing", ["Origin": "https://a.example"])
    #expect(answer.status == .notFound)
    #expect(answer.fields["Access-Control-Allow-Origin"] == "https://a.example")
  }

  @Test("a star allows every origin")
  func star() throws {
    let answer = try respond(
      CrossOrigin(origins: ["*"]).policy, .get, "/data", ["Origin": "https://z.example"])
    #expect(answer.fields["Access-Control-Allow-Origin"] == "https://z.example")
  }
}

@Suite struct RateLimiterTests {
  @Test("a client has its burst at once, then its rate; others have their own")
  func bucket() {
    let limiter = RateLimiter(perSecond: 2, burst: 3)
    let start = ContinuousClock.now
    for _ in 0..<3 { #expect(limiter.take("a", at: start) == nil) }
    #expect(limiter.take("a", at: start) == .milliseconds(500))
    #expect(limiter.take("b", at: start) == nil)
    #expect(limiter.take("a", at: start + .milliseconds(400)) != nil)
    #expect(limiter.take("a", at: start + .milliseconds(600)) == nil)
    #expect(limiter.take("a", at: start + .milliseconds(600)) != nil)
    for _ in 0..<3 { #expect(limiter.take("a", at: start + .seconds(60)) == nil) }
    #expect(limiter.take("a", at: start + .seconds(60)) != nil)
  }

  @Test("a crowd of clients is forgotten once their share is whole again, and not before")
  func crowd() {
    let limiter = RateLimiter(perSecond: 1, burst: 1)
    let start = ContinuousClock.now
    for client in 0..<20_000 { #expect(limiter.take("\(client)", at: start) == nil) }
    #expect(limiter.take("7", at: start) != nil)
    #expect(limiter.take("7", at: start + .seconds(2)) == nil)
  }

  @Test("however many clients ask, only so many are remembered, the latest for certain")
  func bounded() {
    let limiter = RateLimiter(perSecond: 0.001, burst: 1, capacity: 100)
    let start = ContinuousClock.now
    for client in 0..<10_000 { #expect(limiter.take("\(client)", at: start) == nil) }
    #expect((100...200).contains(limiter.clients))
    for client in 9_900..<10_000 { #expect(limiter.take("\(client)", at: start) != nil) }
  }

  @Test("requests without a route, a method or a key count as well", arguments: [false, true])
  func refusals(withKeys: Bool) throws {
    let keys = RequestPolicy(admit: { _, _ in .problem(.unauthorized) })
    let limiter = RateLimiter(perSecond: 0.001, burst: 3)
    let router = Router(
      [Route(.get, "/data", handler: { _ in .response(Response(.ok)) })],
      policies: withKeys ? [keys, limiter.policy] : [limiter.policy])
    func status(_ method: Method, _ path: String, _ peer: String) throws -> Int {
      let target = try #require(RequestTarget(path))
      let head = RequestHead(method: method, target: target, peer: peer)
      return router.respond(to: Request(head: head)).status.rawValue
    }
    #expect(try status(.get, "/nothing", "2001:db8::1") == 404)
    #expect(try status(.delete, "/data", "2001:db8::2") == 405)
    #expect(try status(.get, "/data", "2001:db8::3") == (withKeys ? 401 : 200))
    for (method, path) in [(Method.get, "/nothing"), (.delete, "/data"), (.get, "/data")] {
      #expect(try status(method, path, "2001:db8::4") == 429)
    }
    #expect(try status(.options, "/data", "2001:db8::5") == 204)
    #expect(try status(.get, "/nothing", "2001:db8:0:1::1") == 404)
  }

  @Test("more than the share is answered with 429 and when to try again; health is not limited")
  func answer() throws {
    let policy = RateLimiter(perSecond: 0.1, burst: 1).policy
    #expect(try respond(policy, .get).status == .ok)
    let refused = try respond(policy, .get)
    #expect(refused.status == .tooManyRequests)
    #expect(refused.fields["Retry-After"] == "10")
    #expect(try respond(policy, .get, peer: "192.0.2.2").status == .ok)
    for _ in 0..<5 { #expect(try respond(policy, .get, "/healthz").status == .ok) }
  }
}

@Test("a trace goes on with this server's step as the parent of what follows")
func trace() throws {
  let given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
  let trace = try #require(TraceContext(given, spanID: "00f067aa0ba902b7"))
  #expect(trace.parentID == "b7ad6b7169203331")
  #expect(trace.traceparent == "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01")
  #expect(TraceContext("01-" + given.dropFirst(3) + "-more") != nil)
  #expect(TraceContext(given)?.spanID != TraceContext(given)?.spanID)
}

@Test(
  "what the standard calls no trace is ignored",
  arguments: [
    "", "00", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "00-00000000000000000000000000000000-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
    "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
    "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
  ])
func noTrace(field: String) { #expect(TraceContext(field) == nil) }
