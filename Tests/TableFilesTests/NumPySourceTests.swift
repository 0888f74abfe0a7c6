import DataTables
import InputReading
import TestSupport
import Testing

@testable import TableFiles

@Suite struct NumPySourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func array(_ name: String) throws -> NumPyArray {
    try NumPyArray(datasetBytes("Tables/\(name)"), at: Place(name), limits: .standard)
  }

  /// The cells as `arrays.json` has them.
  private func texts(_ cells: TypedCells) -> [String] {
    if case .numbers(let numbers) = cells.values { return numbers.map { "\($0)" } }
    return (0..<cells.count).map { cells.text(at: $0) }
  }

  @Test func arraysHoldWhatNumPyWrote() throws {
    // Datasets/Tables/arrays.json, written by Makers/make_tables.py (NumPy 2.5.5).
    let document = try JSONDocument(path: dataset("Tables/arrays.json"))
    let cases = try #require(document.root["cases"]?.array)
    #expect(cases.count == 30)
    for sample in cases {
      let name = try #require(sample["file"]?.string)
      let expected = try #require(sample["columns"]?.array).map { column in
        (column.array ?? []).map { cell -> String in
          switch cell.content {
          case .number(let number): number.text
          case .bool(let truth): "\(truth)"
          default: cell.string ?? ""
          }
        }
      }
      let columns = try array(name).columns.map(texts)
      // Digits of floats are written by two programs in two ways.
      let isEqual = zip(columns, expected).allSatisfy { found, expected in
        found.count == expected.count
          && zip(found, expected).allSatisfy {
            $0 == $1 || Double($0) == Double($1) && Double($1) != nil
          }
      }
      #expect(isEqual && columns.count == expected.count, "\(name): \(columns)")
    }
    #expect(texts(try array("version2.npy").columns[0]) == ["0.5", "0.25"])
  }

  @Test(arguments: [
    ("objects.npy", "Python objects"), ("cube.npy", "3 dimensions"), ("complex.npy", "'<c16'"),
    ("records.npy", "several types"),
  ])
  func otherArraysAreRefusedByName(name: String, reason: String) throws {
    do {
      _ = try array(name)
      Issue.record("\(name) is read")
    } catch let error as TableError {
      #expect(error.diagnostic.description.contains(reason))
    }
  }

  @Test(arguments: ["f8le.npy", "textbe.npy", "fortran.npy", "version2.npy"])
  func damagedArraysNeverTrap(name: String) throws {
    let bytes = try datasetBytes("Tables/\(name)")
    for count in bytes.indices {
      #expect(throws: TableError.self, "\(count) bytes") {
        try NumPyArray(Array(bytes[..<count]), at: Place(name), limits: .standard)
      }
    }
    var random = SplitMix64(seed: 3)
    for _ in 0..<1_000 {
      var damaged = bytes
      damaged[Int.random(in: 0..<bytes.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? NumPyArray(damaged, at: Place(name), limits: .standard)
    }
  }

  @Test(arguments: ["stored.npz", "deflated.npz"])
  func membersOfAnArchiveAreColumns(name: String) throws {
    var columns = PredictionColumns()
    let table = try #require(
      try PredictionFile(path: dataset("Tables/\(name)")).rows.classTable)
    #expect(table.scores == [0.1, 0.9, 0.6, 0.4])
    #expect(table.labels == [0, 1, 1, 0])
    columns.probabilities = ["p"]
    let many = try PredictionFile(path: dataset("Tables/\(name)"), columns: columns)
    #expect(many.rows.classTable?.probabilities?.count == 8)
    #expect(many.usedColumns.map(\.name) == ["label", "p.0", "p.1"])
  }

  @Test func cutArchivesAreRefused() throws {
    let bytes = try datasetBytes("Tables/deflated.npz")
    for count in stride(from: 4, to: bytes.count, by: 7) {
      let path = try folder.write(bytes[..<count], to: "cut.npz")
      #expect(throws: TableError.self, "\(count) bytes") { try PredictionFile(path: path) }
    }
  }

  /// A lone array needs its labels in a second file; what it holds tells what it is.
  @Test func loneArraysAreScoresOrPredictions() throws {
    let labels = try folder.write("label\n1\n0\n1\n0\n1\n0\n", to: "labels.csv")
    let scores = try PredictionFile(path: dataset("Tables/f8le.npy"), labelPath: labels)
    #expect(scores.usedColumns.map(\.role) == ["label", "score"])
    let predictions = try PredictionFile(path: dataset("Tables/u4be.npy"), labelPath: labels)
    #expect(predictions.usedColumns.map(\.role) == ["label", "prediction"])
    #expect(throws: TableError.noLabelColumn(Place(dataset("Tables/f8le.npy")), columns: ["1"])) {
      try PredictionFile(path: dataset("Tables/f8le.npy"))
    }
    let four = try folder.write("label\n0\n1\n2\n0\n", to: "four.csv")
    let rows = try PredictionFile(path: dataset("Tables/matrix.npy"), labelPath: four)
    #expect(rows.usedColumns.map(\.role) == ["label", "probability", "probability", "probability"])
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    let labels = try folder.write("label\n1\n0\n1\n0\n", to: "labels.csv")
    let path = dataset("Tables/special.npy")
    #expect(
      throws: TableError.notANumber(
        Place(path, .row(1, column: "1")), found: "nan", .notFinite, count: 3)
    ) { try PredictionFile(path: path, labelPath: labels) }
  }

  @Test func arraysAreFeatures() throws {
    for name in ["matrix.npy", "fortran.npy", "fortran-be.npy"] {
      let file = try FeatureFile(path: dataset("Tables/\(name)"))
      #expect(file.columns == ["1", "2", "3"])
      let features = try file.read(features: [0, 1, 2]).features
      #expect(features.values == (0..<12).map { Double($0) / 8 }, "\(name)")
    }
    let values = try FeatureFile(path: dataset("Tables/special.npy")).columns
    #expect(values == ["1"])
  }
}
