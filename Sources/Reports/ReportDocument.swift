internal import InputReading

/// A report before it is printed: headings, facts and tables, without a word about how they look.
public struct ReportDocument: Sendable {
  /// Whether something is as it should be.
  public enum Tone: Sendable {
    /// It is.
    case good
    /// It is not.
    case bad
    /// It could not be told, or needs a look.
    case doubtful
    /// Nothing is to be said.
    case plain
  }

  /// A piece of text with its tone.
  public struct Cell: Sendable, ExpressibleByStringInterpolation {
    let text: String
    let tone: Tone

    /// Creates a piece of text; control characters are escaped.
    public init(_ text: String, _ tone: Tone = .plain) {
      self.text = text.printable
      self.tone = tone
    }

    /// Creates a plain piece of text.
    public init(stringLiteral text: String) {
      self.init(text)
    }
  }

  /// Which side of a column its cells stand on.
  public enum Alignment: Sendable {
    /// Words.
    case left
    /// Numbers.
    case right
  }

  /// A part of a report.
  public enum Block: Sendable {
    /// What the following is about.
    case heading(String)
    /// Names with what is so named.
    case facts([(name: String, value: Cell)])
    /// A table with a header.
    case table(columns: [(title: String, alignment: Alignment)], rows: [[Cell]])
    /// Sentences, each on a line of its own.
    case list([Cell])
    /// The answer.
    case conclusion(String, Cell)
  }

  /// The parts, in order.
  public var blocks: [Block] = []

  /// Creates an empty report.
  public init() {}
}

// MARK: For people

extension ReportDocument {
  /// The report as aligned text.
  ///
  /// - Parameter isForTerminal: Whether tones are shown by colours and symbols.
  /// - Returns: lines of text.
  public func text(isForTerminal: Bool) -> String {
    let style = TextStyle(isForTerminal: isForTerminal)
    return blocks.map { block in
      switch block {
      case .heading(let title): style.heading(title) + "\n"
      case .facts(let facts): Self.text(facts, style)
      case .table(let columns, let rows): Self.text(columns, rows, style) + "\n"
      case .list(let sentences): sentences.map { "  \(style.text($0))\n" }.joined() + "\n"
      case .conclusion(let name, let value):
        style.heading(name) + " " + style.text(Cell(value.text.uppercased(), value.tone)) + "\n"
      }
    }.joined()
  }

  private static func text(_ facts: [(name: String, value: Cell)], _ style: TextStyle) -> String {
    let width = facts.map(\.name.count).max() ?? 0
    let lines = facts.map { "\($0.name.padded(to: width, .left))  \(style.text($0.value))\n" }
    return lines.joined() + "\n"
  }

  private static func text(
    _ columns: [(title: String, alignment: Alignment)], _ rows: [[Cell]], _ style: TextStyle
  ) -> String {
    let widths = columns.indices.map { column in
      max(columns[column].title.count, rows.map { style.width($0[column]) }.max() ?? 0)
    }
    func line(_ cells: [(text: String, width: Int)]) -> String {
      let padded = cells.indices.map { index in
        let padding = String(repeating: " ", count: widths[index] - cells[index].width)
        return columns[index].alignment == .left
          ? cells[index].text + padding : padding + cells[index].text
      }
      var line = "  " + padded.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    return line(columns.map { (style.faint($0.title), $0.title.count) })
      + rows.map { line($0.map { (style.text($0), style.width($0)) }) }.joined()
  }
}

/// How tones look in text.
private struct TextStyle {
  let isForTerminal: Bool

  func heading(_ text: String) -> String { isForTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func faint(_ text: String) -> String { isForTerminal ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  func width(_ cell: ReportDocument.Cell) -> Int {
    cell.text.count + (symbol(cell.tone) ?? "").count
  }

  func text(_ cell: ReportDocument.Cell) -> String {
    guard isForTerminal, let color = color(cell.tone) else { return cell.text }
    return "\u{1B}[\(color)m\(symbol(cell.tone) ?? "")\(cell.text)\u{1B}[0m"
  }

  private func symbol(_ tone: ReportDocument.Tone) -> String? {
    guard isForTerminal else { return nil }
    return switch tone {
    case .good: "✓ "
    case .bad: "✗ "
    case .doubtful: "? "
    case .plain: nil
    }
  }

  private func color(_ tone: ReportDocument.Tone) -> Int? {
    switch tone {
    case .good: 32
    case .bad: 31
    case .doubtful: 33
    case .plain: nil
    }
  }
}

extension String {
  fileprivate func padded(to width: Int, _ alignment: ReportDocument.Alignment) -> String {
    let padding = String(repeating: " ", count: max(0, width - count))
    return alignment == .left ? self + padding : padding + self
  }
}

// MARK: For pull requests

extension ReportDocument {
  /// The report in GitHub's Markdown.
  public var markdown: String {
    blocks.map { block in
      switch block {
      case .heading(let title): "### \(Self.escaped(title))\n\n"
      case .facts(let facts):
        facts.map { "- **\(Self.escaped($0.name))**: \(Self.escaped($0.value.text))\n" }.joined()
          + "\n"
      case .table(let columns, let rows):
        Self.row(columns.map(\.title))
          + Self.row(columns.map { $0.alignment == .left ? "---" : "---:" }, isEscaped: true)
          + rows.map { Self.row($0.map(\.text)) }.joined() + "\n"
      case .list(let sentences):
        sentences.map { "- \(Self.escaped($0.text))\n" }.joined() + "\n"
      case .conclusion(let name, let value):
        "**\(Self.escaped(name)) \(Self.escaped(value.text))**\n"
      }
    }.joined()
  }

  private static func row(_ cells: [String], isEscaped: Bool = false) -> String {
    "| " + cells.map { isEscaped ? $0 : escaped($0) }.joined(separator: " | ") + " |\n"
  }

  /// The text with the characters that Markdown reads as marks, or as HTML, escaped.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if "\\`*_[]<>|#".contains(character) { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
