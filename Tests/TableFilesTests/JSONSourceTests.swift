import DataTables
import InputReading
import TestSupport
import Testing

@testable import TableFiles

@Suite struct JSONSourceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func predictions(
    _ text: String, columns: PredictionColumns = PredictionColumns(), labels: String? = nil
  ) throws -> PredictionFile {
    let labelPath = try labels.map { try folder.write($0, to: "labels.csv") }
    return try PredictionFile(
      path: folder.write(text, to: "table"), columns: columns, labelPath: labelPath)
  }

  private func features(_ text: String) throws -> (columns: [String], values: [Double]) {
    let file = try FeatureFile(path: folder.write(text, to: "table"))
    let columns = file.columns
    return (columns, try file.read(features: Array(columns.indices)).features.values)
  }

  @Test(arguments: [
    "{\"label\":1,\"score\":0.75}\n{\"label\":0,\"score\":0.25}\n",
    "{\"score\": 7.5e-1, \"label\": 1.0}\r\n\r\n  {\"label\":false,\"score\":0.25}",
    "\u{FEFF}{\"label\":\"1\",\"score\":\"0.75\"}\n{\"score\":0.25,\"label\":\"0\",\"more\":[{}]}\n",
    "[{\"label\":true,\"score\":0.75},\n {\"label\":0,\"score\":0.25}]",
    "{\"predictions\": [{\"label\":1,\"score\":0.75},{\"label\":0,\"score\":0.25}]}\n",
    "{\"predictions\":[{\"label\":1,\"score\":0.75}]}\n{\"predictions\":[{\"label\":0,\"score\":0.25}]}\n",
    "{\n  \"predictions\": [\n    {\"label\": 1, \"score\": 0.75},\n    {\"label\": 0, \"score\": 0.25}\n  ]\n}\n",
    "{\"l\\u0061bel\":\"\\u0031\",\"score\":0.75}\n{\"label\":0,\"score\":0.25}\n",
  ])
  func oneTableIsWrittenInManyWays(text: String) throws {
    let table = try #require(try predictions(text).rows.classTable)
    #expect(table.classes == [.integer(0), .integer(1)])
    #expect(table.labels == [1, 0])
    #expect(table.scores == [0.75, 0.25])
  }

  @Test func valuesInsideOthersAreColumns() throws {
    var columns = PredictionColumns()
    columns.label = "truth.name"
    columns.probabilities = ["model.p"]
    let file = try predictions(
      """
      {"id":1,"truth":{"name":"b \\"x\\""},"model":{"p":[0.25,0.75]}}
      {"id":2,"truth":{"name":"a"},"model":{"p":[0.5,0.5]}}
      """, columns: columns)
    let table = try #require(file.rows.classTable)
    #expect(table.classes == [.text("a"), .text("b \"x\"")])
    #expect(table.probabilities == [0.25, 0.75, 0.5, 0.5])
    #expect(file.usedColumns.map(\.name) == ["truth.name", "model.p.0", "model.p.1"])
  }

  @Test func batchTransformAnswersHaveLabelsApart() throws {
    let labels = "label\n1\n0\n"
    let linear = try predictions(
      "{\"predictions\":[{\"score\":0.9,\"predicted_label\":1}]}\n"
        + "{\"predictions\":[{\"score\":0.4,\"predicted_label\":0}]}\n", labels: labels)
    #expect(linear.usedColumns.map(\.role) == ["label", "score", "prediction"])
    #expect(linear.rows.classTable?.scores == [0.9, 0.4])
    let probabilities = try predictions("[0.1,0.9]\n[0.75,0.25]\n", labels: labels)
    #expect(probabilities.rows.classTable?.probabilities == [0.1, 0.9, 0.75, 0.25])
    let numbers = try predictions("{\"predictions\":[0.9,0.4]}", labels: labels)
    #expect(numbers.rows.classTable?.scores == [0.9, 0.4])
    let classes = try predictions("{\"predictions\":[[1],[0]]}", labels: labels)
    #expect(classes.usedColumns.map(\.role) == ["label", "prediction"])
  }

  @Test func whatIsMissingIsAFaultOrAMissingValue() throws {
    #expect(
      throws: TableError.notANumber(
        Place(folder.path + "/table", .row(2, column: "score")), found: "", .empty, count: 2)
    ) {
      try predictions("{\"label\":1,\"score\":0.5}\n{\"label\":0}\n{\"label\":0,\"score\":null}\n")
    }
    let values = try features("{\"a\":1,\"b\":null}\n{\"b\":2}\n{\"a\":NaN,\"b\":3}\n").values
    #expect(values.map { $0.isNaN ? -1 : $0 } == [-1, 1, 2, -1, 3, -1] || values.count == 6)
  }

  @Test(arguments: [
    ("[[1,2],[3,4]]", ["1", "2"]), ("{\"instances\": [[1,2],[3,4]]}", ["1", "2"]),
    ("[1,2]\n[3,4]\n", ["1", "2"]), ("{\"x\":1,\"y\":2}\n{\"y\":4,\"x\":3}\n", ["x", "y"]),
    ("{\"instances\":[{\"x\":1,\"y\":2},{\"x\":3,\"y\":4}]}", ["x", "y"]),
    ("{\"features\":[1,2]}\n{\"features\":[3,4]}\n", ["features.0", "features.1"]),
    ("[\n[1,2],\n[3,4]\n]\n", ["1", "2"]),
  ])
  func featuresComeInManyForms(text: String, columns: [String]) throws {
    let table = try features(text)
    #expect(table.columns == columns)
    #expect(table.values == [1, 2, 3, 4])
  }

  @Test(arguments: [
    ("{\"label\":1,\"score\":0.5}\n{\"label\":0,\"score\":\n", 2),
    ("{\"label\":1,\"score\":0.5}\n{\"label\":0} {\"label\":1}\n", 2),
    ("{\"label\":1,\"score\":0.5}\nlabel\n", 2), ("{\"label\":1,\"score\":0.5}\n\"x\"\n", 2),
    ("{\"label\":1,\"score\":0.5}\n\n{\"label\":tru,\"score\":0.5}\n", 2),
  ])
  func linesThatAreNoJSONAreRefused(text: String, row: Int) throws {
    do {
      _ = try predictions(text)
      Issue.record("it is read")
    } catch let error as TableError {
      guard case .input(.notJSON(let place, _)) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(place == Place(folder.path + "/table", .row(row, column: nil)))
    }
  }

  @Test func damagedLinesNeverTrap() throws {
    let text = Array(
      "{\"label\":\"\\u00e9\",\"score\":0.5,\"p\":[1,{\"a\":null}]}\n{\"label\":true,\"score\":-1e3}\n"
        .utf8)
    var columns = PredictionColumns()
    columns.score = "score"
    for count in 0...text.count {
      _ = try? PredictionFile(path: folder.write(text[..<count], to: "cut"), columns: columns)
    }
    var random = SplitMix64(seed: 9)
    for _ in 0..<1_000 {
      var damaged = text
      damaged[Int.random(in: 0..<text.count, using: &random)] ^=
        1 << UInt8.random(in: 0..<8, using: &random)
      _ = try? PredictionFile(path: folder.write(damaged, to: "damaged"), columns: columns)
    }
  }

  @Test func longFilesAreReadInOrder() throws {
    let text = (0..<30_000).map { "{\"label\":\($0 % 3 == 0 ? 1 : 0),\"score\":\($0)}\n" }.joined()
    let table = try #require(try predictions(text).rows.classTable)
    #expect(table.scores == (0..<30_000).map(Double.init))
    #expect(table.labels == (0..<30_000).map { $0 % 3 == 0 ? 1 : 0 })
  }
}
