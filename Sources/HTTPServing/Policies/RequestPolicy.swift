/// What a server asks of each request that has a route, and adds to each answer: keys, limits, fields for browsers.
public struct RequestPolicy: Sendable {
  /// Looks at the head before the body is read; an answer refuses the request. It may note on the head who asks.
  let admit: @Sendable (inout RequestHead, Route) -> Response?
  /// Looks at the head of a request that is refused before `admit` was asked; an answer takes the refusal's place.
  let screen: @Sendable (RequestHead) -> Response?
  /// Has the last word on an answer, also on one that refuses.
  let finish: @Sendable (RequestHead, inout Response) -> Void

  public init(
    admit: @escaping @Sendable (inout RequestHead, Route) -> Response? = { _, _ in nil },
    screen: @escaping @Sendable (RequestHead) -> Response? = { _ in nil },
    finish: @escaping @Sendable (RequestHead, inout Response) -> Void = { _, _ in }
  ) {
    self.admit = admit
    self.screen = screen
    self.finish = finish
  }
}
