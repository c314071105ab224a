public import FileIO
internal import FoundationEssentials
import StrictJSON

/// An evaluation as it is kept beside a model: every outcome, so that later ones can be compared.
public struct EvaluationResult: Codable, Sendable, Equatable {
  public var name: String
  /// A sentence on how the clips were split.
  public var `protocol`: String
  public var labels: [String]
  public var outcomes: [ClipResult]
  /// Figures of each part, such as folds and seeds, by name.
  public var parts: [String: EvaluationReport]
  /// Over the seeds, where there were several trainings.
  public var spread: SeedSpread?
  /// Under degradations that recordings meet outside a studio, where they were asked for.
  public var degradations: [DegradationReport]?
  public var report: EvaluationReport

  public init(
    name: String, protocol: String, labels: [String], outcomes: [ClipResult],
    parts: [String: EvaluationReport] = [:], spread: SeedSpread? = nil,
    degradations: [DegradationReport]? = nil
  ) {
    self.name = name
    self.protocol = `protocol`
    self.labels = labels
    self.outcomes = outcomes
    self.parts = parts
    self.spread = spread
    self.degradations = degradations
    report = EvaluationReport(labels: labels, outcomes: outcomes)
  }

  public init(contentsOf path: String) throws(ResultFileError) {
    self = try readResult(EvaluationResult.self, at: path)
    guard outcomes.allSatisfy(fits) else { throw .malformed(path: path) }
  }

  public func write(to path: String) throws(ResultFileError) {
    try writeResult(self, to: path)
  }

  private func fits(_ outcome: ClipResult) -> Bool {
    outcome.probabilities.count == labels.count && labels.indices.contains(outcome.target)
  }
}

/// Reads a result that `writeResult` wrote.
func readResult<Result: Decodable>(
  _ type: Result.Type, at path: String
) throws(ResultFileError) -> Result {
  do {
    return try JSONDecoder().decode(type, from: Data(try File(path).read(limit: 256 << 20)))
  } catch let error as FileError {
    throw .file(error)
  } catch {
    throw .malformed(path: path)
  }
}

/// Replaces a file with a result as JSON.
func writeResult(_ result: some Encodable, to path: String) throws(ResultFileError) {
  do {
    try File(path).replace(with: Array(readableJSON(result).utf8))
  } catch let error as FileError {
    throw .file(error)
  } catch {
    throw .notFinite
  }
}

public enum ResultFileError: Error, Equatable, Sendable {
  case file(FileError)
  /// Not what this program writes.
  case malformed(path: String)
  /// A figure is infinite or no number, which JSON cannot say.
  case notFinite
}

extension ResultFileError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .file(let error): "\(error)"
    case .malformed(let path):
      "\(shown(path)): not a result that 'emotion-lab' wrote with --output or --json"
    case .notFinite: "a figure of the result is not finite"
    }
  }
}
