internal import NumericKernels

/// Binary decision trees in one validated form, whatever library grew them.
///
/// What differs between libraries is data here: how a value is compared with a threshold, in which
/// precision, and where missing values and unknown categories go.
public struct TreeEnsemble: Sendable, Hashable {
  /// When a row goes to a node's left child.
  public enum Comparison: Hashable, Sendable {
    /// Where the value is at most the threshold.
    case lessOrEqual
    /// Where the value is below the threshold.
    case less
  }

  /// What a node takes for a missing value, which goes where the node says.
  public enum MissingRule: UInt8, Hashable, Sendable, BitwiseCopyable {
    /// NaN.
    case notANumber
    /// Nothing: NaN counts as 0.
    case none
    /// NaN and 0.
    case zero

    /// The value that is compared; NaN where it is missing.
    func compared(_ value: Double) -> Double {
      switch self {
      case .notANumber: value
      case .none: value.isNaN ? 0 : value
      case .zero: value == 0 ? .nan : value
      }
    }
  }

  /// A leaf that adds features to its value: `constant` + the sum of `coefficients`·`features`.
  ///
  /// Where one of these features is missing, the leaf's own value counts instead.
  public struct LinearLeaf: Hashable, Sendable {
    /// What the sum begins with.
    public var constant: Double
    /// The features, in the order of the sum.
    public var features: [Int]
    /// One for each feature.
    public var coefficients: [Double]

    /// Creates a leaf.
    public init(constant: Double, features: [Int], coefficients: [Double]) {
      self.constant = constant
      self.features = features
      self.coefficients = coefficients
    }
  }

  /// A tree as a file has it: an array a field, with an element for each node; the first is the root.
  public struct Tree: Sendable {
    /// The child for values that pass the comparison; below 0 for a leaf.
    public var lefts: [Int]
    /// The child for the others.
    public var rights: [Int]
    /// The feature that a split looks at.
    public var features: [Int]
    /// What it is compared with.
    public var thresholds: [Double]
    /// Whether a missing value goes left; empty where none does.
    public var missingGoesLeft: [Bool]
    /// Row-major, *nodes* x *outputs*; those of splits are not looked at.
    public var values: [Double]
    /// The categories that go left, where a node's split is by category; empty where none is.
    public var categories: [CategorySplit?]
    /// The values that go left, where a node's split is by being one of them; empty where none is.
    public var members: [Set<Double>?] = []
    /// What each node takes for a missing value; empty where it is NaN.
    public var missingRules: [MissingRule] = []
    /// The leaves that add features, where there are any; their ensemble has one value a leaf.
    public var linearLeaves: [LinearLeaf?] = []
    /// Places of the arrays that are no part of the tree, as pruning leaves them.
    public var deleted: Set<Int> = []

    /// Creates a tree.
    public init(
      lefts: [Int], rights: [Int], features: [Int], thresholds: [Double],
      missingGoesLeft: [Bool] = [], values: [Double], categories: [CategorySplit?] = []
    ) {
      self.lefts = lefts
      self.rights = rights
      self.features = features
      self.thresholds = thresholds
      self.missingGoesLeft = missingGoesLeft
      self.values = values
      self.categories = categories
    }
  }

  /// A split by category: a value's whole part is a bit of these sets.
  public struct CategorySplit: Sendable, Hashable {
    /// The categories that go left.
    public var left: [UInt32]
    /// The categories that were seen in training, of which the others go right and strangers where
    /// missing values go; `nil` where everything else goes right.
    public var known: [UInt32]?
    /// Whether a value between -1 and 0 is category 0, and not below all.
    public var roundsTowardsZero: Bool

    /// Creates a split.
    public init(left: [UInt32], known: [UInt32]?, roundsTowardsZero: Bool = false) {
      self.left = left
      self.known = known
      self.roundsTowardsZero = roundsTowardsZero
    }

    /// Whether a value goes left; `nil` where it goes where missing values go.
    func goesLeft(_ value: Double) -> Bool? {
      let isInRange = value > -1 && value < Double(32 * max(left.count, known?.count ?? 0))
      guard isInRange, value >= 0 || roundsTowardsZero else { return known == nil ? false : nil }
      if Self.contains(left, Int(value)) { return true }
      guard let known else { return false }
      return Self.contains(known, Int(value)) ? false : nil
    }

    private static func contains(_ words: [UInt32], _ index: Int) -> Bool {
      index / 32 < words.count && words[index / 32] >> UInt32(index % 32) & 1 == 1
    }
  }

  /// A split that is no comparison with a threshold.
  private enum SetSplit: Sendable, Hashable {
    case categories(CategorySplit)
    case members(Set<Double>)

    /// Whether a value goes left; `nil` where it goes where missing values go.
    func goesLeft(_ value: Double) -> Bool? {
      switch self {
      case .categories(let split): split.goesLeft(value)
      case .members(let members): members.contains(value)
      }
    }
  }

  /// A node in memory.
  private struct Node: Sendable, Hashable, BitwiseCopyable {
    var threshold: Double
    /// Below 0 for a leaf.
    var left: Int32
    /// For a leaf where its values begin.
    var right: Int32
    var feature: Int32
    /// The place in `setSplits`, or below 0.
    var setSplit: Int32 = -1
    var missingGoesLeft = false
    var missingRule = MissingRule.notANumber
  }

  /// The number of features that a row has.
  public let featureCount: Int
  /// The number of values of a leaf.
  public let outputCount: Int
  /// Whether values are rounded to single precision before they are compared.
  public let roundsToSinglePrecision: Bool
  /// The number of trees.
  public var treeCount: Int { roots.count }
  private let comparison: Comparison
  private let zeroThreshold: Double

  // All trees' nodes, one tree behind another.
  private var roots: [Int32] = []
  private var nodes: [Node] = []
  private var leafValues: [Double] = []
  private var setSplits: [SetSplit] = []
  private var hasMissingRules = false
  /// By the place of their own value.
  private var linearLeaves: [Int: LinearLeaf] = [:]

  /// The bytes that nodes and values take in memory.
  public var byteCount: Int {
    nodes.count * MemoryLayout<Node>.stride + leafValues.count * MemoryLayout<Double>.stride
  }

  /// Creates an ensemble of no trees.
  ///
  /// - Parameters:
  ///   - featureCount: The number of features of a row.
  ///   - outputCount: The number of values of a leaf, at least 1.
  ///   - comparison: When a row goes left.
  ///   - roundsToSinglePrecision: Whether values are rounded before they are compared.
  ///   - zeroThreshold: How far from 0 a value may be to count as 0.
  /// - Throws: ``ModelError/badShape(_:)`` if there are more features than nodes can name.
  public init(
    featureCount: Int, outputCount: Int, comparison: Comparison, roundsToSinglePrecision: Bool,
    zeroThreshold: Double = 0
  ) throws(ModelError) {
    guard (0...Int(Int32.max)).contains(featureCount), outputCount > 0 else {
      throw .badShape("\(featureCount) features are not a number that a tree can have")
    }
    self.featureCount = featureCount
    self.outputCount = outputCount
    self.comparison = comparison
    self.zeroThreshold = zeroThreshold
    self.roundsToSinglePrecision = roundsToSinglePrecision
  }

  /// Makes room for trees that are to be added.
  ///
  /// - Parameters:
  ///   - nodeCount: The number of all their nodes.
  ///   - leafValueCount: The number of all their leaves' values.
  public mutating func reserveRoom(nodeCount: Int, leafValueCount: Int) {
    nodes.reserveLargeCapacity(nodes.count + nodeCount)
    leafValues.reserveLargeCapacity(leafValues.count + leafValueCount)
  }

  /// Adds a tree.
  ///
  /// - Throws: ``ModelError/badTree(tree:node:reason:)`` unless it is one: each node but the root is
  ///   the child of one node, features exist, numbers are finite, nodes have all values.
  /// - Complexity: O(*nodes*).
  public mutating func append(_ tree: Tree) throws(ModelError) {
    let index = treeCount
    let count = tree.lefts.count
    func bad(_ node: Int, _ reason: String) -> ModelError {
      .badTree(tree: index, node: node, reason: reason)
    }
    guard count > 0 else { throw bad(0, "the tree is empty") }
    guard tree.rights.count == count, tree.features.count == count,
      tree.thresholds.count == count, tree.values.count == count * outputCount,
      tree.missingGoesLeft.isEmpty || tree.missingGoesLeft.count == count,
      tree.categories.isEmpty || tree.categories.count == count,
      tree.members.isEmpty || tree.members.count == count,
      tree.missingRules.isEmpty || tree.missingRules.count == count,
      tree.linearLeaves.isEmpty || (tree.linearLeaves.count == count && outputCount == 1)
    else { throw bad(0, "the nodes have fields of different lengths") }
    let base = nodes.count
    guard base + count < Int(Int32.max), leafValues.count + tree.values.count < Int(Int32.max)
    else { throw bad(0, "there are too many nodes") }
    roots.append(Int32(base))
    var hasParent = [Bool](repeating: false, count: count)
    for node in 0..<count {
      guard !tree.deleted.contains(node) else {
        nodes.append(Node(threshold: 0, left: -1, right: 0, feature: 0))
        continue
      }
      let left = tree.lefts[node]
      guard left >= 0 else {
        let values = tree.values[node * outputCount..<(node + 1) * outputCount]
        guard values.allSatisfy(\.isFinite) else {
          throw bad(node, "the leaf has a value that is not finite")
        }
        nodes.append(
          Node(threshold: 0, left: -1, right: Int32(leafValues.count), feature: 0))
        if !tree.linearLeaves.isEmpty, let linear = tree.linearLeaves[node] {
          guard linear.features.count == linear.coefficients.count,
            linear.features.allSatisfy({ (0..<featureCount).contains($0) }),
            linear.constant.isFinite, linear.coefficients.allSatisfy(\.isFinite)
          else { throw bad(node, "the leaf's features and coefficients do not fit") }
          linearLeaves[leafValues.count] = linear
        }
        leafValues += values
        continue
      }
      let right = tree.rights[node]
      let feature = tree.features[node]
      guard feature >= 0, feature < featureCount else {
        throw bad(node, "feature \(feature) does not exist among \(featureCount)")
      }
      guard !tree.thresholds[node].isNaN else { throw bad(node, "the threshold is not a number") }
      for child in [left, right] {
        guard child > 0, child < count else {
          throw bad(node, "child \(child) does not exist among \(count) nodes")
        }
        guard !tree.deleted.contains(child) else {
          throw bad(node, "child \(child) was deleted")
        }
        guard !hasParent[child] else { throw bad(node, "child \(child) has two parents") }
        hasParent[child] = true
      }
      var made = Node(
        threshold: tree.thresholds[node], left: Int32(base + left), right: Int32(base + right),
        feature: Int32(feature),
        missingGoesLeft: tree.missingGoesLeft.isEmpty ? false : tree.missingGoesLeft[node],
        missingRule: tree.missingRules.isEmpty ? .notANumber : tree.missingRules[node])
      var split = tree.members.isEmpty ? nil : tree.members[node].map(SetSplit.members)
      if !tree.categories.isEmpty, let categories = tree.categories[node] {
        split = .categories(categories)
      }
      if made.missingRule != .notANumber { hasMissingRules = true }
      if let split {
        made.setSplit = Int32(setSplits.count)
        setSplits.append(split)
      }
      nodes.append(made)
    }
    // With one parent each, nodes that no path from the root reaches form cycles or other trees.
    var reached = 0
    var open = [base]
    while let node = open.popLast() {
      reached += 1
      if nodes[node].left >= 0 {
        open.append(Int(nodes[node].left))
        open.append(Int(nodes[node].right))
      }
    }
    let left = count - tree.deleted.count - reached
    guard left == 0 else {
      throw bad(0, "\(left) nodes are not reached from the root")
    }
  }

  /// Lays trees out for blocks of rows.
  ///
  /// - Parameters:
  ///   - weights: What trees' values are multiplied with, of the first trees.
  ///   - scores: The score that each tree's first value is added to.
  ///   - scoreCount: The number of scores.
  ///   - precision: What values are compared in; in single precision, if trees do not round to it, for
  ///     values that it holds exactly.
  ///   - sumPrecision: What products and sums are rounded to.
  /// - Returns: the trees; `nil` where the layout does not hold them.
  func forest(
    weights: [Double], scores: [Int], scoreCount: Int, precision: Forest.Precision,
    sumPrecision: Forest.Precision
  ) -> Forest? {
    guard linearLeaves.isEmpty, featureCount > 0 else { return nil }
    var columns: [Forest.Column: Int] = [:]
    var order: [Forest.Column] = []
    func column(of node: Node, missingGoesLeft: Bool) -> Int {
      let column = Forest.Column(
        feature: Int(node.feature), zeroThreshold: zeroThreshold,
        missingIsZero: node.missingRule == .none, zeroIsMissing: node.missingRule == .zero,
        missingGoesLeft: missingGoesLeft)
      if let known = columns[column] { return known }
      columns[column] = order.count
      order.append(column)
      return order.count - 1
    }
    var trees: [Forest.Tree] = []
    trees.reserveCapacity(weights.count)
    for (index, weight) in weights.enumerated() {
      let base = Int(roots[index])
      let end = index + 1 < roots.count ? Int(roots[index + 1]) : nodes.count
      var made: [Forest.Node] = []
      made.reserveCapacity(end - base)
      for node in nodes[base..<end] {
        if node.left < 0 {
          made.append(.leaf(Int(node.right)))
        } else if node.setSplit >= 0 {
          guard case .categories(let split) = setSplits[Int(node.setSplit)] else { return nil }
          made.append(
            .categories(
              column: column(of: node, missingGoesLeft: false),
              Forest.CategorySplit(
                left: split.left, known: split.known, roundsTowardsZero: split.roundsTowardsZero,
                missingGoesLeft: node.missingGoesLeft),
              left: Int(node.left) - base, right: Int(node.right) - base))
        } else {
          guard let threshold = greatestPassing(node.threshold, precision) else { return nil }
          made.append(
            .split(
              column: column(of: node, missingGoesLeft: node.missingGoesLeft),
              atMost: threshold, left: Int(node.left) - base, right: Int(node.right) - base))
        }
      }
      trees.append(Forest.Tree(nodes: made, factor: weight, score: scores[index]))
    }
    return Forest(
      trees: trees, columns: order, leafValues: leafValues, outputCount: outputCount,
      featureCount: featureCount, scoreCount: scoreCount, precision: precision,
      sumPrecision: sumPrecision)
  }

  /// The greatest number of a precision that goes left of a threshold; `nil` where none does.
  private func greatestPassing(_ threshold: Double, _ precision: Forest.Precision) -> Double? {
    switch precision {
    case .double:
      let greatest = comparison == .less ? threshold.nextDown : threshold
      return comparison == .less && threshold == -.infinity ? nil : greatest
    case .single:
      var greatest = Float(threshold)
      if Double(greatest) > threshold || (comparison == .less && Double(greatest) == threshold) {
        guard greatest > -.infinity else { return nil }
        greatest = greatest.nextDown
      }
      return Double(greatest)
    }
  }

  /// The leaf values that a row ends at in one tree.
  ///
  /// - Complexity: O(*depth*).
  public func leaf(of row: ArraySlice<Double>, tree: Int) -> ArraySlice<Double> {
    precondition(row.count == featureCount, "a value for each feature")
    let values = Array(row)
    let start = leafStart(of: values.span, from: 0, tree: tree)
    return leafValues[start..<start + outputCount]
  }

  /// Adds a tree's leaf values for one row.
  ///
  /// - Parameters:
  ///   - tree: The tree's index.
  ///   - values: Rows of features.
  ///   - start: Where the row begins in them.
  ///   - factor: What the values are multiplied with.
  ///   - sums: What they are added to.
  ///   - sumStart: Where in it the first is added.
  func add(
    tree: Int, values: Span<Double>, from start: Int, times factor: Double,
    to sums: inout MutableSpan<Double>, from sumStart: Int
  ) {
    let leaf = leafStart(of: values, from: start, tree: tree)
    for output in 0..<outputCount { sums[sumStart + output] += factor * leafValues[leaf + output] }
  }

  /// Adds a tree's leaf values for one row, in single precision or with leaves that add features.
  ///
  /// - Parameters:
  ///   - tree: The tree's index.
  ///   - values: Rows of features.
  ///   - start: Where the row begins in them.
  ///   - factor: What the values are multiplied with.
  ///   - isSinglePrecision: Whether every product and every sum is rounded to single precision.
  ///   - sums: What they are added to.
  ///   - sumStart: Where in it the first is added.
  func add(
    tree: Int, values: Span<Double>, from start: Int, times factor: Double,
    isSinglePrecision: Bool, to sums: inout MutableSpan<Double>, from sumStart: Int
  ) {
    guard isSinglePrecision || !linearLeaves.isEmpty else {
      add(tree: tree, values: values, from: start, times: factor, to: &sums, from: sumStart)
      return
    }
    let leaf = leafStart(of: values, from: start, tree: tree)
    for output in 0..<outputCount {
      var value = leafValues[leaf + output]
      if let linear = linearLeaves[leaf] {
        value = linear.value(of: values, from: start) ?? value
      }
      let place = sumStart + output
      if isSinglePrecision {
        // Doubles hold products of two floats exactly, and sums well enough to round them once.
        let product = Double(Float(factor * value))
        sums[place] = Double(Float(sums[place] + product))
      } else {
        sums[place] += factor * value
      }
    }
  }

  /// The first leaf value that a row ends at in one tree.
  ///
  /// - Parameters:
  ///   - tree: The tree's index.
  ///   - values: Rows of features.
  ///   - start: Where the row begins in them.
  /// - Returns: the value.
  func leafValue(tree: Int, values: Span<Double>, from start: Int) -> Double {
    leafValues[leafStart(of: values, from: start, tree: tree)]
  }

  private func leafStart(of values: Span<Double>, from start: Int, tree: Int) -> Int {
    let nodes = nodes.span
    var node = Int(roots[tree])
    guard setSplits.isEmpty, zeroThreshold == 0, !hasMissingRules else {
      return leafStartBySets(of: values, from: start, root: node)
    }
    // Where a row goes is a coin's toss to the processor, so nothing branches on it.
    while nodes[node].left >= 0 {
      let threshold = nodes[node].threshold
      var value = values[start + Int(nodes[node].feature)]
      if roundsToSinglePrecision { value = Double(Float(value)) }
      let passes = comparison == .less ? value < threshold : value <= threshold
      let isMissing = value != value
      let goesLeft = passes != (isMissing && nodes[node].missingGoesLeft)
      node = Int(goesLeft ? nodes[node].left : nodes[node].right)
    }
    return Int(nodes[node].right)
  }

  private func leafStartBySets(of values: Span<Double>, from start: Int, root: Int) -> Int {
    var node = nodes[root]
    while node.left >= 0 {
      var value = values[start + Int(node.feature)]
      if roundsToSinglePrecision { value = Double(Float(value)) }
      if abs(value) <= zeroThreshold { value = 0 }
      if node.missingRule != .notANumber { value = node.missingRule.compared(value) }
      let goesLeft: Bool
      if value.isNaN {
        goesLeft = node.missingGoesLeft
      } else if node.setSplit >= 0 {
        goesLeft = setSplits[Int(node.setSplit)].goesLeft(value) ?? node.missingGoesLeft
      } else {
        switch comparison {
        case .lessOrEqual: goesLeft = value <= node.threshold
        case .less: goesLeft = value < node.threshold
        }
      }
      node = nodes[Int(goesLeft ? node.left : node.right)]
    }
    return Int(node.right)
  }
}

extension TreeEnsemble.LinearLeaf {
  /// The leaf's value for a row; `nil` where a feature of it is missing.
  fileprivate func value(of values: Span<Double>, from start: Int) -> Double? {
    var sum = constant
    for (feature, coefficient) in zip(features, coefficients) {
      let value = values[start + feature]
      if value.isNaN { return nil }
      sum += coefficient * value
    }
    return sum
  }
}
