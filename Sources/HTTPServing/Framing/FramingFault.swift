/// Why a request's framing is not taken. What can be read in two ways is how requests are smuggled past a proxy.
public enum FramingFault: Error, Equatable, Sendable {
  case requestLine
  case target
  /// Well formed, and not 1.0 or 1.1.
  case version
  /// NUL or another control character.
  case control
  /// A line that ends in LF alone, or a CR within a line.
  case lineEnd
  case fieldName
  /// A field that goes on in the next line (obs-fold).
  case folded
  case host
  case contentLength
  case bodyTooLong
  case unknownTransferCoding
  /// `Transfer-Encoding` in HTTP/1.0, with a length, or twice.
  case contradiction
  case targetTooLong
  case headerTooLong
  case tooManyFields(limit: Int)
  case tooManyParameters(limit: Int)
  case chunk
  case chunkExtensions(limit: Int)
  case trailer
}

extension FramingFault {
  var status: Status {
    switch self {
    case .bodyTooLong: .contentTooLarge
    case .targetTooLong, .tooManyParameters: .uriTooLong
    case .headerTooLong, .tooManyFields: .headerFieldsTooLarge
    case .unknownTransferCoding: .notImplemented
    case .version: .versionNotSupported
    default: .badRequest
    }
  }

  var detail: String {
    switch self {
    case .requestLine: "The request line is not METHOD TARGET HTTP/1.1 with one space between."
    case .target: "The request's target is not a valid path."
    case .version: "Of HTTP, the versions 1.0 and 1.1 are understood."
    case .control: "A control character stands in the header, or in a chunk's line."
    case .lineEnd: "Lines must end in CR LF, and have neither of them within."
    case .fieldName:
      "A header field has no name of letters, digits and !#$%&'*+-.^_`|~ before its colon."
    case .folded: "A header field must stand in one line."
    case .host: "One Host field with the name or address of a host is needed."
    case .contentLength: "Content-Length must be one decimal number."
    case .bodyTooLong: "The body is longer than any that is taken."
    case .unknownTransferCoding: "The only transfer coding understood is chunked."
    case .contradiction: "Transfer-Encoding and Content-Length leave the body's end unclear."
    case .targetTooLong: "The request's target is too long."
    case .headerTooLong: "The header is too long."
    case .tooManyFields(let limit): "A header may have at most \(limit) fields."
    case .tooManyParameters(let limit): "A query may have at most \(limit) parameters."
    case .chunk:
      "A chunk does not begin with its length in hexadecimal digits, or is longer than that."
    case .chunkExtensions(let limit): "Chunk extensions may have at most \(limit) bytes in all."
    case .trailer: "The fields after the last chunk cannot be read, or are too long."
    }
  }

  /// What the client is told; nothing after it is read as a request.
  var response: Response {
    .problem(status, detail: detail).with("Connection", "close")
  }
}
