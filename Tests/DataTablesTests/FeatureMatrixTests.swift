import DataTables
import Testing

@Suite struct FeatureMatrixTests {
  private let matrix = FeatureMatrix(
    names: ["a", "b", "c"], values: [1, 2, 3, 4, 5, 6], columnCount: 3)

  @Test func rowsAreConsecutive() {
    #expect(matrix.rowCount == 2)
    #expect(Array(matrix[row: 0]) == [1, 2, 3])
    #expect(Array(matrix[row: 1]) == [4, 5, 6])
  }

  @Test func columnsAreSelectedInTheOrderAskedFor() {
    let selected = matrix.selecting(columns: [2, 0])
    #expect(
      selected == FeatureMatrix(names: ["c", "a"], values: [3, 1, 6, 4], columnCount: 2))
  }

  @Test func columnsMayBeSelectedTwiceOrNotAtAll() {
    #expect(matrix.selecting(columns: [1, 1]).values == [2, 2, 5, 5])
    #expect(matrix.selecting(columns: []).columnCount == 0)
    #expect(matrix.selecting(columns: []).rowCount == 0)
  }

  @Test func selectingAllColumnsChangesNothing() {
    #expect(matrix.selecting(columns: [0, 1, 2]) == matrix)
  }

  @Test func columnsWithoutNamesStayWithoutNames() {
    let nameless = FeatureMatrix(values: [1, 2], columnCount: 2)
    #expect(nameless.selecting(columns: [1]) == FeatureMatrix(values: [2], columnCount: 1))
  }

  @Test func missingValuesAreKept() {
    let matrix = FeatureMatrix(values: [.nan, 1], columnCount: 2)
    #expect(matrix.selecting(columns: [1, 0])[row: 0].last?.isNaN == true)
  }

  @Test func partialRowsAreAnError() async {
    await #expect(processExitsWith: .failure) {
      _ = FeatureMatrix(values: [1, 2, 3], columnCount: 2)
    }
  }

  @Test func textsBecomePlaces() {
    let numbers = FeatureMatrix(names: ["a", "c"], values: [1, 3, 10, 30], columnCount: 2)
    let matrix = FeatureMatrix(
      numbers: numbers,
      textColumns: [(1, "b", ["x", "NaN"]), (3, "d", ["y", "x"])])
    #expect(matrix.names == ["a", "b", "c", "d"] && matrix.texts == ["x", "y"])
    #expect(matrix.columnCount == 4 && matrix.rowCount == 2)
    #expect(Array(matrix[row: 0]) == [1, 0, 3, 1])
    #expect(matrix.values[5].isNaN && matrix.values[7] == 0)
    #expect(matrix.selecting(columns: [3]).texts == ["x", "y"])
  }

  @Test func textsMayBeAllThereIs() {
    let none = FeatureMatrix(values: [], columnCount: 0)
    let matrix = FeatureMatrix(numbers: none, textColumns: [(0, nil, ["x", "", "z"])])
    #expect(matrix.rowCount == 3 && matrix.names == nil && matrix.texts == ["x", "z"])
    let numbers = FeatureMatrix(values: [1, 2], columnCount: 2)
    #expect(FeatureMatrix(numbers: numbers, textColumns: []) == numbers)
  }
}
