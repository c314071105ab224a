import HTTPServing

/// How a recording comes in a request: as the body, or as the field `file` of a form.
enum Upload {
  /// The form field that holds the recording.
  static let field = "file"

  /// Refuses, before its body is read, a request whose body could not be used.
  static func refusal(_ head: RequestHead) -> Response? {
    let coding = head.fields["Content-Encoding"]?.lowercased() ?? "identity"
    guard coding == "identity" else {
      return UploadError.encoded(coding).problem.response.with("Accept-Encoding", "identity")
    }
    let type = head.mediaType?.essence ?? ""
    guard !type.hasPrefix("multipart/") || type == "multipart/form-data" else {
      return UploadError.unknownMultipart(type).problem.response
    }
    return nil
  }

  /// The recording's bytes. Apart from forms, Content-Type is not looked at: the bytes decide.
  static func audio(of request: Request) throws(UploadError) -> [UInt8] {
    guard let type = request.head.mediaType, type.essence == "multipart/form-data" else {
      return request.body
    }
    return try audio(in: form(request.body, type))
  }

  private static func form(
    _ body: [UInt8], _ type: MediaType
  ) throws(UploadError) -> MultipartForm {
    do { return try MultipartForm(body, contentType: type) } catch { throw .form(error) }
  }

  private static func audio(in form: MultipartForm) throws(UploadError) -> [UInt8] {
    let files = form.parts.filter { $0.name == field }
    guard let file = files.first else { throw .noFile }
    guard files.count == 1 else { throw .severalFiles(files.count) }
    return Array(file.content)
  }
}

extension RequestHead {
  fileprivate var mediaType: MediaType? { fields["Content-Type"].map(MediaType.init) }
}

/// Why a request holds no recording.
enum UploadError: Error, Equatable {
  case form(MultipartError)
  case noFile
  case severalFiles(Int)
  case encoded(String)
  case unknownMultipart(String)
}
