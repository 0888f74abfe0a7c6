import DataTables
import PredictiveModels
import TestSupport
import Testing

@Suite struct TreeScoresTests {
  private static let three: [Label] = [.text("a"), .text("b"), .text("c")]

  private func classifier(
    _ trees: [[Node]], classes: [Label] = three, features: Int = 1
  ) throws -> ScoringModel {
    try treeClassifier(trees, classes: classes, features: features)
  }

  private func leaf(_ values: Double...) -> [Node] {
    [Node(leaf: values)]
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

  @Test func boostedTreesAreAddedToWhatTheyBeginWith() throws {
    let trees = try treeEnsemble(
      [leaf(1), leaf(2), leaf(4), leaf(8)], features: 1)
    let scores = try TreeScores(
      name: "Trees", trees: trees, aggregation: .sum(factor: 0.5), starts: [10, 20],
      acceptsMissingValues: false)
    let expected: [Double] = [12.5, 25]
    #expect(scores.scores(of: oneRow) == expected)
    #expect(scores.scoreCount == 2 && scores.treeCount == 4)
  }

  @Test func classesAndLeavesMustFit() throws {
    let one: [Node] = [Node(leaf: [0.5, 0.5])]
    for (classes, trees) in [
      ([.integer(1), .integer(1)], [one]), ([.integer(0), .integer(1)], []),
    ] as [([Label], [[Node]])] {
      #expect(throws: ModelError.self) { try classifier(trees, classes: classes) }
    }
    let trees = try treeEnsemble([one], features: 1, outputs: 2)
    for starts in [[], [0], [0, 0, 0], [0, .nan]] {
      #expect(throws: ModelError.self) {
        try TreeScores(
          name: "Trees", trees: trees, aggregation: .mean, starts: starts,
          acceptsMissingValues: false)
      }
    }
    let three = try treeEnsemble([leaf(1), leaf(1), leaf(1)], features: 1)
    #expect(throws: ModelError.badShape("Trees has 3 trees of 1 values for 2 scores")) {
      try TreeScores(
        name: "Trees", trees: three, aggregation: .mean, starts: [0, 0],
        acceptsMissingValues: false)
    }
  }
}
