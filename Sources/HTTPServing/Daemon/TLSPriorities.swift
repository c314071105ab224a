import CGnuTLS

/// Says what is wrong with a priority string before libmicrohttpd gets it, which only says that something is
/// (`gnutls_priority_init`).
func checkTLSPriorities(_ text: String) throws(ServerError) {
  let fault = unsafe text.withCString { start in
    var priorities: gnutls_priority_t?
    var place: UnsafePointer<CChar>?
    let code = unsafe gnutls_priority_init(&priorities, start, &place)
    unsafe gnutls_priority_deinit(priorities)
    guard code < 0 else { return String?.none }
    return unsafe place.map { unsafe String(cString: $0) } ?? text
  }
  if let part = fault { throw .badTLSPriorities(text, from: part) }
}
