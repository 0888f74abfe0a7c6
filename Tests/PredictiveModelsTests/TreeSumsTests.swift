import DataTables
import PredictiveModels
import Testing

@Suite struct TreeSumsTests {
  private func stump(_ left: Double, _ right: Double) -> TreeEnsemble.Tree {
    TreeEnsemble.Tree(
      lefts: [1, -1, -1], rights: [2, -1, -1], features: [0, 0, 0], thresholds: [0.5, 0, 0],
      values: [0, left, right])
  }

  private func ensemble(_ trees: [TreeEnsemble.Tree]) throws -> TreeEnsemble {
    var ensemble = try TreeEnsemble(
      featureCount: 1, outputCount: 1, comparison: .less, roundsToSinglePrecision: true)
    for tree in trees { try ensemble.append(tree) }
    return ensemble
  }

  private func scores(_ scorer: some Scorer, _ values: Double...) throws -> [Double] {
    try scorer.scores(of: FeatureMatrix(values: values, columnCount: 1))
  }

  @Test func treesAddToTheirGroupsWithTheirWeights() throws {
    let trees = try ensemble([stump(1, 2), stump(10, 20), stump(100, 200)])
    let sums = try TreeSums(
      trees: trees, groups: [0, 1, 0], weights: [1, 2, 0.5], starts: [0, -1],
      isSinglePrecision: false)
    #expect(try scores(sums, 0, 1) == [51, 19, 102, 39])
    #expect(sums.treeCount == 3)
  }

  @Test func fewerGroupsThanTreesUseTheFirstTrees() throws {
    let trees = try ensemble([stump(1, 2), stump(10, 20)])
    let sums = try TreeSums(
      trees: trees, groups: [0], weights: [1], starts: [0], divisor: 2, isSinglePrecision: false)
    #expect(try scores(sums, 1) == [1])
    #expect(sums.treeCount == 1)
  }

  @Test func sumsAreRoundedToSinglePrecisionAtEachStep() throws {
    let trees = try ensemble([stump(0.1, 0), stump(0x1p24, 0), stump(1, 0), stump(-0x1p24, 0)])
    let single = try TreeSums(
      trees: trees, groups: [0, 0, 0, 0], weights: [1, 1, 1, 1], starts: [0],
      isSinglePrecision: true)
    let expected = [0.1, 0x1p24, 1, -0x1p24].reduce(Float(0)) { $0 + Float($1) }
    #expect(try scores(single, 0) == [Double(expected)])
  }

  @Test func whatDoesNotFitIsAnError() throws {
    let trees = try ensemble([stump(1, 2)])
    for (groups, weights, starts) in [
      ([0, 0], [1.0, 1], [0.0]), ([0], [], [0]), ([1], [1], [0]), ([-1], [1], [0]),
      ([0], [.infinity], [0]), ([0], [1], [.nan]),
    ] {
      #expect(throws: ModelError.self) {
        try TreeSums(
          trees: trees, groups: groups, weights: weights, starts: starts, isSinglePrecision: true)
      }
    }
    #expect(throws: ModelError.self) { try SkippingSums(coefficients: [1, 2, 3], starts: [0, 0]) }
  }

  @Test func missingFeaturesAddNothing() throws {
    let sums = try SkippingSums(coefficients: [2, 3], starts: [0.5])
    let rows = FeatureMatrix(values: [1, .nan, .nan, .nan, 1, 1], columnCount: 2)
    #expect(sums.scores(of: rows) == [2.5, 0.5, 5.5])
  }

  @Test func deletedNodesAreNoPartOfTheTree() throws {
    var tree = TreeEnsemble.Tree(
      lefts: [1, -1, -1, -1], rights: [3, -1, -1, -1], features: [0, 0, 9, 0],
      thresholds: [0.5, 0, 0, 0], values: [0, 1, .nan, 2])
    #expect(throws: ModelError.self) { try ensemble([tree]) }
    tree.deleted = [2]
    #expect(try Array(ensemble([tree]).leaf(of: [1], tree: 0)) == [2])
    tree.deleted = [1, 2]
    #expect(throws: ModelError.badTree(tree: 0, node: 0, reason: "child 1 was deleted")) {
      try ensemble([tree])
    }
  }

  @Test func linearLeavesAddFeaturesThatAreThere() throws {
    var tree = stump(7, 2)
    tree.linearLeaves = [
      nil, TreeEnsemble.LinearLeaf(constant: 1, features: [0], coefficients: [10]), nil,
    ]
    tree.missingGoesLeft = [true, false, false]
    let sums = try TreeSums(
      trees: ensemble([tree]), groups: [0], weights: [1], starts: [0], isSinglePrecision: false)
    #expect(try scores(sums, 0.25, 1, .nan) == [3.5, 2, 7])
    tree.linearLeaves[1]?.features = [1]
    #expect(throws: ModelError.self) { try ensemble([tree]) }
  }

  @Test(arguments: [
    (TreeEnsemble.MissingRule.notANumber, [2.0, 1, 1]), (.none, [1, 1, 1]), (.zero, [2, 2, 1]),
  ])
  func missingValuesFollowTheRule(rule: TreeEnsemble.MissingRule, expected: [Double]) throws {
    var trees = try TreeEnsemble(
      featureCount: 1, outputCount: 1, comparison: .lessOrEqual, roundsToSinglePrecision: false,
      zeroThreshold: 1e-35)
    var tree = stump(1, 2)
    tree.missingRules = [rule, .notANumber, .notANumber]
    try trees.append(tree)
    let sums = try TreeSums(
      trees: trees, groups: [0], weights: [1], starts: [0], isSinglePrecision: false)
    #expect(try scores(sums, .nan, 1e-36, -1) == expected)
  }

  @Test(arguments: [
    (TransformedScores.Transform.identity, [-1.0, 2]), (.step, [0, 1]), (.signedSquare, [-1, 4]),
    (.greatestPlace, [1]), (.softplus, [0.31326168751822286, 2.1269280110429727]),
    (.exponential, [0.36787944117144233, 7.38905609893065]),
    (.logistic(factor: 2), [0.11920292202211755, 0.9820137900379085]),
    (.softmax, [0.04742587317756678, 0.9525741268224331]),
    (.complemented, [2, -1, -1, 2]),
  ])
  func scoresAreTransformed(
    transform: TransformedScores.Transform, expected: [Double]
  ) throws {
    for isSingle in [false, true] {
      let made = TransformedScores(
        ConstantScores(values: [-1, 2], featureCount: 1), transform, isSinglePrecision: isSingle)
      let found = try scores(made, 0)
      #expect(made.scoreCount == expected.count && found.count == expected.count)
      #expect(
        zip(found, expected).allSatisfy { abs($0 - $1) <= (isSingle ? 1e-6 : 1e-15) * max(1, $1) })
    }
  }
}
