import AudioIO
import HTTPServing
import Recognition
import StrictJSON

/// What came in a request: recordings and what is asked about them.
struct Upload {
  /// The form field that holds a recording.
  static let field = "file"

  struct File {
    /// As the client names it in a form. It is told to nobody else.
    var name: String?
    let recording: EncodedRecording
  }

  /// One in a body, any number in a form.
  let files: [File]
  let isSingle: Bool
  let options: PredictionOptions

  /// Refuses, before its body is read, a request whose body could not be used.
  static func refusal(_ head: RequestHead) -> Response? {
    if let refusal = encodingRefusal(head) { return refusal }
    do {
      let type = head.mediaType?.essence ?? ""
      guard !type.hasPrefix("multipart/") || head.isForm else {
        throw UploadError.unknownMultipart(type)
      }
      _ = try rawFormat(head.fields["Content-Type"])
      _ = try options(head)
      return nil
    } catch {
      return problem(error).response
    }
  }

  static func encodingRefusal(_ head: RequestHead) -> Response? {
    let coding = head.fields["Content-Encoding"]?.lowercased() ?? "identity"
    guard coding != "identity" else { return nil }
    return ProblemKind.contentEncoding("Send the recording without Content-Encoding.").response
      .with("Accept-Encoding", "identity")
  }

  static func options(_ head: RequestHead) throws(UploadError) -> PredictionOptions {
    do { return try PredictionOptions(head.target) } catch { throw .parameter(error) }
  }

  /// Apart from forms and raw samples, Content-Type is not looked at: the bytes decide.
  init(_ head: RequestHead, _ body: [UInt8]) throws(UploadError) {
    var options = try Self.options(head)
    if let type = head.mediaType, head.isForm {
      files = try Self.files(in: form(body, type))
    } else if let raw = try rawFormat(head.fields["Content-Type"], of: body) {
      files = [File(recording: EncodedRecording(body, as: raw))]
    } else if JSONUpload.begins(body) {
      let upload = try jsonUpload(body)
      files = [File(recording: upload.recording)]
      do {
        for (name, value) in upload.parameters { try options.set(name, value) }
        try options.check()
      } catch { throw .parameter(error) }
    } else {
      files = [File(recording: EncodedRecording(body))]
    }
    isSingle = files.count == 1
    self.options = options
  }

  private static func files(in form: MultipartForm) throws(UploadError) -> [File] {
    var files: [File] = []
    for part in form.parts where part.name == field {
      let raw = try rawFormat(part.contentType, of: part.content)
      let recording = EncodedRecording(MemorySource(part.content), as: raw)
      files.append(File(name: part.fileName, recording: recording))
    }
    guard !files.isEmpty else { throw .noFile }
    return files
  }
}

private func jsonUpload(_ body: [UInt8]) throws(UploadError) -> JSONUpload {
  do { return try JSONUpload(body[...]) } catch { throw .json(error) }
}

private func form(_ body: [UInt8], _ type: MediaType) throws(UploadError) -> MultipartForm {
  do { return try MultipartForm(body, contentType: type) } catch { throw .form(error) }
}

extension RequestHead {
  var mediaType: MediaType? { fields["Content-Type"].map(MediaType.init) }
  var isForm: Bool { mediaType?.essence == "multipart/form-data" }
}

/// Why a request holds no recording, or asks for what there is not.
enum UploadError: Error, Equatable {
  case form(MultipartError)
  case noFile
  case json(JSONError)
  case unknownMultipart(String)
  /// Headerless samples without what it takes to read them.
  case rawFormat
  case parameter(ParameterError)
}
