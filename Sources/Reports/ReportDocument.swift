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
    /// Something to look at.
    case figure(Figure)
    /// Parts, none of them of this kind, that are told at these details; others are told at the
    /// normal one and more.
    indirect case told(at: ClosedRange<Detail>, [Block])

    /// Parts that are told at this detail and more.
    static func told(at least: Detail, _ blocks: [Block]) -> Block {
      .told(at: least...Detail.verbose, blocks)
    }
  }

  /// How much is told.
  public enum Detail: Int, Comparable, Sendable {
    /// The answer alone.
    case quiet
    /// What a person wants to know.
    case normal
    /// Everything that is known.
    case verbose

    /// Whether less is told.
    public static func < (first: Detail, second: Detail) -> Bool {
      first.rawValue < second.rawValue
    }
  }

  /// The parts, in order.
  public var blocks: [Block] = []

  /// Creates an empty report.
  public init() {}

  /// The parts that are told at some detail, in order; the normal ones where no answer is told apart.
  func blocks(at detail: Detail) -> [Block] {
    let told = parts(at: detail)
    return told.isEmpty ? parts(at: .normal) : told
  }

  private func parts(at detail: Detail) -> [Block] {
    blocks.flatMap { block -> [Block] in
      if case .told(let details, let own) = block { return details.contains(detail) ? own : [] }
      return detail >= .normal ? [block] : []
    }
  }
}

// MARK: For people

extension ReportDocument {
  /// The report as aligned text.
  ///
  /// - Parameters:
  ///   - isForTerminal: Whether tones are shown by colours and symbols.
  ///   - width: The columns that a line may take; `nil` where it may be of any length.
  ///   - detail: How much is told.
  /// - Returns: lines of text.
  public func text(
    isForTerminal: Bool, width: Int? = nil, detail: Detail = .normal
  ) -> String {
    let style = TextStyle(isForTerminal: isForTerminal, width: width)
    return blocks(at: detail).map { block in
      switch block {
      case .heading(let title): style.heading(title) + "\n"
      case .facts(let facts): style.text(facts) + "\n"
      case .table(let columns, let rows): style.text(columns, rows) + "\n"
      case .list(let sentences): sentences.map { style.line("  ", $0, indent: 6) }.joined() + "\n"
      case .conclusion(let name, let value):
        style.heading(name) + " " + style.text(Cell(value.text.uppercased(), value.tone)) + "\n"
      case .figure(let figure):
        TextDrawing(figure: figure, hasColors: isForTerminal).lines.joined(separator: "\n")
          + "\n\n"
      case .told: ""
      }
    }.joined()
  }
}

/// How tones look in text, and how long its lines are.
private struct TextStyle {
  let isForTerminal: Bool
  /// The columns that a line may take.
  let width: Int?

  /// The least columns that text is wrapped to: narrower ones cannot be read.
  private static let narrowest = 24

  func heading(_ text: String) -> String { isForTerminal ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func faint(_ text: String) -> String { isForTerminal ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  func width(_ cell: ReportDocument.Cell) -> Int {
    cell.text.displayWidth + (symbol(cell.tone) ?? "").count
  }

  func text(_ cell: ReportDocument.Cell) -> String {
    guard isForTerminal, let color = color(cell.tone) else { return cell.text }
    return "\u{1B}[\(color)m\(symbol(cell.tone) ?? "")\(cell.text)\u{1B}[0m"
  }

  /// A line, and where it is too long for the width more of them, which begin `indent` columns in.
  func line(_ start: String, _ cell: ReportDocument.Cell, indent: Int) -> String {
    let symbolWidth = width(cell) - cell.text.displayWidth
    guard let width, start.displayWidth + self.width(cell) > width else {
      return start + text(cell) + "\n"
    }
    let first = max(Self.narrowest, width - start.displayWidth - symbolWidth)
    let pieces = cell.text.wrapped(to: max(Self.narrowest, min(first, width - indent)))
    let margin = String(repeating: " ", count: indent)
    return pieces.enumerated().map { index, piece in
      index == 0
        ? start + text(ReportDocument.Cell(piece, cell.tone)) + "\n"
        : margin + colored(piece, cell.tone) + "\n"
    }.joined()
  }

  func text(_ facts: [(name: String, value: ReportDocument.Cell)]) -> String {
    let width = facts.map(\.name.count).max() ?? 0
    return facts.map { fact in
      let padding = String(repeating: " ", count: width - fact.name.count + 2)
      return line(fact.name + padding, fact.value, indent: width + 4)
    }.joined()
  }

  /// A table; where it is too wide, cells of the last column go on in the next line.
  func text(
    _ columns: [(title: String, alignment: ReportDocument.Alignment)],
    _ rows: [[ReportDocument.Cell]]
  ) -> String {
    let widths = columns.indices.map { column in
      max(
        columns[column].title.displayWidth, rows.map { self.width($0[column]) }.max() ?? 0)
    }
    func padded(_ text: String, _ width: Int, in column: Int) -> String {
      let padding = String(repeating: " ", count: widths[column] - width)
      return columns[column].alignment == .left ? text + padding : padding + text
    }
    func trimmed(_ line: String) -> String {
      var line = line
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let last = columns.count - 1
    let indent = widths.dropLast().reduce(2) { $0 + $1 + 2 }
    let header = columns.indices.map { column in
      padded(faint(columns[column].title), columns[column].title.displayWidth, in: column)
    }
    return trimmed("  " + header.joined(separator: "  "))
      + rows.map { row in
        let cells = row.indices.map { padded(text(row[$0]), self.width(row[$0]), in: $0) }
        guard let width, last >= 0, columns[last].alignment == .left,
          indent + self.width(row[last]) > width, indent + Self.narrowest <= width
        else { return trimmed("  " + cells.joined(separator: "  ")) }
        return line(
          "  " + cells.dropLast().map { $0 + "  " }.joined(), row[last], indent: indent,
          startWidth: indent)
      }.joined()
  }

  /// As `line`, where the beginning has colours and takes `startWidth` columns.
  private func line(
    _ start: String, _ cell: ReportDocument.Cell, indent: Int, startWidth: Int
  ) -> String {
    let blank = String(repeating: " ", count: startWidth)
    return start + line(blank, cell, indent: indent).dropFirst(startWidth)
  }

  private func colored(_ text: String, _ tone: ReportDocument.Tone) -> String {
    guard isForTerminal, let color = color(tone) else { return text }
    return "\u{1B}[\(color)m\(text)\u{1B}[0m"
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

// MARK: For pull requests

extension ReportDocument {
  /// The report in GitHub's Markdown.
  public var markdown: String {
    blocks(at: .normal).map { block in
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
      case .figure(let figure):
        "*\(Self.escaped(figure.title))*: \(Self.escaped(figure.summary))\n\n"
      case .told: ""
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
