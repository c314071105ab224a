import CMicrohttpd
import Glibc
import Workarounds

/// A libmicrohttpd connection during one request. The pointer is good from the request's first callback to its
/// completed callback, also while suspended.
@safe struct Connection: @unchecked Sendable {
  private let pointer: OpaquePointer
  /// The same connection past the library.
  let raw: RawConnection
  let slot: ConnectionSlot

  init(_ pointer: OpaquePointer, slot: ConnectionSlot) {
    unsafe self.pointer = unsafe pointer
    self.slot = slot
    raw = unsafe RawConnection(
      descriptor: cmhd_socket(pointer),
      session: cmhd_tls_session(pointer).map { OpaquePointer($0) })
  }

  /// Set when the connection is one too many.
  var excess: ConnectionExcess? { slot.excess }

  /// The header fields as received (`MHD_get_connection_values_n`).
  var fields: HeaderFields {
    var fields = HeaderFields()
    unsafe withUnsafeMutablePointer(to: &fields) {
      _ = unsafe MHD_get_connection_values_n(pointer, .HEADER_KIND, collectField, $0)
    }
    return fields
  }

  var peer: String { unsafe SocketAddress.text(cmhd_client_address(pointer)) }

  /// The status of the queued response, also where the library itself made it.
  var status: Int? {
    let status = unsafe cmhd_status(pointer)
    return status == 0 ? nil : Int(status)
  }

  /// Takes the connection out of the event loop (`MHD_suspend_connection`); only on the thread that serves it.
  func suspend() { unsafe MHD_suspend_connection(pointer) }

  /// Puts a suspended connection back (`MHD_resume_connection`); from any thread.
  func resume() { unsafe MHD_resume_connection(pointer) }

  /// Hands the response to the library (`MHD_queue_response`), which copies the body.
  /// - Returns: false when the library does not take it; the connection must then be closed.
  func queue(_ response: Response) -> Bool {
    let content = response.content
    let handle: OpaquePointer? = unsafe content.withUnsafeBytes { bytes in
      unsafe MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let handle = unsafe handle else { return false }
    defer { unsafe MHD_destroy_response(handle) }
    for field in response.fields.fields {
      unsafe MHD_add_response_header(handle, field.name, field.value)
    }
    return unsafe cmhd_queue_own_response(pointer, UInt32(response.status.rawValue), handle) != 0
  }
}

/// A C `MHD_KeyValueIteratorN`; the context is a `HeaderFields`.
private func collectField(
  _ context: UnsafeMutableRawPointer?, _ kind: MHD_ValueKind, _ name: UnsafePointer<CChar>?,
  _ nameLength: Int, _ value: UnsafePointer<CChar>?, _ valueLength: Int
) -> MHD_Result {
  guard let fields = unsafe context?.assumingMemoryBound(to: HeaderFields.self) else {
    return .NO
  }
  unsafe fields.pointee.add(text(name, nameLength), text(value, valueLength))
  return .YES
}

/// Bytes from a header as text; what is not UTF-8 becomes U+FFFD.
private func text(_ start: UnsafePointer<CChar>?, _ count: Int) -> String {
  let bytes = unsafe UnsafeRawBufferPointer(start: start, count: unsafe start == nil ? 0 : count)
  return unsafe String(decoding: bytes, as: UTF8.self)
}

extension Response {
  /// The answer as it goes over the wire, of a connection that ends with it.
  func serialized(omitBody: Bool) -> [UInt8] {
    let content = self.content
    let framing = [("Content-Length", "\(content.count)"), ("Connection", "close")]
    return serializedHead(framing) + (omitBody ? [] : content)
  }

  /// Status line and fields, with `framing` for the fields that say where the answer ends.
  func serializedHead(_ framing: [(name: String, value: String)]) -> [UInt8] {
    var lines = ["HTTP/1.1 \(status.rawValue) \(status.phrase)", "Date: \(httpDate())"]
    lines += fields.fields.filter { $0.name != "Connection" }.map { "\($0.name): \($0.value)" }
    lines += framing.map { "\($0.name): \($0.value)" } + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }
}

/// Now, as RFC 9110 writes it: `Sun, 06 Nov 1994 08:49:37 GMT`. The program's locale is "C", whose names these are.
private func httpDate() -> String {
  var now = time(nil)
  var parts = unsafe tm()
  unsafe gmtime_r(&now, &parts)
  return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) {
    let count = unsafe strftime($0.baseAddress, $0.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
    return unsafe String(
      decoding: UnsafeRawBufferPointer(start: $0.baseAddress, count: count), as: UTF8.self)
  }
}
