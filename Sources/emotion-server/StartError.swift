package import AudioIO
package import CommandLineTool
package import EmotionAPI
package import FileIO
package import HTTPServing
package import Recognition

/// Why the server does not run.
package enum StartError: Error {
  case usage(UsageError)
  case model(ModelLoadError)
  case models(ModelSetError)
  case keys(path: String, APIKeysError)
  case file(FileError)
  case server(ServerError)
  case decoders(AudioError)
  case externalDecoder(path: String)

  var exitCode: Int32 {
    switch self {
    case .usage: ExitCode.usage
    case .model(.file), .file, .externalDecoder: ExitCode.noInput
    case .model, .keys: ExitCode.data
    case .models: ExitCode.usage
    case .server, .decoders: ExitCode.unavailable
    }
  }
}

extension StartError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .usage(let error): "\(error)"
    case .model(.file(let error)): "cannot read the model: \(error); name another with --model"
    case .model(let error): "cannot use the model: \(error); name another with --model"
    case .models(let error): "\(error)"
    case .keys(let path, let error): "\(path): \(error)"
    case .file(let error): "\(error)"
    case .server(let error): "\(error)"
    case .externalDecoder(let path):
      "\(path) cannot be run; --external-decoder takes the path of ffmpeg, or none"
    case .decoders(let error):
      "\(error); emotion-decoder has to lie beside this program, or --decoder has to name it"
    }
  }
}
