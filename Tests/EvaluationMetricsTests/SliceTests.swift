import DataTables
import EvaluationMetrics
import TestSupport
import Testing

@Suite struct SliceTests {
  @Test(arguments: [false, true])
  func aSliceIsTheEvaluationOfItsRows(isWeighted: Bool) throws {
    var random = RandomRows(seed: 21)
    let table = random.binary(240, isWeighted: isWeighted)
    let regions = (0..<240).map { ["north", "south", "west"][$0 * $0 % 3] }
    let slicing = Categories(column: "region", texts: regions)
    let slices = try Evaluation.slices(of: .classes(table), by: [slicing])
    #expect(slices.map(\.values) == Set(regions).sorted().map { [$0] })
    for slice in slices {
      let rows = regions.indices.filter { regions[$0] == slice.values[0] }
      let expected = try Evaluation(of: table.rows(rows))
      #expect(slice.evaluation.rowCount == rows.count)
      #expect(slice.evaluation.matrix == expected.matrix)
      for (one, other) in zip(slice.evaluation.entries, expected.entries) {
        #expect(one.value == other.value, "\(one.metric.id)")
      }
    }
  }

  @Test func classesAreThoseOfAllRows() throws {
    // Neither slice has both classes, and one has a class of its own alone.
    let table = PredictionTable(
      classes: [.text("no"), .text("yes")], labels: [0, 0, 1, 1], scores: [0.1, 0.7, 0.2, 0.9])
    let slices = try Evaluation.slices(
      of: .classes(table), by: [Categories(column: "c", texts: ["a", "a", "b", "b"])],
      options: EvaluationOptions(positiveLabel: .text("yes")))
    #expect(slices.count == 2)
    for slice in slices {
      #expect(slice.evaluation.labels == table.classes)
      #expect(slice.evaluation.positiveLabel == .text("yes"))
      #expect(slice.evaluation["roc_auc"] == .undefined(.singleClass))
      #expect(slice.evaluation["accuracy"]?.number == 0.5)
    }
  }

  @Test func rowsOfNoWeightAreInNoSlice() throws {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1, 0, 1], predictions: [0, 1, 1, 0],
      weights: [2, 0, 0, 3])
    let slices = try Evaluation.slices(
      of: .classes(table), by: [Categories(column: "c", texts: ["a", "b", "b", "a"])])
    #expect(slices.map(\.values) == [["a"]])
    #expect(slices[0].evaluation["accuracy"]?.number == 0.4)
  }

  @Test func columnsSliceByThemselvesAndTogether() throws {
    let first = Categories(column: "x", texts: ["1", "1", "2", "2"])
    let second = Categories(column: "y", texts: ["b", "a", "a", "a"])
    let crossed = first.crossed(with: second)
    #expect(crossed.columns == ["x", "y"])
    #expect(crossed.values == [["1", "a"], ["1", "b"], ["2", "a"]])
    #expect(crossed.codes == [1, 0, 2, 2])
    #expect(crossed.rows == [[1], [0], [2, 3]])
    let numbers = RegressionTable(targets: [1, 2, 3, 4], predictions: [1, 2, 4, 4])
    let slices = try Evaluation.slices(of: .numbers(numbers), by: [first, crossed])
    #expect(slices.map(\.evaluation.rowCount) == [2, 2, 1, 1, 2])
    #expect(slices[4].evaluation["mean_absolute_error"]?.number == 0.5)
  }
}
