import DataTables
import PredictiveModels
import TestSupport
import Testing

@Suite struct TreeClassifierTests {
  private static let three: [Label] = [.text("a"), .text("b"), .text("c")]

  private func classifier(
    _ trees: [[TreeEnsemble.Node]], classes: [Label] = three, features: Int = 1
  ) throws -> TreeClassifier {
    try TreeClassifier(
      name: "Trees", classes: classes,
      trees: TreeEnsemble(
        trees: trees, featureCount: features, outputCount: classes.count,
        comparison: .lessOrEqual, roundsToSinglePrecision: true),
      acceptsMissingValues: false)
  }

  private func leaf(_ values: Double...) -> [TreeEnsemble.Node] {
    [TreeEnsemble.Node(leaf: values)]
  }

  private let oneRow = FeatureMatrix(values: [0], columnCount: 1)

  @Test func whatItIsIsTold() throws {
    let trees = try classifier([leaf(1, 0, 0), leaf(0, 1, 0)])
    #expect(trees.name == "Trees" && trees.featureCount == 1 && trees.treeCount == 2)
    #expect(trees.classes == Self.three)
    #expect(trees.roundsToSinglePrecision && !trees.acceptsMissingValues)
  }

  @Test func oneTreesSharesAreTakenAsTheyAre() throws {
    let output = try classifier([leaf(0.1, 0.7, 0.2)]).predict(oneRow)
    #expect(output.probabilities == [0.1, 0.7, 0.2])
    #expect(output.predictions == .classes([1]))
    #expect(output.classes == Self.three)
  }

  @Test func theFirstOfEqualSharesIsPredicted() throws {
    #expect(
      try classifier([leaf(0.5, 0.5, 0)]).predict(oneRow).predictions == .classes([0]))
    #expect(
      try classifier([leaf(0.2, 0.4, 0.4)]).predict(oneRow).predictions == .classes([1]))
    #expect(try classifier([leaf(0, 0, 0)]).predict(oneRow).predictions == .classes([0]))
  }

  @Test func treesAreAveragedInTheirOrder() throws {
    let output = try classifier([leaf(0.1, 0.9, 0), leaf(0.7, 0.2, 0.1), leaf(0.3, 0.3, 0.4)])
      .predict(oneRow)
    #expect(
      output.probabilities == [(0.1 + 0.7 + 0.3) / 3, (0.9 + 0.2 + 0.3) / 3, (0 + 0.1 + 0.4) / 3])
    #expect(output.predictions == .classes([1]))
    // Two trees that disagree are a tie.
    let tie = try classifier([leaf(0, 1, 0), leaf(1, 0, 0)]).predict(oneRow)
    #expect(tie.predictions == .classes([0]) && tie.probabilities == [0.5, 0.5, 0])
  }

  @Test func oneClassIsAlwaysPredicted() throws {
    let output = try classifier([leaf(1)], classes: [.integer(5)]).predict(oneRow)
    #expect(output.predictions == .classes([0]) && output.probabilities == [1])
  }

  @Test func noRowsGiveNoPredictions() throws {
    let output = try classifier([leaf(1, 0, 0)]).predict(FeatureMatrix(values: [], columnCount: 1))
    #expect(output.rowCount == 0 && output.probabilities == [])
  }

  @Test func classesAndLeavesMustFit() throws {
    let trees = try TreeEnsemble(
      trees: [leaf(0.5, 0.5)], featureCount: 1, outputCount: 2, comparison: .lessOrEqual,
      roundsToSinglePrecision: true)
    let none = try TreeEnsemble(
      trees: [], featureCount: 1, outputCount: 2, comparison: .lessOrEqual,
      roundsToSinglePrecision: true)
    for (classes, trees) in [
      (Self.three, trees), ([.integer(1)], trees), ([.integer(1), .integer(1)], trees),
      ([.integer(0), .integer(1)], none),
    ] {
      #expect(throws: ModelError.self) {
        try TreeClassifier(
          name: "Trees", classes: classes, trees: trees, acceptsMissingValues: false)
      }
    }
  }
}
