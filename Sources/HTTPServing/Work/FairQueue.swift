/// What waits, one client's after another's in turn, and each client's own in the order in which it came.
public struct FairQueue<Element> {
  private var clients = Line<String>()
  private var lines: [String: Line<Element>] = [:]
  public private(set) var count = 0

  public init() {}

  public var isEmpty: Bool { count == 0 }

  public mutating func append(_ element: Element, of client: String) {
    if lines[client] == nil { clients.append(client) }
    lines[client, default: Line()].append(element)
    count += 1
  }

  /// How many of a client's wait.
  public func count(of client: String) -> Int { lines[client]?.count ?? 0 }

  /// Takes the next, of the first client in turn that may have one.
  public mutating func next(
    where mayHave: (_ client: String) -> Bool = { _ in true }
  ) -> (element: Element, client: String)? {
    for _ in 0..<clients.count {
      let client = clients.removeFirst()
      guard mayHave(client) else {
        clients.append(client)
        continue
      }
      return takeFirst(of: client).map { ($0, client) }
    }
    return nil
  }

  private mutating func takeFirst(of client: String) -> Element? {
    guard let element = lines[client]?.removeFirst() else { return nil }
    if lines[client]?.count == 0 { lines[client] = nil } else { clients.append(client) }
    count -= 1
    return element
  }

  /// Takes what a client put in last.
  public mutating func takeLast(of client: String) -> Element? {
    guard let element = lines[client]?.removeLast() else { return nil }
    if lines[client]?.count == 0 {
      lines[client] = nil
      clients.removeAll { $0 == client }
    }
    count -= 1
    return element
  }

  /// Takes everything.
  public mutating func removeAll() -> [Element] {
    var all: [Element] = []
    while let next = next() { all.append(next.element) }
    return all
  }
}

extension FairQueue: Sendable where Element: Sendable {}

/// First in, first out; an element's memory is given back in time.
private struct Line<Element> {
  private var elements: [Element?] = []
  private var start = 0

  var count: Int { elements.count - start }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func removeLast() -> Element? {
    count > 0 ? elements.removeLast() : nil
  }

  mutating func removeAll(where isMeant: (Element) -> Bool) {
    elements = elements[start...].filter { $0.map { !isMeant($0) } ?? false }
    start = 0
  }

  mutating func removeFirst() -> Element {
    guard let element = elements[start] else { preconditionFailure("an empty line") }
    elements[start] = nil
    start += 1
    if start > 32 && start > elements.count / 2 {
      elements.removeFirst(start)
      start = 0
    }
    return element
  }
}

extension Line: Sendable where Element: Sendable {}
