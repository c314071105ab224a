import CWebAssets
import FoundationEssentials
import HTTPServing
import Hashing

/// The page at `/`: record or drop a file, and see what it sounds like.
enum Page {
  private static let bytes = unsafe [UInt8](
    UnsafeRawBufferPointer(start: web_page(), count: web_page_size()))

  private static let response = Response(contentType: "text/html; charset=utf-8", body: bytes)
    .with("Content-Security-Policy", policy)
    .with("Permissions-Policy", "microphone=(self)")
    .with("Referrer-Policy", "no-referrer")
    .with("X-Content-Type-Options", "nosniff")

  static func answer(_ request: Request) -> Answer { .response(response) }

  /// Nothing but the page's own script and style runs, and it talks to nobody but this server.
  private static let policy = [
    "default-src 'none'", "script-src \(source("script"))", "style-src \(source("style"))",
    "connect-src 'self'", "media-src blob:", "img-src data:", "base-uri 'none'",
    "form-action 'none'", "frame-ancestors 'none'",
  ].joined(separator: "; ")

  /// The hash by which a policy names an element's content (CSP 3, 2.3.1).
  private static func source(_ element: String) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: "<\(element)>"),
      let end = text.firstRange(of: "</\(element)>")
    else { return "'none'" }
    let content = Array(text[start.upperBound..<end.lowerBound].utf8)
    let digest = sha256(content.span)
    let digits = stride(from: 0, to: digest.utf8.count, by: 2).map { offset in
      let from = digest.index(digest.startIndex, offsetBy: offset)
      return UInt8(digest[from..<digest.index(from, offsetBy: 2)], radix: 16) ?? 0
    }
    return "'sha256-\(Data(digits).base64EncodedString())'"
  }
}
