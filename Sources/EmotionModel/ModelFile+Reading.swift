import FoundationEssentials
import NeuralNetwork
public import SafeTensors
import StrictJSON

/// Why a weights file was refused.
public enum ModelFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It cannot be read, or is no `.safetensors` file.
  case tensors(TensorFileError)
  /// It is one, but its metadata and tensors make no whole model.
  case model(ModelError)

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .tensors(let error): error.description
    case .model(let error): error.description
    }
  }
}

extension ModelFile {
  /// Reads a weights file.
  /// - Throws: `.tensors` where it cannot be read or is no `.safetensors` file, `.model` where it holds no whole model.
  public init(contentsOf path: String) throws(ModelFileError) {
    do { try self.init(TensorFile(contentsOf: path)) } catch { throw ModelFileError(error) }
  }

  /// Reads the content of a weights file.
  /// - Throws: `.tensors` where the bytes are no `.safetensors` file, `.model` where they hold no whole model.
  public init(bytes: [UInt8]) throws(ModelFileError) {
    do { try self.init(TensorFile(bytes: bytes)) } catch { throw ModelFileError(error) }
  }

  /// Checks that metadata and tensors make one whole model.
  /// - Throws: a `ModelError` that names the key, the layer or the tensor: metadata missing, malformed or out of range, a network that
  ///   cannot be or does not fit the labels, tensors missing, left over or of another shape.
  public init(_ file: TensorFile) throws(ModelError) {
    let format = try Self.text(.format, file)
    guard format == Self.formatVersion else { throw .unsupportedFormat(version: format) }
    let calibration = try Self.value(Calibration.self, .calibration, file)
    guard calibration.temperature.isFinite, 0.01...100 ~= calibration.temperature else {
      throw .invalidMetadata(key: "calibration", problem: "temperature must be 0.01 to 100")
    }
    let labels = try Self.value([String].self, .labels, file)
    guard Set(labels).count == labels.count, labels.allSatisfy({ !$0.isEmpty }) else {
      throw .invalidMetadata(key: "labels", problem: "labels must be unique and not empty")
    }
    let descriptions = try Self.value([MemberDescription].self, .members, file)
    guard 1...Self.memberLimit ~= descriptions.count else {
      throw .invalidMetadata(
        key: "members", problem: "must be 1 to \(Self.memberLimit), not \(descriptions.count)")
    }
    try self.init(
      name: Self.text(.name, file), labels: labels,
      members: Self.members(descriptions, file), calibration: calibration,
      provenance: Self.value(Provenance.self, .provenance, file))
  }

  /// The members that are described, each with the tensors that its name begins.
  /// - Throws: where a network cannot be, or its tensors are missing, of another shape, or left over.
  private static func members(
    _ descriptions: [MemberDescription], _ file: TensorFile
  ) throws(ModelError) -> [Member] {
    var rest = file.tensors
    var members: [Member] = []
    for description in descriptions {
      let prefix = prefix(description.name, among: descriptions.count)
      let own = rest.filter { $0.name.hasPrefix(prefix) }
      rest.removeAll { $0.name.hasPrefix(prefix) }
      let network: Network
      do { network = try Network(description.network) } catch { throw .network(error) }
      let weights = try Weights(
        of: network,
        from: TensorFile(tensors: own.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) }))
      members.append(
        Member(
          name: description.name, weight: description.weight,
          features: canonicalJSON(description.features), network: network, weights: weights))
    }
    if let stray = rest.first { throw .unexpectedTensor(name: stray.name) }
    return members
  }

  /// - Throws: `missingMetadata`.
  private static func text(_ key: Key, _ file: TensorFile) throws(ModelError) -> String {
    guard let text = file.metadata[key.rawValue] else {
      throw .missingMetadata(key: key.rawValue)
    }
    return text
  }

  /// The JSON value of a key.
  /// - Throws: `missingMetadata`; `invalidMetadata` where it is not JSON of this type; `network` where a layer is not valid.
  private static func value<Value: Decodable>(
    _ type: Value.Type, _ key: Key, _ file: TensorFile
  ) throws(ModelError) -> Value {
    let text = try text(key, file)
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch let error as NetworkError {
      throw .network(error)
    } catch let error as DecodingError {
      throw .invalidMetadata(key: key.rawValue, problem: error.place)
    } catch {
      throw .invalidMetadata(key: key.rawValue, problem: "is not valid JSON")
    }
  }
}

extension ModelFileError {
  /// - Precondition: it is a `TensorFileError` or a `ModelError`.
  init(_ error: any Error) {
    switch error {
    case let error as TensorFileError: self = .tensors(error)
    case let error as ModelError: self = .model(error)
    default: preconditionFailure("an error of another kind: \(error)")
    }
  }
}
