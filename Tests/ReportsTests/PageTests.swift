internal import DataTables
internal import EvaluationMetrics
internal import TestSupport
internal import Testing

@testable internal import Reports

@Suite struct PageTests {
  private var page: String {
    var document = ReportDocument()
    document.blocks = [
      .conclusion("Verdict:", .init("<script>alert(1)</script>", .bad)),
      .heading("A & B"),
      .facts([("Job", .init("a\u{1B}[31m", .good))]),
      .table(
        columns: [("name", .left), ("value", .right)],
        rows: [["{{title}}", "1"], ["\"quoted\"", .init("2", .doubtful)]]),
      .list(["one"]),
      .told(at: .verbose, [.list(["everything"])]),
      .told(at: .quiet...ReportDocument.Detail.quiet, [.list(["nothing else"])]),
    ]
    return Page(
      title: "Job <b>",
      document: document, provenance: Page.Provenance(commandLine: "assay verify 'a b'")
    ).html
  }

  @Test func whatFilesSayIsNeverMarkup() {
    #expect(page.contains("<title>Job &lt;b&gt;</title>"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!page.contains("<script"))
    #expect(!page.contains("\u{1B}"))
    // A template's marks in a file's text stay as they are.
    #expect(page.contains("{{title}}"))
    #expect(page.contains("<h2 id=\"section-1\">A &amp; B</h2>"))
  }

  @Test func aPageTellsEverything() {
    #expect(page.contains("everything"))
    #expect(!page.contains("nothing else"))
    #expect(page.contains("assay verify &#39;a b&#39;"))
  }

  @Test func aPageNeedsNothingElse() {
    for word in ["http:", "https:", "src=", "@import", "url(h"] { #expect(!page.contains(word)) }
  }
}

@Suite struct FigureTests {
  private func curves(rowCount: Int, seed: UInt64 = 1) throws -> EvaluatedCurves {
    var random = SplitMix64(seed: seed)
    let labels = (0..<rowCount).map { Int32($0 % 3 == 0 ? 1 : 0) }
    let scores = labels.map { label in
      let unit = Double(random.next() >> 11) / 9_007_199_254_740_992
      return label == 1 ? unit.squareRoot() : unit * unit
    }
    let rows = PredictionRows.classes(
      PredictionTable(classes: [.integer(0), .integer(1)], labels: labels, scores: scores))
    return try EvaluatedCurves(name: "m", evaluation: Evaluation(of: rows), rows: rows)
  }

  @Test func picturesStaySmallHoweverManyRowsThereAre() throws {
    let drawn = try curves(rowCount: 200_000)
    for kind in FigureKind.allCases {
      for figure in Figure.figures(kind, of: [drawn]) {
        let size = SVGDrawing(figure).file.utf8.count
        #expect(size < 80_000, "\(kind): \(size)")
      }
    }
  }

  @Test func pictureAndTextHaveTheSameFigures() throws {
    let drawn = try curves(rowCount: 300)
    let roc = try #require(Figure.figures(.roc, of: [drawn]).first)
    let svg = SVGDrawing(roc).file
    #expect(svg.contains("<title id=\"figure-title\">ROC curve</title>"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
    let text = TextDrawing(figure: roc, hasColors: false).lines
    #expect(text.allSatisfy { $0.displayWidth <= 80 })
    #expect(text.contains { $0.contains("AUC 0.") })
  }

  @Test func ofOneScoreThereIsStillAPicture() throws {
    let rows = PredictionRows.classes(
      PredictionTable(
        classes: [.integer(0), .integer(1)], labels: [0, 1, 1], scores: [-3, -3, -3]))
    let drawn = try EvaluatedCurves(name: "m", evaluation: Evaluation(of: rows), rows: rows)
    for kind in FigureKind.allCases {
      for figure in Figure.figures(kind, of: [drawn]) {
        let svg = SVGDrawing(figure).file
        #expect(!svg.contains("nan") && !svg.contains("inf"), "\(kind)")
        #expect(!TextDrawing(figure: figure, hasColors: true).lines.isEmpty)
      }
    }
  }

  @Test func numbersHaveFiguresOfTheirOwn() throws {
    let targets = (0..<2_000).map { Double($0 % 97) }
    let rows = PredictionRows.numbers(
      RegressionTable(targets: targets, predictions: targets.map { $0 * 0.9 + 1 }))
    let drawn = try EvaluatedCurves(name: "m", evaluation: Evaluation(of: rows), rows: rows)
    #expect(Figure.figures(.roc, of: [drawn]).isEmpty)
    #expect(Figure.figures(.predictions, of: [drawn]).count == 1)
    #expect(Figure.figures(.residuals, of: [drawn, drawn]).count == 1)
  }

  @Test(arguments: [(0.0, 1.0), (-3.0, 7.5), (0.001, 0.0013), (1e9, 4e9), (-1e-7, 1e-7)])
  func ticksAreRoundAndInside(low: Double, high: Double) {
    let ticks = Plot.Axis(title: "", range: low...high).ticks()
    #expect(ticks.count >= 2 && ticks.count <= 11)
    #expect(
      ticks.allSatisfy { low - 1e-9 * (high - low) <= $0 && $0 <= high + 1e-9 * (high - low) })
    #expect(ticks == ticks.sorted())
  }
}

@Suite struct TextWidthTests {
  @Test func wideAndCombiningCharactersAreCounted() {
    #expect("abc".displayWidth == 3)
    #expect("日本".displayWidth == 4)
    #expect("e\u{301}".displayWidth == 1)
    #expect("日本語".shortened(to: 5) == "日本…")
  }

  @Test func linesAreWrappedAtBlanks() {
    #expect("one two three".wrapped(to: 8) == ["one two", "three"])
    #expect("abcdefghij kl".wrapped(to: 4) == ["abcd", "efgh", "ij", "kl"])
    #expect("short".wrapped(to: 80) == ["short"])
  }
}
