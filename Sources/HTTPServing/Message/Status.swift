/// A response's status code (RFC 9110, 15).
public struct Status: RawRepresentable, Hashable, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) {
    precondition(
      rawValue == 101 || (200...599).contains(rawValue), "not a final status: \(rawValue)")
    self.rawValue = rawValue
  }

  public static let switchingProtocols = Status(rawValue: 101)
  public static let ok = Status(rawValue: 200)
  public static let noContent = Status(rawValue: 204)
  public static let badRequest = Status(rawValue: 400)
  public static let unauthorized = Status(rawValue: 401)
  public static let forbidden = Status(rawValue: 403)
  public static let notFound = Status(rawValue: 404)
  public static let methodNotAllowed = Status(rawValue: 405)
  public static let requestTimeout = Status(rawValue: 408)
  public static let lengthRequired = Status(rawValue: 411)
  public static let contentTooLarge = Status(rawValue: 413)
  public static let uriTooLong = Status(rawValue: 414)
  public static let unsupportedMediaType = Status(rawValue: 415)
  public static let unprocessableContent = Status(rawValue: 422)
  public static let upgradeRequired = Status(rawValue: 426)
  public static let tooManyRequests = Status(rawValue: 429)
  public static let headerFieldsTooLarge = Status(rawValue: 431)
  public static let internalServerError = Status(rawValue: 500)
  public static let notImplemented = Status(rawValue: 501)
  public static let serviceUnavailable = Status(rawValue: 503)
  public static let versionNotSupported = Status(rawValue: 505)

  /// The registered phrase, which is also the title of a problem without a type of its own.
  public var phrase: String { Status.phrases[rawValue] ?? "Status \(rawValue)" }

  private static let phrases = [
    101: "Switching Protocols", 200: "OK", 204: "No Content", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed", 408: "Request Timeout", 411: "Length Required",
    413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
    422: "Unprocessable Content",
    426: "Upgrade Required", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable", 505: "HTTP Version Not Supported",
  ]
}
