internal import Testing

@testable internal import Reports

@Suite struct ReportDocumentTests {
  private var document: ReportDocument {
    var document = ReportDocument()
    document.blocks = [
      .facts([("Job", .init("a\u{1B}[31m", .good)), ("Artifact", "b")]),
      .heading("Table"),
      .table(
        columns: [("name", .left), ("value", .right)],
        rows: [["long name", "1"], ["x|y", .init("12345", .bad)]]),
      .list(["one", .init("two", .doubtful)]),
      .conclusion("Verdict:", .init("approved", .good)),
    ]
    return document
  }

  @Test func textIsAligned() {
    #expect(
      document.text(isForTerminal: false) == #"""
        Job       a\u{1B}[31m
        Artifact  b

        Table
          name       value
          long name      1
          x|y        12345

          one
          two

        Verdict: APPROVED

        """#)
  }

  @Test func terminalsSeeColoursAndSymbolsInTheSameColumns() {
    let text = document.text(isForTerminal: true)
    #expect(text.contains("\u{1B}[32m✓ APPROVED\u{1B}[0m"))
    #expect(
      text.contains(
        "  x|y        \u{1B}[31m✗ 12345\u{1B}[0m\n".replacing("        ", with: "        ")))
    // Nothing but the report's own escapes.
    #expect(!text.contains("a\u{1B}[31m"))
  }

  @Test func markdownEscapesItsMarks() {
    #expect(
      document.markdown == #"""
        - **Job**: a\\u{1B}\[31m
        - **Artifact**: b

        ### Table

        | name | value |
        | --- | ---: |
        | long name | 1 |
        | x\|y | 12345 |

        - one
        - two

        **Verdict: approved**

        """#)
  }
}
