import CommandLineTool
import EmotionModel
import EmotionTraining
import FileIO

extension ExitCode {
  /// EX_IOERR: reading or writing failed.
  static let inputOutput: Int32 = 74
}

/// The code of sysexits.h that fits an error.
func exitCode(of error: any Error) -> Int32 {
  switch error {
  case is UsageError: ExitCode.usage
  case let error as FileError: exitCode(of: error)
  case CorpusError.notFound: ExitCode.noInput
  case CorpusError.unreadable(let error): exitCode(of: error)
  case FoldsError.file(let error): exitCode(of: error)
  case ResultFileError.file(let error): exitCode(of: error)
  case TensorFileError.file(let error): exitCode(of: error)
  case is CorpusError, is FoldsError, is ResultFileError, is TensorFileError, is SplitError,
    is ComparisonError:
    ExitCode.data
  default: ExitCode.failure
  }
}

private func exitCode(of error: FileError) -> Int32 {
  switch error.reason {
  case .notFound: ExitCode.noInput
  case .tooLarge: ExitCode.data
  case .notPermitted, .noSpace, .notRegularFile, .system: ExitCode.inputOutput
  }
}
