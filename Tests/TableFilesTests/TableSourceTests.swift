import DataTables
import Foundation
import InputReading
import TestSupport
import Testing

@testable import TableFiles

@Suite struct TableSourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  // MARK: Several files

  @Test func filesAndFoldersAndPatternsAreOneTable() throws {
    let parts = try folder.makeFolder("parts")
    let first = try folder.write("label,score\n1,0.75\n", to: "parts/a.csv")
    let second = try folder.write("score,label\n0.25,0\n0.5,1\n", to: "parts/b.csv")
    _ = try folder.write("", to: "parts/_SUCCESS")
    for paths in [
      [first, second], [parts], [parts + "/*.csv"], [parts + "/a.csv", parts + "/b*"],
    ] {
      let file = try PredictionFile(.files(paths, TableLayout()))
      #expect(file.rows.classTable?.scores == [0.75, 0.25, 0.5], "\(paths)")
      #expect(file.rows.classTable?.labels == [1, 0, 1])
    }
  }

  @Test func rowsOfSeveralFilesAreToldByTheirFile() throws {
    let first = try folder.write("label,score\n1,0.75\n0,0.5\n", to: "a.csv")
    let second = try folder.write("label,score\n0,0.5\n0,x\n", to: "b.csv")
    #expect(
      throws: TableError.notANumber(
        Place(second, .row(2, column: "score")), found: "x", .text, count: 1)
    ) { try PredictionFile(.files([first, second], TableLayout())) }
    let ragged = try folder.write("label,score\n0,0.5\n0\n", to: "c.csv")
    #expect(
      throws: TableError.raggedRow(Place(ragged, .row(2, column: nil)), found: 1, expected: 2)
    ) {
      try PredictionFile(.files([first, ragged], TableLayout()))
    }
    let other = try folder.write("label,p\n0,0.5\n", to: "d.csv")
    #expect(
      throws: TableError.otherColumns(Place(other), first: first, columns: ["label", "p"])
    ) { try PredictionFile(.files([first, other], TableLayout())) }
  }

  @Test func emptyFoldersAndPatternsAreRefused() throws {
    #expect(throws: TableError.input(.isFolder(folder.path))) {
      try PredictionFile(path: folder.path)
    }
    #expect(throws: TableError.input(.notFound(folder.path + "/*.csv"))) {
      try PredictionFile(path: folder.path + "/*.csv")
    }
  }

  // MARK: Batch transform

  @Test func outputsWithoutAHeaderHaveTheirLabelsApart() throws {
    let labels = TableInput(path: try folder.write("label\n1\n0\n1\n", to: "labels.csv"))
    let scores = try folder.write("0.93\n0.25\n7.5e-01\n", to: "rows.csv.out")
    let file = try PredictionFile(TableInput(path: scores), labels: labels)
    #expect(file.usedColumns.map(\.role) == ["label", "score"])
    #expect(file.rows.classTable?.scores == [0.93, 0.25, 0.75])
    let classes = try folder.write("1\n0\n0\n", to: "classes.out")
    let predicted = try PredictionFile(TableInput(path: classes), labels: labels)
    #expect(predicted.rows.classTable?.predictions == [1, 0, 0])
    let probabilities = try folder.write("0.25,0.75\n0.5,0.5\n0,1\n", to: "many.out")
    let many = try PredictionFile(TableInput(path: probabilities), labels: labels)
    #expect(many.rows.classTable?.probabilities == [0.25, 0.75, 0.5, 0.5, 0, 1])
  }

  // MARK: Rows left out

  @Test func invalidRowsAreLeftOutWhereThatIsAsked() throws {
    let path = try folder.write(
      "label,score,w\n1,0.5,1\n,0.25,1\n0,x,1\n1,0.75,-1\n0,nan,nan\n0,0.125,2\n")
    var columns = PredictionColumns()
    columns.weight = "w"
    let file = try PredictionFile(TableInput(path: path), columns: columns, dropsInvalidRows: true)
    #expect(file.rows.classTable?.scores == [0.5, 0.125])
    #expect(file.rows.classTable?.labels == [1, 0])
    #expect(file.rows.classTable?.weights == [1, 2])
    #expect(
      file.warnings == ["4 of 6 rows are left out: a cell of each is no number or label"])
    let none = try folder.write("label,score\n1,x\n,1\n")
    #expect(throws: TableError.allRowsInvalid(Place(none), count: 2)) {
      try PredictionFile(TableInput(path: none), dropsInvalidRows: true)
    }
  }

  @Test func invalidRowsAreLeftOutOfLongFiles() throws {
    let rows = (0..<40_000).map { "\($0 % 2),\($0 % 100 == 7 ? "nan" : "\($0)")\n" }
    let path = try folder.write("label,score\n" + rows.joined())
    let file = try PredictionFile(TableInput(path: path), dropsInvalidRows: true)
    let kept = (0..<40_000).filter { $0 % 100 != 7 }
    #expect(file.rows.classTable?.scores == kept.map(Double.init))
    #expect(file.rows.classTable?.labels == kept.map { Int32($0 % 2) })
  }

  @Test func labelsWithoutPredictionsAreWarnedOf() throws {
    let predictions = try folder.write("id,score\nb,0.25\na,0.75\n", to: "p.csv")
    let labels = try folder.write("id,label\na,1\nb,0\nc,1\n", to: "l.csv")
    var columns = PredictionColumns()
    columns.id = "id"
    let file = try PredictionFile(
      TableInput(path: predictions), columns: columns, labels: TableInput(path: labels))
    #expect(file.warnings == ["1 of 3 labels in \(labels) have no prediction"])
  }

  @Test func separatorsMayBeNamed() throws {
    var layout = TableLayout()
    layout.separator = .byte(UInt8(ascii: "|"))
    let path = try folder.write("label|score\n1|0.5\n0|0.25\n")
    #expect(try PredictionFile(path: path, layout: layout).rows.classTable?.scores == [0.5, 0.25])
  }

  // MARK: DuckDB

  /// Whether a library of DuckDB's is on this machine, as `Scripts/setup --with-duckdb` brings it.
  static let hasDuckDB =
    (try? DuckDBLibrary.open(environment: ProcessInfo.processInfo.environment)) != nil

  @Test(.enabled(if: hasDuckDB)) func parquetFilesAreRead() throws {
    let path = dataset("Tables/table.parquet")
    let table = try #require(try PredictionFile(path: path).rows.classTable)
    #expect(table.classes == [.text("no"), .text("yes")])
    #expect(table.labels == [1, 0, 1, 0])
    #expect(table.scores == [0.9, 0.2, 0.7, 0.4])
    for (label, score) in [
      ("number", "decimal"), ("flag", "quoted \"name\""), ("decimal", "large"),
    ] {
      var columns = PredictionColumns()
      columns.label = label
      columns.score = score
      let other = try #require(try PredictionFile(path: path, columns: columns).rows.classTable)
      #expect(other.classes == [.integer(0), .integer(1)], "\(label)")
      #expect(other.labels == [1, 0, 1, 0], "\(label)")
    }
    var columns = PredictionColumns()
    columns.score = "gap"
    #expect(
      throws: TableError.notANumber(
        Place(path, .row(2, column: "gap")), found: "", .empty, count: 1)
    ) { try PredictionFile(path: path, columns: columns) }
    let dropped = try PredictionFile(
      TableInput(path: path), columns: columns, dropsInvalidRows: true)
    #expect(dropped.rows.classTable?.scores == [0.5, 0.25, 0.125])
    let features = try FeatureFile(path: path)
    let index = try features.index(of: "gap", option: "")
    let values = try features.read(features: [index]).features.values
    #expect(values.map { $0.isNaN ? -1 : $0 } == [0.5, -1, 0.25, 0.125])
  }

  @Test(.enabled(if: hasDuckDB)) func foldersOfParquetAreRead() throws {
    let file = try PredictionFile(path: dataset("Tables/parts"))
    #expect(file.rows.classTable?.scores == [0.9, 0.2, 0.7, 0.4])
  }

  @Test(.enabled(if: hasDuckDB)) func queriesAreAnswered() throws {
    let path = dataset("Tables/table.parquet")
    let file = try PredictionFile(
      .query("SELECT label, score * 0.5 AS score FROM '\(path)' WHERE score > 0.3 ORDER BY score; ")
    )
    #expect(file.rows.classTable?.scores == [0.2, 0.35, 0.45])
    #expect(file.rows.classTable?.labels == [0, 1, 1])
  }

  @Test(
    .enabled(if: hasDuckDB),
    arguments: [
      "DELETE FROM t", "CREATE TABLE t (a INT)", "COPY (SELECT 1) TO '/dev/null'",
      "SELECT 1; SELECT 2",
      "SELECT 1 AS label) t; COPY (SELECT 1) TO '/dev/null'; SELECT * FROM (SELECT 1",
      "SELECT missing FROM nowhere", "nonsense", "",
      "INSTALL httpfs", "PRAGMA version",
    ])
  func onlyOneSelectRuns(sql: String) throws {
    let error = #expect(throws: TableError.self) { try PredictionFile(.query(sql)) }
    // What is wrong, without a drawing of the query.
    let message = try #require(error).diagnostic.message
    #expect(!message.contains("LINE") && !message.contains { $0.isNewline })
  }

  @Test func withoutDuckDBTheErrorSaysWhatBringsIt() throws {
    do {
      _ = try DuckDBLibrary.open(environment: ["HOME": folder.path])
    } catch let error {
      #expect(
        error.diagnostic.description.hasSuffix(
          "bring it with: python3 -m pip install --target ~/.local/share/assay duckdb"))
    }
  }
}
