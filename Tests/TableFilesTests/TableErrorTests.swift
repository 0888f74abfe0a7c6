import DataTables
import InputReading
import TableFiles
import Testing

@Suite struct TableErrorTests {
  private static let place = Place("p.csv")
  private static let row = Place("p.csv", .row(3, column: nil))
  private static let cell = Place("p.csv", .row(3, column: "score"))

  @Test(
    arguments: [
      (.input(.notFound("p.csv")), "p.csv: no such file; check the path"),
      (
        .heldWhole(place),
        "p.csv: is held in memory as a whole, whatever is to be put aside on disk; leave --memory out, "
          + "or give it as CSV, JSON Lines or Parquet"
      ),
      (.empty(place), "p.csv: is empty; a table has a header line and at least one row"),
      (.noRows(place), "p.csv: has a header and no data rows; give at least one row"),
      (
        .notDelimited(place, kind: "a Parquet file"),
        "p.csv: is a Parquet file, not delimited text; give it as plain CSV"
      ),
      (
        .raggedRow(row, found: 5, expected: 2),
        "p.csv: row 3: has 5 fields where 2 belong; quote fields with separators in them"
      ),
      (
        .raggedRow(row, found: 1, expected: 2),
        "p.csv: row 3: has 1 field where 2 belong; remove blank lines or mend the row"
      ),
      (
        .textAfterQuote(row),
        "p.csv: row 3: goes on behind a closing quote; double the quotes inside a field"
      ),
      (.unterminatedQuote(row), "p.csv: row 3: has a quote that does not end; close the quote"),
      (.nulByte(row), "p.csv: row 3: holds a NUL byte; give the table as text"),
      (.notUTF8(row), "p.csv: row 3: is not UTF-8; save the file as UTF-8"),
      (
        .rowTooLong(row, limit: 9),
        "p.csv: row 3: is longer than 9 bytes; look for a quote that does not end"
      ),
      (.tooManyColumns(place, limit: 9), "p.csv: has more than 9 columns"),
      (
        .noSuchColumn(place, name: "x", columns: ["a", "b"]),
        "p.csv: has no column 'x'; its columns are 'a', 'b'"
      ),
      (
        .columnNameTwice(place, name: "x"),
        "p.csv: has two columns named 'x'; give columns names of their own"
      ),
      (
        .ambiguousColumn(place, option: "--label-column", candidates: ["label", "y"]),
        "p.csv: several columns could be meant: 'label', 'y'; name one with --label-column"
      ),
      (
        .notANumber(cell, found: "x", .text, count: 1),
        "p.csv: row 3, column 'score': 'x' is not a number; write a decimal number"
      ),
      (
        .notANumber(cell, found: "nan", .notFinite, count: 4),
        "p.csv: row 3, column 'score': 'nan' is not a finite number (4 such cells in the column); "
          + "write a decimal number"
      ),
      (
        .notANumber(cell, found: "1e400", .overflow, count: 1),
        "p.csv: row 3, column 'score': '1e400' is too large for a double; write it in the range of doubles"
      ),
      (
        .notANumber(cell, found: "", .empty, count: 1),
        "p.csv: row 3, column 'score': the cell is empty where a number belongs; write a decimal number"
      ),
      (
        .negativeWeight(cell, found: "-1.0", count: 2),
        "p.csv: row 3, column 'score': the weight -1.0 is negative (2 such cells in the column); "
          + "weights are 0 or more"
      ),
      (
        .notALabel(cell, found: "", .empty, count: 1),
        "p.csv: row 3, column 'score': the label is empty; every row needs a label"
      ),
      (
        .notALabel(cell, found: "0.5", .fractional, count: 1),
        "p.csv: row 3, column 'score': '0.5' is a fraction where a class label belongs; "
          + "labels are whole numbers or text"
      ),
      (
        .probabilityColumnCount(place, columns: 1, labels: 2),
        "p.csv: 1 probability column for 2 labels; give one for each class, in the order of the classes"
      ),
      (
        .differentLengths(place, rows: 1, other: "l.csv", otherRows: 2),
        "p.csv: has 1 row where l.csv has 2; give files of the same rows"
      ),
      (
        .unusedIDs(place, column: "id"),
        "p.csv: both files have a column 'id'; match rows by it with --id-column id"
      ),
      (
        .duplicateID(row, id: "a", count: 1),
        "p.csv: row 3: the id 'a' stands in an earlier row too; give each row once"
      ),
      (
        .unknownID(row, id: "a", other: "l.csv", count: 1),
        "p.csv: row 3: the id 'a' is not in l.csv; give both files the same rows"
      ),
    ] as [(TableError, String)])
  func errorsTellThePlaceAndTheMend(error: TableError, line: String) {
    #expect(error.diagnostic.description == line)
  }

  @Test func longListsAreCut() {
    let columns = (1...30).map { "c\($0)" }
    let line = TableError.noLabelColumn(Self.place, columns: columns).diagnostic.description
    #expect(line.contains("'c20', …;") && !line.contains("c21"))
    #expect(line.hasSuffix("name one with --label-column, or give the labels' file with --labels"))
  }

  @Test func optionsAreNamedWhereTheyMend() {
    let hints = [
      (TableError.nothingToEvaluate(Self.place, columns: []), "--score-column"),
      (.predictionsAreScores(Self.cell, found: "0.5"), "--score-column"),
      (.tooManyClasses(Self.place, limit: 5), "--label-column"),
    ]
    for (error, option) in hints {
      #expect(error.diagnostic.hint?.contains(option) == true, "\(error)")
    }
  }

  @Test func textOfTheFileIsEscaped() {
    let error = TableError.notANumber(
      Self.cell, found: "\u{1B}[2J\u{202E}", .text, count: 1)
    #expect(error.diagnostic.description.contains(#"'\u{1B}[2J\u{202E}' is not a number"#))
  }
}
