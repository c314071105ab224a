import CCurl
import FileIO

/// One request for a file, or for the rest of it, by libcurl. Used once.
final class Transfer {
  enum Ending: Equatable {
    case complete
    /// The connection, or the way to it, failed; to be tried again.
    case cut(String)
    /// The server sends the file only from its start, or has less of it than is there.
    case cannotResume
    case stopped
  }

  private var sink: Descriptor
  private let offset: Int
  private let path: String
  private let progress: (Int, Int?) -> Void
  private let shouldStop: () -> Bool
  private var writeError: FileError?

  init(
    into sink: consuming Descriptor, at offset: Int, path: String,
    progress: @escaping (Int, Int?) -> Void, shouldStop: @escaping () -> Bool
  ) {
    self.sink = sink
    self.offset = offset
    self.path = path
    self.progress = progress
    self.shouldStop = shouldStop
  }

  func run(_ address: String) throws(DownloadError) -> Ending {
    _ = Self.isReady
    guard let handle = unsafe curl_easy_init() else { return .cut("libcurl gives no handle") }
    defer { unsafe curl_easy_cleanup(handle) }
    unsafe configure(handle, address)
    let code = unsafe curl_easy_perform(handle)
    if let writeError { throw .file(writeError) }
    let status = unsafe Int(shim_response_code(handle))
    switch code {
    case CURLE_OK: return .complete
    case CURLE_ABORTED_BY_CALLBACK: return .stopped
    case CURLE_RANGE_ERROR, CURLE_BAD_DOWNLOAD_RESUME: return .cannotResume
    case CURLE_HTTP_RETURNED_ERROR where status == 416 && offset > 0: return .cannotResume
    // Busy or broken for the moment: worth another try.
    case CURLE_HTTP_RETURNED_ERROR where status == 429 || status >= 500:
      return .cut(DownloadError.refused(status: status).description)
    case CURLE_HTTP_RETURNED_ERROR: throw .refused(status: status)
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: throw .unusableAddress(address)
    default: return unsafe .cut(String(cString: curl_easy_strerror(code)))
    }
  }

  /// libcurl wants to be set up once, before threads use it.
  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private func configure(_ handle: UnsafeMutableRawPointer, _ address: String) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe shim_set_string(handle, CURLOPT_URL, address)
    unsafe shim_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    unsafe shim_set_string(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
    unsafe shim_set_string(handle, CURLOPT_USERAGENT, "emotion-lab")
    unsafe shim_set_long(handle, CURLOPT_FOLLOWLOCATION, 1)
    unsafe shim_set_long(handle, CURLOPT_MAXREDIRS, 10)
    unsafe shim_set_long(handle, CURLOPT_FAILONERROR, 1)
    unsafe shim_set_long(handle, CURLOPT_NOSIGNAL, 1)
    unsafe shim_set_long(handle, CURLOPT_CONNECTTIMEOUT, 30)
    // A connection that brings nothing for a minute is as good as cut.
    unsafe shim_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
    unsafe shim_set_long(handle, CURLOPT_LOW_SPEED_TIME, 60)
    unsafe shim_set_offset(handle, CURLOPT_RESUME_FROM_LARGE, curl_off_t(offset))
    unsafe shim_set_pointer(handle, CURLOPT_WRITEDATA, context)
    unsafe shim_set_write(handle, receive)
    unsafe shim_set_long(handle, CURLOPT_NOPROGRESS, 0)
    unsafe shim_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    unsafe shim_set_progress(handle, report)
  }

  fileprivate func write(_ bytes: [UInt8]) -> Bool {
    do {
      try sink.write(bytes)
      return true
    } catch {
      writeError = error
      return false
    }
  }

  /// Whether to stop.
  fileprivate func told(_ done: Int, of total: Int) -> Bool {
    if done > 0 { progress(offset + done, total > 0 ? offset + total : nil) }
    return shouldStop()
  }
}

private func receive(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let data = unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: size * count))
  // Another number than that of the bytes given makes libcurl give up.
  return transfer.write(data) ? size * count : 0
}

private func report(
  _ context: UnsafeMutableRawPointer?, _ total: curl_off_t, _ done: curl_off_t, _: curl_off_t,
  _: curl_off_t
) -> Int32 {
  guard let context = unsafe context else { return 1 }
  let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.told(Int(done), of: Int(total)) ? 1 : 0
}
