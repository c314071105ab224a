import AudioIO
import HTTPServing
import Recognition
import StrictJSON

/// What came in a request: recordings and what is asked about them.
struct Upload {
  /// The form field that holds a recording.
  static let field = "file"

  /// One in a body, any number in a form.
  let recordings: [EncodedRecording]
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
      recordings = try Self.recordings(in: form(body, type))
    } else if let raw = try rawFormat(head.fields["Content-Type"], of: body) {
      recordings = [EncodedRecording(body, as: raw)]
    } else if JSONUpload.begins(body) {
      let upload = try jsonUpload(body)
      recordings = [upload.recording]
      do {
        for (name, value) in upload.parameters { try options.set(name, value) }
        try options.check()
      } catch { throw .parameter(error) }
    } else {
      recordings = [EncodedRecording(body)]
    }
    isSingle = recordings.count == 1
    self.options = options
  }

  private static func recordings(
    in form: MultipartForm
  ) throws(UploadError) -> [EncodedRecording] {
    let files = form.parts.filter { $0.name == field }
    guard !files.isEmpty else { throw .noFile }
    var recordings: [EncodedRecording] = []
    for file in files {
      let raw = try rawFormat(file.contentType, of: file.content)
      recordings.append(EncodedRecording(MemorySource(file.content), as: raw))
    }
    return recordings
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
