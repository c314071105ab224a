internal import CVersion

/// The version of every program of this package: the file `VERSION`, compiled in.
public enum ProgramVersion {
  public static let text = unsafe String(
    String(cString: project_version()).prefix { !$0.isNewline })
}
