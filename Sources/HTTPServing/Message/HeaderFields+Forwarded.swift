extension HeaderFields {
  /// The client's address as the outermost of so many trusted proxies saw it.
  ///
  /// Each proxy appends the address it was asked from to `X-Forwarded-For`; what stands further ahead is the client's own
  /// claim. nil without proxies, when the field has fewer addresses than there are proxies, and when what stands there is no
  /// address.
  func client(behind proxies: Int) -> String? {
    guard proxies > 0 else { return nil }
    let addresses = values(of: "X-Forwarded-For").flatMap { $0.split(separator: ",") }
    guard addresses.count >= proxies else { return nil }
    let address = addresses[addresses.count - proxies].drop { $0 == " " }
    return ClientAddress(String(address.prefix { $0 != " " }))?.text
  }
}
