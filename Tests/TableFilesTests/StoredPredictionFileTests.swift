import DataTables
import InputReading
import TableFiles
import TestSupport
import Testing

/// Prediction files read to disk against the same files read to memory.
@Suite struct StoredPredictionFileTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func expectSame(
    _ text: String, kind: PredictionFile.Kind = .found,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ choose: (inout PredictionColumns) -> Void = { _ in }
  ) throws {
    let input = TableInput(path: try folder.write(text, to: "predictions.csv"))
    var columns = PredictionColumns()
    choose(&columns)
    let held: PredictionFile
    do {
      held = try PredictionFile(input, columns: columns, kind: kind)
    } catch {
      let own = #expect(throws: TableError.self, sourceLocation: sourceLocation) {
        try StoredPredictionFile(input, columns: columns, kind: kind)
      }
      #expect(own == error, sourceLocation: sourceLocation)
      return
    }
    let stored = try StoredPredictionFile(input, columns: columns, kind: kind)
    #expect(stored.usedColumns == held.usedColumns, sourceLocation: sourceLocation)
    #expect(stored.warnings == held.warnings, sourceLocation: sourceLocation)
    #expect(stored.rows.rowCount == held.rows.rowCount, sourceLocation: sourceLocation)
    let places = 0..<held.rows.rowCount
    let rows = try stored.rows.rows(places)
    let (one, other) = (rows.classTable, held.rows.classTable)
    #expect(one?.classes == other?.classes, sourceLocation: sourceLocation)
    #expect(one?.labels == other?.labels, sourceLocation: sourceLocation)
    #expect(one?.predictions == other?.predictions, sourceLocation: sourceLocation)
    #expect(one?.scores == other?.scores, sourceLocation: sourceLocation)
    #expect(one?.probabilities == other?.probabilities, sourceLocation: sourceLocation)
    #expect(one?.weights == other?.weights, sourceLocation: sourceLocation)
    let (numbers, others) = (rows.numberTable, held.rows.numberTable)
    #expect(numbers?.targets == others?.targets, sourceLocation: sourceLocation)
    #expect(numbers?.predictions == others?.predictions, sourceLocation: sourceLocation)
    #expect(numbers?.weights == others?.weights, sourceLocation: sourceLocation)
    if let probabilities = other?.probabilities, let count = other?.classes.count {
      for code in 0..<count {
        let column = try stored.rows.probabilities(ofClass: code, places)
        #expect(
          column.probabilities == places.map { probabilities[$0 * count + code] },
          sourceLocation: sourceLocation)
        #expect(column.labels == other?.labels, sourceLocation: sourceLocation)
      }
    }
  }

  @Test func smallTablesAreTheSame() throws {
    try expectSame("label,score\n1,0.5\n0,0.25\n")
    try expectSame("label,prediction,w\nb,a,2\na,a,0\nc,d,1\n") { $0.weight = "w" }
    try expectSame("label,prediction,score\nb,a,2\na,a,0\nc,d,1\n")
    try expectSame("label,p,q,r\n2,0.5,0.25,0.25\n0,1,0,0\n") {
      $0.probabilities = ["p", "q", "r"]
    }
    try expectSame("y,prediction\n1,2\n0.5,1.5\n", kind: .found)
    try expectSame("y,prediction\n1,2\n3,4\n", kind: .numbers)
  }

  @Test func whatIsRefusedIsTheSame() throws {
    try expectSame("label,score\n")
    try expectSame("label,score\n1,x\n0,0.25\n,0.5\n")
    try expectSame("label,prediction\n1,0.5\n0,0.25\n")
    try expectSame("label,score\n1,0.5\n0.5,0.25\n")
    try expectSame("label,score,w\n1,0.5,1\n0,0.25,-1\n0,0.25,-2\n") { $0.weight = "w" }
    try expectSame("label,prediction\n1,a\n0,b\n")
    try expectSame("label,score\n1,0.5\n0,0.25,7\n")
  }

  /// Tables of several parts, with what tells numbers from labels late in them.
  @Test(arguments: 0..<6 as Range<UInt64>)
  func longTablesAreTheSame(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let count = 150_000
    let lateFraction = Int.random(in: count / 2..<count, using: &random)
    var text = "label,prediction,score,w\n"
    for row in 0..<count {
      let label = Int.random(in: 0...1, using: &random)
      switch seed {
      case 0: text += "\(label),\(1 - label),\(row)e-6,1\n"
      case 1: text += "\(label == 0 ? "no" : "yes"),yes,\(row)e-6,0.5\n"
      case 2:
        text += "\(label)\(row == lateFraction ? ".5" : ""),\(label)\(row == 3 ? ".5" : ""),1,1\n"
      case 3: text += "\(label)\(row == lateFraction ? ".5" : ""),\(label),1,1\n"
      case 4: text += "\(label),\(label),1,\(row == lateFraction ? "-3" : "1")\n"
      default: text += "\(label),\(row == lateFraction ? "" : "1"),1,1\n"
      }
    }
    try expectSame(text) { $0.weight = "w" }
  }

  @Test func anEmptyLabelIsToldOfThoughThereAreManyWholeNumbers() throws {
    let rows = (0..<6_000).map { "\($0),\($0)" }
    let text = "y,prediction\n,1\n" + rows.joined(separator: "\n") + "\n"
    try expectSame(text)
    let path = try folder.write(text)
    #expect(throws: TableError.self) { try PredictionFile(TableInput(path: path)) }
  }

  @Test func aFileThatIsHeldAsAWholeIsRefused() throws {
    let rows = #"[{"label": 1, "score": 0.5}, {"label": 0, "score": 0.25}]"#
    let path = try folder.write(rows.replacing("}, ", with: "},\n"), to: "rows.json")
    #expect(throws: TableError.heldWhole(Place(path))) {
      try StoredPredictionFile(TableInput(path: path))
    }
    let lines = try folder.write(
      String(rows.dropFirst().dropLast()).replacing("}, ", with: "}\n"), to: "r")
    #expect(try StoredPredictionFile(TableInput(path: lines)).rows.rowCount == 2)
  }
}
