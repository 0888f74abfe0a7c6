internal import InputReading

/// A report as one HTML file, which needs no network and no script.
public struct Page: Sendable {
  /// Where a page's content comes from.
  public struct Provenance: Sendable {
    /// A file that was read.
    public struct Input: Hashable, Sendable {
      /// Its path.
      public let path: String
      /// Its length in bytes; `nil` of what is no file, such as a pipe or a folder.
      public let size: Int?
      /// The SHA-256 of its bytes, in hexadecimal digits; `nil` of what is no file.
      public let sha256: String?

      /// Describes a file by its bytes.
      public init(path: String) {
        self.path = path
        let found = FileKind(path: path) == .file ? try? SHA256.hex(ofFile: path) : nil
        size = found?.size
        sha256 = found?.digest
      }
    }

    /// The command line, as a shell takes it.
    public var commandLine: String
    /// The programs and libraries that took part, with their versions.
    public var versions: [(name: String, version: String)]
    /// The files that were read.
    public var inputs: [Input]

    /// Creates the provenance of a page.
    public init(
      commandLine: String, versions: [(name: String, version: String)] = [], inputs: [Input] = []
    ) {
      self.commandLine = commandLine
      self.versions = versions
      self.inputs = inputs
    }
  }

  private let title: String
  private let document: ReportDocument
  private let provenance: Provenance?

  /// Creates a page.
  ///
  /// - Parameters:
  ///   - title: What it is about.
  ///   - document: What it says, everything that is known.
  ///   - provenance: Where that comes from.
  public init(title: String, document: ReportDocument, provenance: Provenance? = nil) {
    self.title = title
    self.document = document
    self.provenance = provenance
  }

  /// The page's text.
  public var html: String {
    var blocks = document.blocks(at: .verbose)
    if let provenance { blocks += provenance.blocks }
    var drawn = 0
    var sections: [Section] = [Section()]
    for block in blocks {
      if case .heading(let title) = block {
        sections.append(Section(heading: title.printable, id: "section-\(sections.count)"))
        continue
      }
      sections[sections.count - 1].append(block, drawn: &drawn)
    }
    let content = Content(
      title: title.printable, style: PageTemplate.style + FigureStyle.page,
      sections: sections.filter { !$0.parts.isEmpty })
    return PageTemplate.page(content)
  }
}

extension Page.Provenance {
  fileprivate var blocks: [ReportDocument.Block] {
    var blocks: [ReportDocument.Block] = [
      .heading("Where this comes from"),
      .facts(
        [("Command", ReportDocument.Cell(commandLine))]
          + versions.map { ($0.name, ReportDocument.Cell($0.version)) }),
    ]
    if !inputs.isEmpty {
      blocks.append(
        .table(
          columns: [("file", .left), ("bytes", .right), ("SHA-256", .left)],
          rows: inputs.map {
            [
              ReportDocument.Cell($0.path), ReportDocument.Cell($0.size.map { "\($0)" } ?? "–"),
              ReportDocument.Cell($0.sha256 ?? "no file"),
            ]
          }))
    }
    return blocks
  }
}

// MARK: What the templates are given

/// A page as its template takes it.
private struct Content {
  let title: String
  let style: String
  let sections: [Section]
}

/// What stands under a heading.
private struct Section {
  var heading: String?
  var id = "section-0"
  var parts: [Part] = []

  /// Adds a block; figures that follow each other stand side by side.
  mutating func append(_ block: ReportDocument.Block, drawn: inout Int) {
    guard case .figure(let figure) = block else {
      parts.append(Part(block, in: heading ?? "table"))
      return
    }
    drawn += 1
    let picture = Picture(figure, id: "figure-\(drawn)")
    if let last = parts.indices.last, parts[last].figures != nil {
      parts[last].figures?.pictures.append(picture)
    } else {
      parts.append(Part(figures: Pictures(pictures: [picture])))
    }
  }
}

/// One of the kinds of blocks.
private struct Part {
  var facts: Items<Fact>?
  var table: Table?
  var list: Items<Words>?
  var conclusion: Fact?
  var figures: Pictures?

  init(figures: Pictures) { self.figures = figures }

  init(_ block: ReportDocument.Block, in heading: String) {
    switch block {
    case .facts(let facts):
      self.facts = Items(items: facts.map { Fact(name: $0.name, value: Words($0.value)) })
    case .table(let columns, let rows): table = Table(columns, rows, label: heading)
    case .list(let sentences): list = Items(items: sentences.map { Words($0) })
    case .conclusion(let name, let value): conclusion = Fact(name: name, value: Words(value))
    case .heading, .figure, .told: break
    }
  }
}

private struct Items<Item> {
  let items: [Item]
}

private struct Fact {
  let name: String
  let value: Words
}

/// A cell's text with the class that colours it, and the symbol that says the same without colours.
private struct Words {
  let text: String
  let tone: String
  let symbol: String?
  let alignment: String

  init(_ cell: ReportDocument.Cell, alignment: String = "words") {
    text = cell.text
    self.alignment = alignment
    (tone, symbol) =
      switch cell.tone {
      case .good: ("good", "✓")
      case .bad: ("bad", "✗")
      case .doubtful: ("doubtful", "?")
      case .plain: ("plain", nil)
      }
  }
}

private struct Table {
  struct Column {
    let title: String
    let alignment: String
  }

  struct Row {
    let first: Words
    let others: [Words]
  }

  let label: String
  let columns: [Column]
  let rows: [Row]

  init(
    _ columns: [(title: String, alignment: ReportDocument.Alignment)],
    _ rows: [[ReportDocument.Cell]], label: String
  ) {
    let alignments = columns.map { $0.alignment == .right ? "number" : "words" }
    self.label = label
    self.columns = zip(columns, alignments).map {
      Column(title: $0.title.printable, alignment: $1)
    }
    self.rows = rows.compactMap { row in
      let cells = zip(row, alignments).map { Words($0, alignment: $1) }
      return cells.first.map { Row(first: $0, others: Array(cells.dropFirst())) }
    }
  }
}

private struct Pictures {
  var pictures: [Picture]
}

private struct Picture {
  let svg: String
  let caption: String
  let summary: String
  let values: Table?

  init(_ figure: Figure, id: String) {
    svg = SVGDrawing(figure, id: id).inline
    caption = figure.title.printable
    summary = figure.summary.printable
    values = figure.values.map { Table($0.columns, $0.rows, label: figure.title.printable) }
  }
}
