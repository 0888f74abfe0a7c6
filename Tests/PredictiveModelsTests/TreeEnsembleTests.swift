import PredictiveModels
import TestSupport
import Testing

@Suite struct TreeEnsembleTests {
  private static func split(
    _ feature: Int, _ threshold: Double, _ left: Int, _ right: Int, missingGoesLeft: Bool = false
  ) -> Node {
    Node(
      feature: feature, threshold: threshold, left: left, right: right,
      missingGoesLeft: missingGoesLeft)
  }

  private static func leaf(_ values: Double...) -> Node {
    Node(leaf: values)
  }

  private func ensemble(
    _ trees: [[Node]], features: Int = 2,
    comparison: TreeEnsemble.Comparison = .lessOrEqual, rounds: Bool = false
  ) throws -> TreeEnsemble {
    try treeEnsemble(trees, features: features, comparison: comparison, rounds: rounds)
  }

  private func value(_ trees: TreeEnsemble, _ row: [Double], tree: Int = 0) -> Double? {
    trees.leaf(of: row[...], tree: tree).first
  }

  // MARK: Walking

  @Test func aRowEndsAtItsLeaf() throws {
    let trees = try ensemble([
      [
        Self.split(0, 1, 1, 2), Self.leaf(10), Self.split(1, 5, 4, 3), Self.leaf(20), Self.leaf(30),
      ],
      [Self.leaf(7)],
    ])
    #expect(trees.treeCount == 2)
    #expect(value(trees, [0, 9]) == 10)
    #expect(value(trees, [2, 9]) == 20)
    #expect(value(trees, [2, 5]) == 30)
    #expect(value(trees, [2, 5], tree: 1) == 7)
  }

  @Test func slicesOfAMatrixAreRows() throws {
    let trees = try ensemble([[Self.split(1, 0, 1, 2), Self.leaf(1), Self.leaf(2)]])
    let values: [Double] = [9, 9, 9, -1, 9, 1]
    #expect(trees.leaf(of: values[2..<4], tree: 0).first == 1)
    #expect(trees.leaf(of: values[4..<6], tree: 0).first == 2)
  }

  @Test func equalValuesGoLeftWhereTheComparisonSaysSo() throws {
    let nodes = [Self.split(0, 0.5, 1, 2), Self.leaf(1), Self.leaf(2)]
    let lessOrEqual = try ensemble([nodes], comparison: .lessOrEqual)
    let less = try ensemble([nodes], comparison: .less)
    for (value, atMost, below) in [
      (0.5.nextDown, 1.0, 1.0), (0.5, 1, 2), (0.5.nextUp, 2, 2), (-.infinity, 1, 1),
      (.infinity, 2, 2),
    ] {
      #expect(self.value(lessOrEqual, [value, 0]) == atMost, "\(value)")
      #expect(self.value(less, [value, 0]) == below, "\(value)")
    }
  }

  @Test func negativeZeroIsZero() throws {
    let nodes = [Self.split(0, 0, 1, 2), Self.leaf(1), Self.leaf(2)]
    #expect(value(try ensemble([nodes], comparison: .lessOrEqual), [-0.0, 0]) == 1)
    #expect(value(try ensemble([nodes], comparison: .less), [-0.0, 0]) == 2)
  }

  @Test func valuesAreRoundedToSinglePrecisionBeforeTheyAreCompared() throws {
    // Just above a number of single precision, to which slightly larger doubles are rounded.
    let threshold = Double(Float(0.4076787)) + 1e-10
    let nodes = [Self.split(0, threshold, 1, 2), Self.leaf(1), Self.leaf(2)]
    let rounding = try ensemble([nodes], rounds: true)
    let exact = try ensemble([nodes], rounds: false)
    #expect(value(rounding, [threshold + 1e-9, 0]) == 1)
    #expect(value(exact, [threshold + 1e-9, 0]) == 2)
    #expect(value(rounding, [threshold + 1e-7, 0]) == 2)
    // 0.1 becomes a larger single-precision number, which is beyond a threshold of 0.1.
    let tenth = [Self.split(0, 0.1, 1, 2), Self.leaf(1), Self.leaf(2)]
    #expect(value(try ensemble([tenth], rounds: true), [0.1, 0]) == 2)
    #expect(value(try ensemble([tenth], rounds: false), [0.1, 0]) == 1)
  }

  @Test func missingValuesGoWhereTheNodeSendsThem() throws {
    let trees = try ensemble([
      [
        Self.split(0, 0, 1, 2, missingGoesLeft: true), Self.leaf(1),
        Self.split(1, 0, 3, 4, missingGoesLeft: false), Self.leaf(3), Self.leaf(4),
      ]
    ])
    #expect(value(trees, [.nan, 0]) == 1)
    #expect(value(trees, [1, .nan]) == 4)
    #expect(value(trees, [1, -1]) == 3)
  }

  @Test func thresholdsMayBeInfinite() throws {
    let trees = try ensemble([[Self.split(0, .infinity, 1, 2), Self.leaf(1), Self.leaf(2)]])
    #expect(value(trees, [1e308, 0]) == 1)
  }

  @Test func deepTreesAreWalked() throws {
    // A chain: node 2·i splits into the leaf 2·i + 1 and the node 2·i + 2.
    let depth = 50_000
    var nodes: [Node] = []
    for level in 0..<depth {
      nodes.append(Self.split(0, Double(level), 2 * level + 1, 2 * level + 2))
      nodes.append(Self.leaf(Double(level)))
    }
    nodes.append(Self.leaf(-1))
    let trees = try ensemble([nodes])
    #expect(value(trees, [1e9, 0]) == -1)
    #expect(value(trees, [17.5, 0]) == 18)
  }

  @Test func noTreesAreAnEnsemble() throws {
    #expect(try ensemble([]).treeCount == 0)
  }

  @Test func categoriesAreBitsOfSets() throws {
    let known = TreeEnsemble.CategorySplit(left: [0b10], known: [0b110])
    let open = TreeEnsemble.CategorySplit(left: [0b10, 0b1], known: nil)
    for (split, missingGoesLeft, value, expected) in [
      (known, true, 1, 1), (known, true, 1.9, 1), (known, true, 2, 2), (known, true, 0, 1),
      (known, false, 0, 2), (known, true, -1, 1), (known, false, -0.5, 2), (known, true, 99, 1),
      (known, false, 1e300, 2), (open, true, 1, 1), (open, true, 0, 2), (open, true, 32, 1),
      (open, true, 33, 2), (open, true, -3, 2), (open, true, .nan, 1), (open, false, .nan, 2),
    ] as [(TreeEnsemble.CategorySplit, Bool, Double, Double)] {
      let trees = try ensemble([
        [
          Node(
            feature: 0, threshold: 0, left: 1, right: 2, missingGoesLeft: missingGoesLeft,
            categories: split), Self.leaf(1), Self.leaf(2),
        ]
      ])
      #expect(self.value(trees, [value, 0]) == expected, "\(value)")
    }
  }

  // MARK: Broken trees

  struct BrokenTree: Sendable, CustomTestStringConvertible {
    let nodes: [Node]
    let node: Int
    let reason: String
    var testDescription: String { reason }
  }

  @Test(arguments: [
    BrokenTree(nodes: [], node: 0, reason: "the tree is empty"),
    BrokenTree(
      nodes: [split(0, 0, 1, 3), leaf(1), leaf(2)], node: 0,
      reason: "child 3 does not exist among 3 nodes"),
    BrokenTree(
      nodes: [split(0, 0, 1, -1), leaf(1), leaf(2)], node: 0,
      reason: "child -1 does not exist among 3 nodes"),
    BrokenTree(
      nodes: [split(0, 0, .max, .min), leaf(1), leaf(2)], node: 0,
      reason: "child \(Int.max) does not exist among 3 nodes"),
    BrokenTree(
      nodes: [split(0, 0, 0, 1), leaf(1)], node: 0,
      reason: "child 0 does not exist among 2 nodes"),
    BrokenTree(
      nodes: [split(0, 0, 1, 2), split(0, 0, 0, 3), leaf(1), leaf(2)], node: 1,
      reason: "child 0 does not exist among 4 nodes"),
    BrokenTree(
      nodes: [split(0, 0, 1, 1), leaf(1)], node: 0, reason: "child 1 has two parents"),
    BrokenTree(
      nodes: [split(0, 0, 1, 2), split(0, 0, 2, 3), leaf(1), leaf(2)], node: 1,
      reason: "child 2 has two parents"),
    BrokenTree(
      nodes: [split(0, 0, 1, 2), split(0, 0, 1, 3), leaf(1), leaf(2)], node: 1,
      reason: "child 1 has two parents"),
    BrokenTree(
      nodes: [leaf(1), leaf(2)], node: 0, reason: "1 nodes are not reached from the root"),
    BrokenTree(
      nodes: [leaf(1), split(0, 0, 2, 3), split(0, 0, 1, 4), leaf(1), leaf(2)], node: 0,
      reason: "4 nodes are not reached from the root"),
    BrokenTree(
      nodes: [split(0, 0, 1, 2), leaf(1), leaf(2), split(0, 0, 3, 4), leaf(1)], node: 0,
      reason: "2 nodes are not reached from the root"),
    BrokenTree(
      nodes: [split(2, 0, 1, 2), leaf(1), leaf(2)], node: 0,
      reason: "feature 2 does not exist among 2"),
    BrokenTree(
      nodes: [split(-2, 0, 1, 2), leaf(1), leaf(2)], node: 0,
      reason: "feature -2 does not exist among 2"),
    BrokenTree(
      nodes: [split(0, .nan, 1, 2), leaf(1), leaf(2)], node: 0,
      reason: "the threshold is not a number"),
    BrokenTree(
      nodes: [split(0, 0, 1, 2), leaf(1), leaf(1, 2)], node: 0,
      reason: "the nodes have fields of different lengths"),
    BrokenTree(
      nodes: [leaf()], node: 0, reason: "the nodes have fields of different lengths"),
    BrokenTree(nodes: [leaf(.nan)], node: 0, reason: "the leaf has a value that is not finite"),
    BrokenTree(
      nodes: [leaf(-.infinity)], node: 0, reason: "the leaf has a value that is not finite"),
  ])
  func brokenTreesAreRefused(broken: BrokenTree) {
    #expect(
      throws: ModelError.badTree(tree: 1, node: broken.node, reason: broken.reason),
      performing: { try ensemble([[Self.leaf(0)], broken.nodes]) })
  }

  @Test func moreFeaturesThanNodesCanNameAreRefused() {
    #expect(throws: ModelError.self) {
      try ensemble(
        [[Self.split(1 << 40, 0, 1, 2), Self.leaf(1), Self.leaf(2)]], features: 1 << 41)
    }
  }

  // MARK: Random trees

  /// Grows a random tree of about `size` nodes, in random order but for the root.
  private func randomTree(size: Int, using random: inout SplitMix64) -> [Node] {
    var nodes = [Self.leaf(0)]
    while nodes.count < size {
      let leaf = nodes.indices.filter { nodes[$0].leaf != nil }.randomElement(using: &random) ?? 0
      nodes[leaf] = Self.split(
        .random(in: 0..<3, using: &random), Double(Int.random(in: -3...3, using: &random)),
        nodes.count, nodes.count + 1, missingGoesLeft: .random(using: &random))
      nodes += [Self.leaf(Double(nodes.count)), Self.leaf(Double(nodes.count + 1))]
    }
    return nodes
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func leavesAreThoseOfTheRecursiveWalk(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let nodes = randomTree(size: 31, using: &random)
    for comparison in [TreeEnsemble.Comparison.less, .lessOrEqual] {
      let trees = try ensemble([nodes], features: 3, comparison: comparison)
      for _ in 0..<50 {
        let row = (0..<3).map { _ in
          Int.random(in: 0..<8, using: &random) == 0
            ? .nan : Double(Int.random(in: -4...4, using: &random))
        }
        func walk(_ index: Int) -> Double? {
          let node = nodes[index]
          if let leaf = node.leaf { return leaf.first }
          let value = row[node.feature]
          let passes = comparison == .less ? value < node.threshold : value <= node.threshold
          return walk((value.isNaN ? node.missingGoesLeft : passes) ? node.left : node.right)
        }
        #expect(value(trees, row) == walk(0))
      }
    }
  }
}
