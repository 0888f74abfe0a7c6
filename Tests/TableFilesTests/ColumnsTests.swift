import DataTables
import InputReading
import TestSupport
import Testing

@testable import TableFiles

@Suite struct ColumnsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let tabs = {
    var layout = TableLayout()
    layout.separator = .tab
    return layout
  }()

  private var file: String { folder.path + "/table" }

  /// The score that stands in a cell.
  private func score(_ cell: String) throws -> Double {
    let path = try folder.write("label\tscore\n0\t\(cell)\n", to: "table")
    return try #require(
      try PredictionFile(path: path, layout: Self.tabs).rows.classTable?.scores?.first)
  }

  private func classes(_ rows: String) throws -> PredictionTable {
    let path = try folder.write("label,prediction\n\(rows)", to: "table")
    return try #require(PredictionFile(path: path).rows.classTable)
  }

  private func cell(_ row: Int, _ column: String) -> Place {
    Place(file, .row(row, column: column))
  }

  // MARK: Numbers

  @Test(arguments: [
    ("0", 0.0), ("1", 1), ("-1", -1), ("+1.5", 1.5), (" 2 ", 2), (".5", 0.5), ("5.", 5),
    ("-.5", -0.5), ("+.5", 0.5),
    ("1e5", 1e5), ("1E+05", 1e5), ("1e-5", 1e-5), ("007", 7), ("0.1", 0.1),
    ("0.30000000000000004", 0.1 + 0.2),
    ("1e-400", 0), ("-1e-400", -0.0), ("-0", -0.0), ("0e999999999999", 0),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("4.9e-324", .leastNonzeroMagnitude), ("2.4703282292062327e-324", 0), ("\"3\"", 3),
    ("\" 3 \"", 3),
    ("123456789012345678901", 123_456_789_012_345_683_968),
    ("9007199254740993", 9_007_199_254_740_992),
    ("0.49999999999999994", 0.49999999999999994), ("1.00000000000000011102230246251565", 1),
  ])
  func decimalNumbersAreTheNearestDouble(cell: String, value: Double) throws {
    let score = try score(cell)
    #expect(score == value && score.sign == value.sign)
  }

  @Test(arguments: [
    "0x10", "1_000", "1,5", "1 000", "50%", "abc", "1e", "e5", "1e+", ".", "-", "+", "--1", "+-1",
    "-+1", "++1", "1.2.3",
    "1a", "１", "١", "1\u{A0}", "\u{A0}1", "½", "1f", "1d0", "0b1", "1e5.5", "null", "None", "NA",
    "true", "$1", "'1'", "1\r2", "∞",
    "1e", "infi", "nano", "i", "- 1",
  ])
  func otherTextIsNoNumber(cell: String) {
    #expect(throws: TableError.notANumber(self.cell(1, "score"), found: cell, .text, count: 1)) {
      try score(cell)
    }
  }

  @Test(arguments: [
    "inf", "-inf", "+Inf", "infinity", "-Infinity", "INF", "nan", "NaN", "-nan", "+NAN",
  ])
  func notFiniteNumbersAreRefused(cell: String) {
    #expect(throws: TableError.notANumber(self.cell(1, "score"), found: cell, .notFinite, count: 1))
    {
      try score(cell)
    }
  }

  @Test(arguments: [
    "1e400", "-1e400", "1e309", "1.7976931348623159e308", "1e999999999999999999999",
  ])
  func overflowsAreRefused(cell: String) {
    #expect(throws: TableError.notANumber(self.cell(1, "score"), found: cell, .overflow, count: 1))
    {
      try score(cell)
    }
  }

  @Test(arguments: ["", " ", "\"\"", "\"  \""])
  func emptyCellsAreRefused(cell: String) throws {
    let found = cell.filter { $0 != "\"" }
    #expect(throws: TableError.notANumber(self.cell(1, "score"), found: found, .empty, count: 1)) {
      try score(cell)
    }
  }

  @Test func theFirstFaultIsNamedAndAllAreCounted() throws {
    let path = try folder.write("label,score\n0,0.1\n1,nan\n0,x\n1,\n0,0.2\n", to: "table")
    #expect(throws: TableError.notANumber(cell(2, "score"), found: "nan", .notFinite, count: 3)) {
      try PredictionFile(path: path)
    }
  }

  @Test func faultsBehindTheFirstBlockAreNamed() throws {
    // Rows of 22 bytes: the fault lies in the third block.
    let good = String(repeating: "0,0.1234567890123456\n", count: 100_000)
    let path = try folder.write("label,score\n\(good)1,oops\n0,1\n1,\n", to: "table")
    #expect(throws: TableError.notANumber(cell(100_001, "score"), found: "oops", .text, count: 2)) {
      try PredictionFile(path: path)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func writtenDoublesAreReadBack(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let numbers = (0..<200).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
    let path = try folder.write(
      "label,score\n" + numbers.map { "0,\($0)\n" }.joined(), to: "table")
    let scores = try PredictionFile(path: path).rows.classTable?.scores
    #expect(scores?.map(\.bitPattern) == numbers.map(\.bitPattern), "seed \(seed)")
  }

  // MARK: Labels

  @Test func labelsAreCanonical() throws {
    let table = try classes("1,1.0\n+1,true\n1e0,TRUE\n 1 ,\"1\"\n0,false\n-0,0.0\n")
    #expect(table.classes == [.integer(0), .integer(1)])
    #expect(table.labels == [1, 1, 1, 1, 0, 0])
    #expect(table.predictions == [1, 1, 1, 1, 0, 0])
  }

  @Test func quotedLabelsKeepTheirBlanks() throws {
    let table = try classes("\" a\", a\na,\"a \"\n")
    #expect(table.classes == [.text(" a"), .text("a"), .text("a ")])
    #expect(table.labels == [0, 1])
    #expect(table.predictions == [1, 2])
  }

  @Test func labelsAreSortedByValueAndByCodePoints() throws {
    #expect(try classes("10,9\n8,100\n").classes == [8, 9, 10, 100].map { .integer($0) })
    #expect(
      try classes("é,Z\na,😀\n").classes == [.text("Z"), .text("a"), .text("é"), .text("😀")])
  }

  @Test func accentedLabelsAreToldApartByCodePoints() throws {
    #expect(try classes("\u{E9},e\u{301}\n").classes == [.text("e\u{301}"), .text("\u{E9}")])
  }

  @Test(arguments: [
    ("1,1\n,0\n", 2, "label", "", Label.Fault.empty, 1),
    ("1,1\n0,  \n1,\n", 2, "prediction", "  ", .empty, 2),
    ("nan,1\n0,1\nNaN,0\n", 1, "label", "nan", .notANumber, 2),
    ("0.5,1\n0,1\n", 1, "label", "0.5", .fractional, 1),
    ("0,1\n1e99,1\n", 2, "label", "1e99", .overflow, 1),
  ])
  func cellsThatAreNoLabelsAreRefused(
    rows: String, row: Int, column: String, found: String, fault: Label.Fault, count: Int
  ) {
    #expect(throws: TableError.notALabel(cell(row, column), found: found, fault, count: count)) {
      try classes(rows)
    }
  }

  /// Whole numbers beyond the limit in both columns are numbers.
  @Test func wholeNumbersBeyondTheLimitAreNumbers() throws {
    var limits = Limits.standard
    limits.classCount = 3
    let path = try folder.write("label,prediction\n1,1\n2,2\n3,3\n4,5\n", to: "table")
    let rows = try PredictionFile(path: path, limits: limits).rows
    #expect(rows.numberTable?.targets == [1, 2, 3, 4])
    #expect(rows.numberTable?.predictions == [1, 2, 3, 5])
  }

  @Test func labelsBeyondTheLimitAreRefused() throws {
    var limits = Limits.standard
    limits.classCount = 3
    let path = try folder.write("label,prediction\na,a\nb,b\nc,c\nd,d\n", to: "table")
    #expect(throws: TableError.tooManyClasses(cell(1, "label"), limit: 3)) {
      try PredictionFile(path: path, limits: limits)
    }
    let three = try folder.write("label,prediction\n1,3\n2,2\n", to: "table")
    #expect(try PredictionFile(path: three, limits: limits).rows.classTable?.classes.count == 3)
    let four = try folder.write("label,prediction\n1,3\n2,4\n", to: "table")
    #expect(throws: TableError.tooManyClasses(Place(four), limit: 3)) {
      try PredictionFile(path: four, limits: limits)
    }
  }
}
