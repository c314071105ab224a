/// A drawing, as commands for gnuplot. Nothing is drawn until it is asked for in a format.
public struct Picture: Sendable {
  /// A file's name, without extension.
  public let name: String
  /// What is to be seen, for those who cannot.
  public let caption: String
  /// Pixels
  public let width: Int
  public let height: Int
  /// Whether it holds an image, such as a spectrogram, which vectors only make larger.
  let isRaster: Bool
  let script: GnuplotScript

  init(
    _ name: String, caption: String, width: Int = 600, height: Int = 420, isRaster: Bool = false,
    script: GnuplotScript
  ) {
    // Labels are anybody's words, and may hold what leads out of a folder.
    self.name = String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
    self.caption = caption
    self.width = width
    self.height = height
    self.isRaster = isRaster
    self.script = script
  }

  public enum Format: String, CaseIterable, Sendable {
    case svg, png
  }

  /// The smaller one.
  var format: Format { isRaster ? .png : .svg }
}
