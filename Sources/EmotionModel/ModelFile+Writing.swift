public import SafeTensors
import StrictJSON

extension ModelFile {
  /// The `.safetensors` file: all members' tensors, named and shaped as PyTorch's, and the metadata as canonical JSON. The same
  /// model gives the same bytes.
  public var tensorFile: TensorFile {
    TensorFile(
      tensors: members.flatMap { member in
        let prefix = Self.prefix(member.name, among: members.count)
        return member.weights.tensors(of: member.network).map { (prefix + $0.name, $0.tensor) }
      },
      metadata: [
        Key.format.rawValue: Self.formatVersion, Key.name.rawValue: name,
        Key.labels.rawValue: canonicalJSON(labels),
        Key.members.rawValue: canonicalJSON(members.map(MemberDescription.init)),
        Key.calibration.rawValue: canonicalJSON(calibration),
        Key.provenance.rawValue: canonicalJSON(provenance),
      ])
  }

  /// Replaces the file as a whole or not at all.
  /// - Throws: `TensorFileError.file` where the file system refuses; any other where a tensor cannot be written, such as one
  ///   that holds a number that is not finite.
  public func write(to path: String) throws(TensorFileError) { try tensorFile.write(to: path) }
}
