import Augmentation
import CommandLineTool
import Corpora
import EmotionModel
import Experiments
import FileIO
import Hashing
import ModelExchange

/// Why a command gives no result.
enum LabError: Error, CustomStringConvertible {
  case unknownPreset(String)
  case presetFile(path: String, PresetError)
  /// Tensors from elsewhere that are no weights of the network they should be of.
  case tensors(path: String, ModelFileError)
  /// A weights file of an earlier version that cannot be converted.
  case conversion(path: String, ConversionError)
  /// Features normalised by statistics of data that is not here.
  case noStatistics(String)
  /// A preset of several networks where one is needed.
  case severalMembers(String)
  /// A recording that gives no features.
  case unusable(path: String, String)
  case unknownCorpus(String)
  /// A result of a model that tells other things apart.
  case otherLabels(result: [String], model: [String])
  /// A folder that a download would have to replace.
  case exists(String)
  case otherChecksum(expected: Checksum, found: String)
  case nothingToLearn
  case nothingToJudge
  case nothingToHear
  case nothingToTest(String)
  case noSpeaker(String)
  case noCorpus(String)
  case noFold(Int, of: Int)
  /// Networks are to be measured again, and no folder keeps them.
  case nothingKept
  case unwritable(FileError)
  /// Ctrl-C came before there was anything to keep.
  case interrupted
  /// Ctrl-C came; the best weights are in the file.
  case stopped(kept: String)
  /// Ctrl-C came before all trainings had ended.
  case unfinished(done: Int, of: Int, isKept: Bool)
  /// Ctrl-C came between folds; figures are of those that were done.
  case cutShort(done: Int, folds: Int, isKept: Bool)

  var description: String {
    switch self {
    case .unknownPreset(let name):
      "no preset is named \"\(name)\", and no such file is there; 'emotion-lab presets' lists them"
    case .presetFile(let path, let error): "\(shown(path)): \(error)"
    case .tensors(let path, let error): "\(shown(path)): \(error)"
    case .conversion(let path, let error): "\(shown(path)): \(error)"
    case .noStatistics(let preset):
      "preset \"\(preset)\" normalises by statistics of its training data; "
        + "write those into its features as {\"rule\": \"fixed\", …}"
    case .severalMembers(let preset):
      "preset \"\(preset)\" has several members; tensors from elsewhere are those of one network"
    case .unusable(let path, let reason): "\(shown(path)): \(reason)"
    case .unknownCorpus(let name):
      "no corpus is named \"\(name)\", only "
        + PublishedCorpus.all.map(\.name).joined(separator: ", ")
    case .otherLabels(let result, let model):
      "the result is of a model with the labels \(result.joined(separator: ", ")); "
        + "this one has \(model.joined(separator: ", "))"
    case .exists(let folder): "\(folder) is there already; move it away, or say --to"
    case .otherChecksum(let expected, let found):
      "the archive hashes to \(found), not to \(expected): damaged, or another file"
    case .nothingToLearn: "no clip has one of the preset's labels and readable audio"
    case .nothingToJudge: "no clip has one of the model's labels and readable audio"
    case .nothingToHear: "no clip has readable audio"
    case .nothingToTest(let part): "\(part): no clip to test gives features under every degradation"
    case .noSpeaker(let name): "no clip is of speaker \"\(name)\""
    case .noCorpus(let name): "no clip is of corpus \"\(name)\""
    case .nothingKept:
      "--parts voices measures networks that are kept: name their folder with --results"
    case .noFold(let fold, let count): "there is no fold \(fold), only 1 to \(count)"
    case .unwritable(let error): "cannot write \(error)"
    case .interrupted: "stopped before there was a result"
    case .stopped(let path):
      "stopped; the best weights so far are in \(path); --resume goes on"
    case .unfinished(let done, let count, let isKept):
      "stopped after \(done) of \(count) trainings; "
        + (isKept ? "the same command goes on" : "with --results it could have gone on")
    case .cutShort(let done, let folds, let isKept):
      "stopped; the figures are of \(done) of \(folds) folds; "
        + (isKept ? "the same command goes on" : "with --keep it could have gone on")
    }
  }

  var exitCode: Int32 {
    switch self {
    case .unknownPreset: ExitCode.noInput
    case .conversion, .severalMembers, .otherLabels: ExitCode.data
    case .presetFile, .tensors, .noStatistics, .unusable, .nothingToLearn, .nothingToJudge,
      .nothingToHear, .nothingToTest, .noSpeaker, .noCorpus, .noFold, .nothingKept:
      ExitCode.data
    case .otherChecksum: ExitCode.data
    case .unknownCorpus: ExitCode.usage
    case .exists, .unwritable: ExitCode.cannotCreate
    case .interrupted, .stopped, .unfinished, .cutShort: ExitCode.interrupted
    }
  }
}
