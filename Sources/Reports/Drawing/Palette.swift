import Corpora

/// Colours that people with any colour vision tell apart.
enum Palette {
  static let blue = "#0072B2"
  static let vermilion = "#D55E00"
  static let grey = "#777777"

  /// Okabe and Ito 2008, the yellow left out: it is hard to see on white.
  private static let series = [
    "#999999", "#56B4E9", "#E69F00", "#0072B2", "#D55E00", "#CC79A7", "#009E73", "#000000",
  ]

  static func colour(_ place: Int) -> String { series[place % series.count] }

  /// An emotion's, the same in every picture. Other labels share one, told apart by their mark.
  static func colour(of label: String) -> String { colour(place(of: label)) }

  /// gnuplot's marks: filled circle, square, triangles, diamond, pentagon, then open ones.
  static func mark(of label: String) -> Int { [7, 5, 9, 11, 13, 15, 6, 4, 8][place(of: label)] }

  private static func place(of label: String) -> Int {
    Emotion.allCases.firstIndex { $0.rawValue == label } ?? Emotion.allCases.count
  }

  /// White to dark blue, for counts and shares (ColorBrewer's Blues).
  static let counts =
    "set palette defined (0 '#ffffff', 0.2 '#dbe9f6', 0.5 '#6baed6', 0.75 '#2171b5', 1 '#08306b')"

  /// Dark blue to yellow, for spectrograms: even in lightness for every eye (cividis, Nuñez et al. 2018).
  static let levels = """
    set palette defined (0 '#00224e', 0.125 '#1a386f', 0.25 '#434e6c', 0.375 '#61656f', \
    0.5 '#7d7c78', 0.625 '#9b9476', 0.75 '#bcae6c', 0.875 '#dec958', 1 '#fee838')
    """
}
