internal import DataTables
internal import InputReading
internal import PredictiveModels
internal import Testing

@testable internal import Verification

@Suite struct RecordedOutputsTests {
  private let output = ModelOutput(
    classes: [.text("a"), .integer(1)], codes: [0, 1], probabilities: [0.75, 0.25, 0.125, 0.875])

  private func compare(
    _ columns: [(name: String, cells: [String])], _ tolerance: RecordedOutputs.Tolerance = .init()
  ) throws -> RecordedOutputs.Comparison {
    try RecordedOutputs.compare(
      output, with: columns, tolerance: tolerance, at: Place("sample.csv"))
  }

  @Test func outputsHaveTheNamesOfFiles() {
    let table = OutputTable(output)
    #expect(table.columns.map(\.name) == ["prediction", "probability_a", "probability_1"])
    #expect(OutputTable(ModelOutput(numbers: [1, 2])).columns.map(\.name) == ["prediction"])
  }

  @Test func equalOutputsAgree() throws {
    let comparison = try compare([
      ("feature", ["7", "8"]), ("prediction", ["a", "1.0"]), ("probability_a", ["0.75", "0.125"]),
    ])
    #expect(comparison.agrees)
    #expect(comparison.columns == ["prediction", "probability_a"])
    #expect(comparison.greatestDifference == 0)
  }

  @Test func differencesAreNamed() throws {
    let comparison = try compare([
      ("prediction", ["1", "1"]), ("probability_a", ["0.75", "0.25"]),
    ])
    #expect(comparison.mismatches.map(\.row) == [1, 2])
    #expect(comparison.mismatches.map(\.column) == ["prediction", "probability_a"])
    #expect(comparison.greatestDifference == 0.125)
  }

  @Test func toleranceDecides() throws {
    let cells = [(name: "probability_a", cells: ["0.7500001", "0.125"])]
    #expect(try compare(cells).agrees)
    var exact = RecordedOutputs.Tolerance()
    exact.absolute = 0
    exact.relative = 0
    #expect(try !compare(cells, exact).agrees)
  }

  @Test func whatCannotBeComparedIsAnError() {
    #expect(throws: VerificationError.self) { try compare([("prediction", ["a"])]) }
    #expect(throws: VerificationError.self) { try compare([("feature", ["1", "2"])]) }
    #expect(throws: VerificationError.self) { try compare([("probability_a", ["0.75", "x"])]) }
  }
}
