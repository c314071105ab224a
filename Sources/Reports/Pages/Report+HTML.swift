import Foundation

extension Report {
  func html() throws -> String {
    let body = try sections.map { section in
      "<section>\n<h2>\(escaped(section.title))</h2>\n"
        + (try section.blocks.map(Self.html).joined()) + "</section>\n"
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(escaped(title))</title>
      <style>\(Self.style)</style>
      </head>
      <body>
      <h1>\(escaped(title))</h1>
      <p>\(escaped(lead))</p>
      \(body.joined())</body>
      </html>

      """
  }

  private static func html(_ block: Block) throws -> String {
    switch block {
    case .paragraph(let text): "<p>\(escaped(text))</p>\n"
    case .table(let header, let rows): table(header, rows)
    case .pictures(let pictures):
      "<div class=\"pictures\">\n" + (try pictures.map(figure).joined()) + "</div>\n"
    }
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    let heading = header.map { "<th scope=\"col\">\(escaped($0))</th>" }.joined()
    let lines = rows.map { row in
      "<tr>" + row.map { "<td>\(escaped($0))</td>" }.joined() + "</tr>\n"
    }
    return
      "<table>\n<thead><tr>\(heading)</tr></thead>\n<tbody>\n\(lines.joined())</tbody>\n</table>\n"
  }

  /// The picture within the page, as it is: nothing is fetched from anywhere.
  private static func figure(_ picture: Picture) throws -> String {
    let bytes = try Gnuplot().draw(picture, as: picture.format)
    let type = picture.format == .svg ? "image/svg+xml" : "image/png"
    return """
      <figure><img width="\(picture.width)" height="\(picture.height)" alt="\(escaped(picture.caption))" \
      src="data:\(type);base64,\(Data(bytes).base64EncodedString())">
      <figcaption>\(escaped(picture.caption))</figcaption></figure>

      """
  }

  private static let style = """
    body { font: 16px/1.5 sans-serif; max-width: 1320px; margin: 2em auto; padding: 0 1em; \
    color: #222; background: #fff }
    h1 { font-size: 1.6em } h2 { font-size: 1.25em; margin-top: 2em; border-bottom: 1px solid #ccc }
    table { border-collapse: collapse; margin: 1em 0; font-variant-numeric: tabular-nums }
    th, td { padding: .2em .8em; text-align: right; border-bottom: 1px solid #ddd }
    th:first-child, td:first-child { text-align: left }
    .pictures { display: flex; flex-wrap: wrap; gap: 1em; align-items: flex-start }
    figure { margin: 0; max-width: 100% } img { max-width: 100%; height: auto }
    figcaption { color: #555; font-size: .9em; max-width: 40em }
    """
}

/// Text as HTML shows it.
func escaped(_ text: String) -> String {
  let names: [Character: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;"]
  return text.reduce(into: "") { $0 += names[$1] ?? String($1) }
}
