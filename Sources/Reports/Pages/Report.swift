import FileIO

/// A document of text, tables and pictures, which becomes one HTML file or a folder of pictures.
public struct Report: Sendable {
  public enum Block: Sendable {
    case paragraph(String)
    /// Rows under a header; the first column is text, the others figures.
    case table(header: [String], rows: [[String]])
    /// Pictures side by side where there is room.
    case pictures([Picture])
  }

  public struct Section: Sendable {
    public let title: String
    public let blocks: [Block]
  }

  public let title: String
  /// A sentence under the title.
  public let lead: String
  public let sections: [Section]

  public var pictures: [Picture] {
    sections.flatMap(\.blocks).flatMap { block -> [Picture] in
      if case .pictures(let pictures) = block { pictures } else { [] }
    }
  }

  /// One file that needs no other: pictures are inside it.
  public func write(html path: String) throws {
    try File(path).replace(with: Array(html().utf8))
  }

  /// Each picture as a file of its own in a folder that is there already.
  public func writePictures(to folder: String, as format: Picture.Format) throws {
    for picture in pictures {
      let bytes = try Gnuplot().draw(picture, as: format)
      try File("\(folder)/\(picture.name).\(format.rawValue)").replace(with: bytes)
    }
  }
}

extension Report {
  /// Throws when nothing can be drawn here.
  public static func checkDrawing() throws { try Gnuplot().check() }
}
