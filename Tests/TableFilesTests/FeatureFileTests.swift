import DataTables
import InputReading
import TableFiles
import TestSupport
import Testing

@Suite struct FeatureFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ text: String) throws -> String { try folder.write(text, to: "features.csv") }

  @Test func columnsAreChosenAfterOpening() throws {
    let path = try write("id,b,label,a\nx,1,yes,2\n y,3,no,4\n")
    let file = try FeatureFile(path: path)
    let (columns, place) = (file.columns, file.place)
    let a = try file.index(of: "a", option: "--features")
    let label = try file.usualLabelIndex()
    let rows = try file.read(features: [a, 1], labels: label, texts: [0, 3])
    #expect(columns == ["id", "b", "label", "a"])
    #expect(place == Place(path))
    #expect(
      rows.features == FeatureMatrix(names: ["a", "b"], values: [2, 1, 4, 3], columnCount: 2))
    #expect(rows.labels?.classes == [.text("no"), .text("yes")])
    #expect(rows.labels?.codes == [1, 0])
    #expect(rows.texts == [["x", " y"], ["2", "4"]])
  }

  // MARK: Rows that are passed on

  private static let manyRows = 30_000

  private func manyLines(_ change: (Int) -> String? = { _ in nil }) -> String {
    let lines = (1...Self.manyRows).map { change($0) ?? "\($0),n\($0 % 7),\(Double($0) / 8)" }
    return "a,word,b\n" + lines.joined(separator: "\n") + "\n"
  }

  @Test func rowsArePassedOnInOrderWhileOthersAreKept() throws {
    let file = try FeatureFile(path: write(manyLines()))
    var a: [Double] = []
    var words: [String] = []
    var sizes: [Int] = []
    let kept = try file.read(
      FeatureFile.Passed(features: [0], texts: [1]), texts: [2], fewestRows: 1_000
    ) { block in
      a += block.numbers[0]
      words += block.texts[0]
      sizes.append(block.rowCount)
      return true
    }
    #expect(a == (1...Self.manyRows).map(Double.init))
    #expect(words == (1...Self.manyRows).map { "n\($0 % 7)" })
    #expect(sizes.count > 1 && sizes.dropLast().allSatisfy { $0 >= 1_000 })
    #expect(kept.features.values.isEmpty && kept.texts[0].count == Self.manyRows)
  }

  @Test func readingEndsWhereNoMoreRowsAreWanted() throws {
    let file = try FeatureFile(path: write(manyLines()))
    var calls = 0
    _ = try file.read(FeatureFile.Passed(features: [0]), fewestRows: 1) { _ in
      calls += 1
      return false
    }
    #expect(calls == 1)
  }

  @Test func rowsBeforeAFaultArePassedOnAndFaultsAreCounted() throws {
    let path = try write(manyLines { $0 == 20_000 || $0 == 29_999 ? "x,n,1" : nil })
    var count = 0
    let error = #expect(throws: TableError.self) {
      _ = try FeatureFile(path: path).read(FeatureFile.Passed(features: [0]), fewestRows: 100) {
        block in
        count += block.rowCount
        return true
      }
    }
    #expect(count > 0 && count < 20_000)
    #expect(
      error
        == .notANumber(
          Place(path).at(.row(20_000, column: "a")), found: "x", .text, count: 2))
  }

  @Test func missingValuesAreNaN() throws {
    let path = try write("a,b\n,nan\n NaN ,\t\n1,-0.5\n")
    let values = try FeatureFile(path: path).read(features: [0, 1]).features.values
    #expect(values.map(\.isNaN) == [true, true, true, true, false, false])
    #expect(Array(values.suffix(2)) == [1, -0.5])
  }

  @Test(arguments: [
    ("inf", TableError.NumberFault.notFinite), ("-nan", .notFinite), ("x", .text), ("0x1", .text),
    ("1e999", .overflow),
    ("NA", .text), ("null", .text),
  ])
  func otherCellsAreRefused(cell: String, fault: TableError.NumberFault) throws {
    let path = try write("a,b\n1,2\n3,\(cell)\n")
    let place = Place(path, .row(2, column: "b"))
    #expect(throws: TableError.notANumber(place, found: cell, fault, count: 1)) {
      try FeatureFile(path: path).read(features: [0, 1])
    }
  }

  @Test func columnsThatAreNotReadMayHoldAnything() throws {
    let path = try write("a,b\n1,oops\n")
    #expect(try FeatureFile(path: path).read(features: [0]).features.values == [1])
  }

  @Test func unknownColumnsAreRefused() throws {
    let path = try write("a,a,b\n1,2,3\n")
    #expect(throws: TableError.noSuchColumn(Place(path), name: "c", columns: ["a", "a", "b"])) {
      try FeatureFile(path: path).index(of: "c", option: "--label-column")
    }
    #expect(throws: TableError.columnNameTwice(Place(path), name: "a")) {
      try FeatureFile(path: path).index(of: "a", option: "--label-column")
    }
    #expect(try FeatureFile(path: path).usualLabelIndex() == nil)
    let ambiguous = try write("y,target\n1,2\n")
    #expect(throws: TableError.self) { try FeatureFile(path: ambiguous).usualLabelIndex() }
  }

  @Test func labelsAloneMayBeRead() throws {
    let path = try write("label\n1\n0\n")
    let rows = try FeatureFile(path: path).read(features: [], labels: 0)
    #expect(rows.features.columnCount == 0)
    #expect(rows.labels?.codes == [1, 0])
    #expect(rows.texts.isEmpty)
  }

  @Test func weightsAreReadAndNeverNegative() throws {
    let path = try write("a,w\n1,2\n3,0\n")
    #expect(try FeatureFile(path: path).read(features: [0], weights: 1).weights == [2, 0])
    #expect(try FeatureFile(path: path).read(features: [0]).weights == nil)
    let negative = try write("a,w\n1,2\n3,-1\n")
    let place = Place(negative, .row(2, column: "w"))
    #expect(throws: TableError.negativeWeight(place, found: "-1.0", count: 1)) {
      try FeatureFile(path: negative).read(features: [0], weights: 1)
    }
    let missing = try write("a,w\n1,nan\n")
    #expect(throws: TableError.self) {
      try FeatureFile(path: missing).read(features: [0], weights: 1)
    }
  }

  @Test func rowsMayBeTyped() throws {
    let place = Place("--row")
    let row = try FeatureFile.row("-5.1, 3.5,,nan,+1e2", names: nil, at: place)
    #expect(row.columnCount == 5 && row.rowCount == 1 && row.names == nil)
    #expect(row.values.map(\.isNaN) == [false, false, true, true, false])
    #expect([row.values[0], row.values[1], row.values[4]] == [-5.1, 3.5, 100])
    #expect(try FeatureFile.row("1,2", names: ["a", "b"], at: place).names == ["a", "b"])
    #expect(try FeatureFile.row("1,2", names: ["a"], at: place).names == nil)
  }

  @Test(arguments: [
    ("1,x", "b", "x", TableError.NumberFault.text), ("inf,1", "a", "inf", .notFinite),
    ("0x10,2", "a", "0x10", .text), ("1,1e999", "b", "1e999", .overflow),
  ])
  func faultsOfTypedRowsNameTheColumn(
    text: String, column: String, found: String, fault: TableError.NumberFault
  ) {
    let place = Place("--row", .row(1, column: column))
    #expect(throws: TableError.notANumber(place, found: found, fault, count: 1)) {
      try FeatureFile.row(text, names: ["a", "b"], at: Place("--row"))
    }
  }

  @Test func columnsWithoutAHeaderAreNamedByNumber() throws {
    var layout = TableLayout()
    layout.hasHeader = false
    let rows = try FeatureFile(path: write("1,2\n3,4\n"), layout: layout).read(features: [1, 0])
    #expect(
      rows.features == FeatureMatrix(names: ["2", "1"], values: [2, 1, 4, 3], columnCount: 2))
  }

  @Test func filesWithoutRowsAreRefused() throws {
    let path = try write("a,b\n")
    #expect(throws: TableError.noRows(Place(path))) {
      try FeatureFile(path: path).read(features: [0])
    }
    #expect(throws: TableError.input(.notFound(path + "x"))) {
      _ = try FeatureFile(path: path + "x")
    }
  }

  @Test func sampleFilesAreRead() throws {
    let file = try FeatureFile(path: dataset("breast-cancer/holdout.csv"))
    let label = try #require(try file.usualLabelIndex())
    let features = file.columns.indices.filter { $0 != label }
    let rows = try file.read(features: features, labels: label)
    #expect(rows.features.rowCount == 143)
    #expect(rows.features.columnCount == 30)
    #expect(rows.labels?.classes == [.integer(0), .integer(1)])
  }
}
