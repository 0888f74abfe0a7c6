import DataTables
import PredictiveModels
import TestSupport
import Testing

/// Many rows go through trees that are laid out for it, few node by node: both must say the same bits.
@Suite struct FlatTreesTests {
  private struct Shape: CustomTestStringConvertible {
    var comparison = TreeEnsemble.Comparison.lessOrEqual
    var rounds = false
    var zeroThreshold = 0.0
    var outputs = 1
    var leaves = 2...40
    var isChain = false
    var hasMissingRules = false
    var categoryShare = 0.0
    var hasExactValues = false
    var testDescription: String {
      "\(comparison) rounds \(rounds) zero \(zeroThreshold) outputs \(outputs) leaves \(leaves) "
        + "chain \(isChain) rules \(hasMissingRules) categories \(categoryShare) exact \(hasExactValues)"
    }
  }

  private static let featureCount = 5

  private static let shapes: [Shape] = [
    Shape(), Shape(hasExactValues: true), Shape(comparison: .less, rounds: true),
    Shape(comparison: .less), Shape(rounds: true, outputs: 3, leaves: 1...200),
    Shape(zeroThreshold: 1e-35, hasMissingRules: true),
    Shape(zeroThreshold: 0.25, leaves: 30...70, hasMissingRules: true, hasExactValues: true),
    Shape(leaves: 60...140), Shape(leaves: 200...900), Shape(rounds: true, leaves: 200...900),
    Shape(outputs: 2, leaves: 150...300, isChain: true),
    Shape(leaves: 2...40, categoryShare: 0.3),
    Shape(
      comparison: .less, rounds: true, leaves: 40...300, hasMissingRules: true,
      categoryShare: 0.2),
    Shape(leaves: 1...1),
  ]

  /// Thresholds and values come of few numbers, so that they are often equal.
  private static let numbers: [Double] = [
    0, -0.0, 0.1, Double(Float(0.1)), 1e-36, -1e-35, 0.25, 1, 2, 3.5, -1, -0.5, 7, 31, 33, 64,
    0.1.nextUp, 1e300, -1e-300, 16_777_217,
  ]

  private static func tree(_ shape: Shape, _ random: inout SplitMix64) -> TreeEnsemble.Tree {
    let count = Int.random(in: shape.leaves, using: &random)
    var lefts = [-1]
    var rights = [-1]
    var leaves = [0]
    while leaves.count < count {
      let place =
        shape.isChain ? leaves.count - 1 : Int.random(in: leaves.indices, using: &random)
      let node = leaves.remove(at: place)
      lefts[node] = lefts.count
      rights[node] = lefts.count + 1
      leaves += [lefts.count, lefts.count + 1]
      lefts += [-1, -1]
      rights += [-1, -1]
    }
    let nodes = lefts.indices
    var tree = TreeEnsemble.Tree(
      lefts: lefts, rights: rights,
      features: nodes.map { _ in Int.random(in: 0..<featureCount, using: &random) },
      thresholds: nodes.map { _ in
        Int.random(in: 0..<50, using: &random) == 0
          ? .infinity : numbers.randomElement(using: &random) ?? 0
      },
      missingGoesLeft: nodes.map { _ in Bool.random(using: &random) },
      values: nodes.flatMap { _ in
        (0..<shape.outputs).map { _ in Double.random(in: -1...1, using: &random) }
      })
    if shape.hasMissingRules {
      tree.missingRules = nodes.map { _ in
        TreeEnsemble.MissingRule(rawValue: UInt8.random(in: 0...2, using: &random)) ?? .none
      }
    }
    if shape.categoryShare > 0 {
      tree.categories = nodes.map { _ in
        guard Double.random(in: 0..<1, using: &random) < shape.categoryShare else { return nil }
        return TreeEnsemble.CategorySplit(
          left: [UInt32](repeating: 0, count: 2).map { _ in
            UInt32.random(in: 0 ... .max, using: &random)
          },
          known: Bool.random(using: &random)
            ? nil : [UInt32.random(in: 0 ... .max, using: &random)],
          roundsTowardsZero: Bool.random(using: &random))
      }
    }
    return tree
  }

  private static func ensemble(_ shape: Shape, _ random: inout SplitMix64) throws -> TreeEnsemble {
    var trees = try TreeEnsemble(
      featureCount: featureCount, outputCount: shape.outputs, comparison: shape.comparison,
      roundsToSinglePrecision: shape.rounds, zeroThreshold: shape.zeroThreshold)
    for _ in 0..<7 { try trees.append(tree(shape, &random)) }
    return trees
  }

  private static func matrix(
    _ shape: Shape, rowCount: Int, _ random: inout SplitMix64
  ) -> FeatureMatrix {
    let values = (0..<rowCount * featureCount).map { _ in
      guard Int.random(in: 0..<10, using: &random) > 0 else { return Double.nan }
      let number =
        Bool.random(using: &random)
        ? numbers.randomElement(using: &random) ?? 0 : Double.random(in: -2...8, using: &random)
      return shape.hasExactValues ? Double(Float(number)) : number
    }
    return FeatureMatrix(
      values: values.map { shape.hasExactValues && $0.isInfinite ? 0 : $0 },
      columnCount: featureCount)
  }

  private func rowByRow(
    _ features: FeatureMatrix, _ scores: (FeatureMatrix) -> [Double]
  ) -> [UInt64] {
    (0..<features.rowCount).flatMap { row in
      scores(
        FeatureMatrix(values: Array(features[row: row]), columnCount: features.columnCount))
    }.map(\.bitPattern)
  }

  @Test(arguments: shapes)
  private func manyRowsAreScoredAsOneByOne(shape: Shape) throws {
    for seed in 0..<4 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let trees = try Self.ensemble(shape, &random)
      // No whole number of blocks.
      let features = Self.matrix(shape, rowCount: 700 + Int(seed), &random)
      let weights = (0..<7).map { _ in Double.random(in: 0.1...2, using: &random) }
      for isSingle in [false, true] {
        let sums = try TreeSums(
          trees: trees, groups: (0..<7).map { $0 % 2 }, weights: weights,
          starts: [Double](repeating: isSingle ? 0.5 : 0.1, count: shape.outputs + 1),
          isSinglePrecision: isSingle)
        #expect(
          sums.scores(of: features).map(\.bitPattern) == rowByRow(features, sums.scores),
          "seed \(seed)")
      }
      let means = try TreeScores(
        name: "forest", trees: trees, aggregation: .mean,
        starts: [Double](repeating: 0, count: shape.outputs), acceptsMissingValues: true)
      #expect(
        means.scores(of: features).map(\.bitPattern) == rowByRow(features, means.scores),
        "seed \(seed)")
    }
  }

  @Test func aRowDoesNotDependOnThoseBesideIt() throws {
    var random = SplitMix64(seed: 9)
    let shape = Shape(leaves: 60...300, hasExactValues: true)
    let trees = try Self.ensemble(shape, &random)
    let scorer = try TreeScores(
      name: "forest", trees: trees, aggregation: .sum(factor: 0.1), starts: [0.3],
      acceptsMissingValues: true)
    let exact = Self.matrix(shape, rowCount: 400, &random)
    var other = exact
    // One value that single precision does not hold, in another block.
    other.values[399 * Self.featureCount] = 0.1.nextUp
    #expect(scorer.scores(of: exact).prefix(399) == scorer.scores(of: other).prefix(399))
  }

  @Test func thresholdsThatNothingPassesAreWalked() throws {
    let nodes = [
      Node(feature: 0, threshold: -.infinity, left: 1, right: 2, missingGoesLeft: true),
      Node(leaf: [1]), Node(leaf: [2]),
    ]
    let trees = try treeEnsemble([nodes], features: 1, comparison: .less, rounds: false)
    let scorer = try TreeScores(
      name: "tree", trees: trees, aggregation: .mean, starts: [0], acceptsMissingValues: true)
    let features = FeatureMatrix(
      values: (0..<300).map { $0 % 2 == 0 ? .nan : -1e300 }, columnCount: 1)
    #expect(scorer.scores(of: features) == (0..<300).map { $0 % 2 == 0 ? 1 : 2 })
  }

  @Test func chainsAreScored() throws {
    // As deep as no grower's trees are.
    let depth = 3_000
    var nodes: [Node] = []
    for level in 0..<depth {
      nodes.append(
        Node(
          feature: 0, threshold: Double(level), left: 2 * level + 1, right: 2 * level + 2,
          missingGoesLeft: false))
      nodes.append(Node(leaf: [Double(level)]))
    }
    nodes.append(Node(leaf: [-1]))
    let trees = try treeEnsemble([nodes], features: 1, comparison: .lessOrEqual, rounds: false)
    let scorer = try TreeScores(
      name: "tree", trees: trees, aggregation: .mean, starts: [0], acceptsMissingValues: true)
    let values = (0..<300).map { Double($0) * 11 - 5 }
    let expected = values.map { $0 > Double(depth - 1) ? -1 : max(0, $0.rounded(.up)) }
    #expect(scorer.scores(of: FeatureMatrix(values: values, columnCount: 1)) == expected)
  }
}
