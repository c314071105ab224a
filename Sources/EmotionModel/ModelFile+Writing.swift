public import SafeTensors
import StrictJSON

extension ModelFile {
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

  /// Replaces the file as a whole or not at all. Throws what the file system says.
  public func write(to path: String) throws(TensorFileError) { try tensorFile.write(to: path) }
}
