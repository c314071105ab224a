import AudioIO
import HTTPServing
import Recognition

/// What went wrong with a request, and what would have gone well.
func problem(_ error: any Error, in head: RequestHead) -> Problem {
  let found = problem(error)
  guard case RecognitionError.audio(let error) = error, let hint = head.hint(about: error) else {
    return found
  }
  return Problem(
    found.status, type: found.type, title: found.title,
    detail: [found.detail, hint].compactMap { $0 }.joined(separator: " "))
}

extension RequestHead {
  fileprivate func hint(about error: AudioError) -> String? {
    switch error {
    case .unrecognized: sendingHint
    case .tooLong where (try? Upload.options(self).windows) == nil:
      "With windows=true it may be longer."
    default: nil
    }
  }

  /// The commonest mistake that this type of body goes with.
  private var sendingHint: String? {
    let type = mediaType?.essence ?? ""
    return switch type {
    case "application/x-www-form-urlencoded":
      "With curl, use --data-binary @clip.wav; -d leaves line ends out."
    case "multipart/form-data":
      "With curl, -F file=@clip.wav sends the file; -F file=clip.wav sends its name."
    case _ where type.hasPrefix("audio/"):
      "Samples without a header are Content-Type: audio/L16; rate=16000; channels=1."
    default: nil
    }
  }
}
