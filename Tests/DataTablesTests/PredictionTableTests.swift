import DataTables
import Testing

@Suite struct PredictionTableTests {
  @Test func rowsAreCountedByLabels() {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1, 1], scores: [0.1, 0.2, 0.3])
    #expect(table.rowCount == 3)
    #expect(table.predictions == nil && table.probabilities == nil && table.weights == nil)
  }

  @Test func columnsOfDifferentLengthsAreAnError() async {
    await #expect(processExitsWith: .failure) {
      _ = PredictionTable(classes: [.integer(0)], labels: [0, 0], predictions: [0])
    }
    await #expect(processExitsWith: .failure) {
      _ = PredictionTable(classes: [.integer(0)], labels: [0, 0], scores: [0])
    }
    await #expect(processExitsWith: .failure) {
      _ = PredictionTable(classes: [.integer(0)], labels: [0, 0], weights: [1, 1, 1])
    }
    await #expect(processExitsWith: .failure) {
      _ = PredictionTable(
        classes: [.integer(0), .integer(1)], labels: [0, 1], probabilities: [0.5, 0.5])
    }
  }
}
