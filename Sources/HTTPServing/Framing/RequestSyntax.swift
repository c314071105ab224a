/// Reads a complete header as RFC 9112 has it, and says how the body is framed.
struct RequestSyntax {
  let limits: FramingLimits
  private var isOld = false
  private var fields = 0
  private var hosts = 0
  private var length: UInt64?
  private var isChunked = false
  private var hasBlanksBehindLength = false
  private var upgrade = UpgradeSyntax()
  /// The line of a Content-Length with blanks behind it, which are allowed, but which libmicrohttpd takes for a part of the
  /// number.
  private(set) var blankLengthLine: Range<Int>?

  init(limits: FramingLimits) { self.limits = limits }

  /// - Parameter header: From the request line to the empty line. Each line ends in CR LF, which stand nowhere else.
  mutating func framing(of header: Span<UInt8>) throws(FramingFault) -> BodyFraming {
    var start = try requestLine(header) + 2
    while header[start] != .carriageReturn {
      guard let end = header.first(.carriageReturn, from: start) else { throw .lineEnd }
      fields += 1
      guard fields <= limits.fields else { throw .tooManyFields(limit: limits.fields) }
      try field(header.extracting(start..<end))
      if hasBlanksBehindLength && blankLengthLine == nil { blankLengthLine = start..<end }
      start = end + 2
    }
    guard hosts == 1 || (isOld && hosts == 0) else { throw .host }
    guard isChunked else {
      if let length { return .length(length) }
      return upgrade.isComplete && !isOld ? .upgrade : .none
    }
    guard length == nil, !isOld else { throw .contradiction }
    return .chunked
  }

  /// - Returns: Where the line's end begins.
  private mutating func requestLine(_ header: Span<UInt8>) throws(FramingFault) -> Int {
    guard let end = header.first(.carriageReturn) else { throw .requestLine }
    let line = header.extracting(first: end)
    guard let first = line.first(.space), let second = line.first(.space, from: first + 1) else {
      throw .requestLine
    }
    let method = line.extracting(first: first)
    guard !method.isEmpty, method.allSatisfy(OctetSet.token.contains) else { throw .requestLine }
    upgrade.isGet = method.equals("GET", ignoringCase: false)
    isOld = try isVersion10(line.extracting((second + 1)...))
    let target = line.extracting((first + 1)..<second)
    guard !target.isEmpty else { throw .requestLine }
    try check(target, of: method)
    return end
  }

  private func isVersion10(_ version: Span<UInt8>) throws(FramingFault) -> Bool {
    if version.equals("HTTP/1.1", ignoringCase: false) { return false }
    if version.equals("HTTP/1.0", ignoringCase: false) { return true }
    let isVersion =
      version.count == 8 && version.extracting(first: 5).equals("HTTP/", ignoringCase: false)
      && version[5].isDigit && version[6] == UInt8(ascii: ".") && version[7].isDigit
    throw isVersion ? .version : .requestLine
  }

  /// Takes the origin form, the absolute form, and `*` for OPTIONS.
  private func check(_ target: Span<UInt8>, of method: Span<UInt8>) throws(FramingFault) {
    guard target.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "#") }) else {
      throw .target
    }
    let isStar = target.count == 1 && target[0] == UInt8(ascii: "*")
    guard
      target[0] == UInt8(ascii: "/") || isStar && method.equals("OPTIONS", ignoringCase: false)
        || target.hasPrefix("http://") || target.hasPrefix("https://")
    else { throw .target }
    guard let query = target.first(UInt8(ascii: "?")) else { return }
    guard target.extracting(query...).count(of: UInt8(ascii: "&")) < limits.parameters else {
      throw .tooManyParameters(limit: limits.parameters)
    }
  }

  private mutating func field(_ line: Span<UInt8>) throws(FramingFault) {
    guard !line[0].isBlank else { throw .folded }
    guard let colon = line.first(UInt8(ascii: ":")), colon > 0 else { throw .fieldName }
    let name = line.extracting(first: colon)
    guard name.allSatisfy(OctetSet.token.contains) else { throw .fieldName }
    let rest = line.extracting((colon + 1)...)
    let value = rest.extracting(rest.trimmedRange)
    if name.equals("host") {
      hosts += 1
      guard hosts == 1, value.allSatisfy(OctetSet.host.contains) else { throw .host }
    } else if name.equals("content-length") {
      guard length == nil else { throw .contentLength }
      hasBlanksBehindLength = rest.trimmedRange.upperBound < rest.count
      length = try number(value)
    } else if name.equals("transfer-encoding") {
      guard !isChunked else { throw .contradiction }
      guard value.equals("chunked") else { throw .unknownTransferCoding }
      isChunked = true
    } else {
      upgrade.field(name, value)
    }
  }

  private func number(_ digits: Span<UInt8>) throws(FramingFault) -> UInt64 {
    guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { throw .contentLength }
    var number: UInt64 = 0
    for index in digits.indices {
      guard number < 1_000_000_000_000_000_000 / 10 else { throw .bodyTooLong }
      number = number * 10 + UInt64(digits[index] - UInt8(ascii: "0"))
    }
    return number
  }
}
