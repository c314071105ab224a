/// An answer: status, header fields and a body.
///
/// Date, Content-Length, Connection and X-Request-ID are the server's business.
public struct Response: Sendable {
  public var status: Status
  public var fields: HeaderFields
  public var body: Body
  /// The type of the problem that it is about.
  public var problem: String?

  /// What is sent after the header. A streamed body would be one more case.
  public enum Body: Sendable {
    case empty
    case bytes([UInt8])
  }

  public init(_ status: Status, fields: HeaderFields = HeaderFields(), body: Body = .empty) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  public init(_ status: Status = .ok, contentType: String, body: [UInt8]) {
    self.init(status, fields: HeaderFields(["Content-Type": contentType]), body: .bytes(body))
  }

  /// The same answer with one more field.
  public func with(_ name: String, _ value: String) -> Response {
    var copy = self
    copy.fields.add(name, value)
    return copy
  }

  /// The body's bytes.
  public var content: [UInt8] {
    switch body {
    case .empty: []
    case .bytes(let bytes): bytes
    }
  }
}
