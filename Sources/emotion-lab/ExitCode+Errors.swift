import Augmentation
import CommandLineTool
import Corpora
import Downloads
import EmotionModel
import Evaluation
import Experiments
import Features
import FileIO
import ModelExchange
import NeuralNetwork
import Recognition
import Reports
import SafeTensors
import Training

extension ExitCode {
  /// EX_CANTCREAT: an output file cannot be made.
  static let cannotCreate: Int32 = 73
  /// EX_IOERR: reading or writing failed.
  static let inputOutput: Int32 = 74
  /// What a shell reports of a program that Ctrl-C ended.
  static let interrupted: Int32 = 130
}

/// The code of sysexits.h that fits an error.
func exitCode(of error: any Error) -> Int32 {
  switch error {
  case is UsageError: ExitCode.usage
  case let error as LabError: error.exitCode
  case let error as FileError: exitCode(of: error)
  case DownloadError.file(let error), ArchiveError.file(let error): exitCode(of: error)
  case DownloadError.stopped: ExitCode.interrupted
  case is DownloadError: ExitCode.unavailable
  case is ArchiveError: ExitCode.data
  case GnuplotError.notInstalled: ExitCode.unavailable
  case CorpusError.notFound: ExitCode.noInput
  case CorpusError.unreadable(let error): exitCode(of: error)
  case FoldsError.file(let error): exitCode(of: error)
  case ResultFileError.file(let error): exitCode(of: error)
  case TensorFileError.file(let error): exitCode(of: error)
  case CheckpointError.file(.file(let error)): exitCode(of: error)
  case ModelLoadError.file(let error): exitCode(of: error)
  case is CorpusError, is FoldsError, is ResultFileError, is TensorFileError, is SplitError,
    is ComparisonError, is CheckpointError, is NetworkError, is ModelError, is ModelFileError,
    is ModelLoadError, is ONNXError, is PresetError, is FeatureError, is UnreadableFiles:
    ExitCode.data
  default: ExitCode.failure
  }
}

private func exitCode(of error: FileError) -> Int32 {
  switch error.reason {
  case .notFound: ExitCode.noInput
  case .tooLarge: ExitCode.data
  case .notPermitted, .noSpace, .notRegularFile, .system: ExitCode.inputOutput
  case .notText: ExitCode.data
  }
}
