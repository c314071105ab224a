import Foundation
import HTTPServing
import Hashing
import Testing

@Test(
  "the page brings everything with it, and its policy allows its own script and style and nothing else"
)
func page() throws {
  let response = try respond(.get, "/")
  #expect(response.fields["Content-Type"] == "text/html; charset=utf-8")
  let policy = try #require(response.fields["Content-Security-Policy"])
  #expect(policy.hasPrefix("default-src 'none'; "))
  #expect(!policy.contains("unsafe"))
  for element in ["script", "style"] {
    let text = response.text
    let start = try #require(text.range(of: "<\(element)>"))
    let end = try #require(text.range(of: "</\(element)>"))
    let content = Array(text[start.upperBound..<end.lowerBound].utf8)
    let digest = sha256(content.span)
    let source = try #require(policy.firstMatch(of: try Regex("\(element)-src 'sha256-([^']*)'")))
    let bytes = try #require(Data(base64Encoded: String(source.output[1].substring ?? "")))
    #expect(bytes.map { String(Int($0) + 256, radix: 16).dropFirst() }.joined() == digest)
  }
  // No element has a style or a handler of its own, which the policy would forbid, and nothing comes from elsewhere.
  #expect(response.text.firstMatch(of: try Regex("\\s(style|on[a-z]+)=\"|https?://")) == nil)
}
