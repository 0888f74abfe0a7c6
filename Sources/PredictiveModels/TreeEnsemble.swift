/// Binary decision trees in one validated form, whatever library grew them.
///
/// What differs between libraries is data here: how a value is compared with a threshold, in which
/// precision, and where missing values go.
public struct TreeEnsemble: Sendable, Hashable {
  /// When a row goes to a node's left child.
  public enum Comparison: Hashable, Sendable {
    /// Where the value is at most the threshold.
    case lessOrEqual
    /// Where the value is below the threshold.
    case less
  }

  /// A node as a file has it.
  public struct Node: Sendable, Hashable {
    /// A leaf's values, one an output; `nil` for a split.
    public var leaf: [Double]?
    /// The feature that a split looks at.
    public var feature = 0
    /// What it is compared with.
    public var threshold = 0.0
    /// The child for values that pass the comparison.
    public var left = 0
    /// The child for the others.
    public var right = 0
    /// Whether a missing value goes left.
    public var missingGoesLeft = false

    /// Creates a leaf.
    public init(leaf: [Double]) {
      self.leaf = leaf
    }

    /// Creates a split.
    public init(feature: Int, threshold: Double, left: Int, right: Int, missingGoesLeft: Bool) {
      self.feature = feature
      self.threshold = threshold
      self.left = left
      self.right = right
      self.missingGoesLeft = missingGoesLeft
    }
  }

  /// The number of features that a row has.
  public let featureCount: Int
  /// The number of values of a leaf.
  public let outputCount: Int
  /// The number of trees.
  public var treeCount: Int { roots.count }
  private let comparison: Comparison
  private let roundsToSinglePrecision: Bool

  // All trees' nodes, one array a field; a leaf has itself as its left child.
  private var roots: [Int32] = []
  private var features: [Int32] = []
  private var thresholds: [Double] = []
  private var lefts: [Int32] = []
  private var rights: [Int32] = []
  private var missingGoesLeft: [Bool] = []
  /// Where a leaf's values begin in `leafValues`.
  private var leafStarts: [Int32] = []
  private var leafValues: [Double] = []

  /// Creates an ensemble.
  ///
  /// - Parameters:
  ///   - trees: Each tree's nodes; the first is the root.
  ///   - featureCount: The number of features of a row.
  ///   - outputCount: The number of values of a leaf.
  ///   - comparison: When a row goes left.
  ///   - roundsToSinglePrecision: Whether values are rounded before they are compared.
  /// - Throws: ``ModelError/badTree(tree:node:reason:)`` unless every tree is one: each node but the
  ///   root is the child of one node, features exist, numbers are finite, leaves have all values;
  ///   ``ModelError/badShape(_:)`` if there are more features than nodes can name.
  /// - Complexity: O(*nodes*).
  public init(
    trees: [[Node]], featureCount: Int, outputCount: Int, comparison: Comparison,
    roundsToSinglePrecision: Bool
  ) throws(ModelError) {
    guard (0...Int(Int32.max)).contains(featureCount) else {
      throw .badShape("\(featureCount) features are not a number that a tree can have")
    }
    self.featureCount = featureCount
    self.outputCount = outputCount
    self.comparison = comparison
    self.roundsToSinglePrecision = roundsToSinglePrecision
    for (index, nodes) in trees.enumerated() { try append(nodes, tree: index) }
  }

  private mutating func append(_ nodes: [Node], tree: Int) throws(ModelError) {
    guard !nodes.isEmpty else { throw .badTree(tree: tree, node: 0, reason: "the tree is empty") }
    let base = features.count
    guard base + nodes.count < Int(Int32.max) else {
      throw .badTree(tree: tree, node: 0, reason: "there are too many nodes")
    }
    roots.append(Int32(base))
    var hasParent = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      func bad(_ reason: String) -> ModelError { .badTree(tree: tree, node: index, reason: reason) }
      if let leaf = node.leaf {
        guard leaf.count == outputCount else {
          throw bad("the leaf has \(leaf.count) values where \(outputCount) belong")
        }
        guard leaf.allSatisfy(\.isFinite) else {
          throw bad("the leaf has a value that is not finite")
        }
        leafStarts.append(Int32(leafValues.count))
        leafValues += leaf
      } else {
        guard (0..<featureCount).contains(node.feature) else {
          throw bad("feature \(node.feature) does not exist among \(featureCount)")
        }
        guard !node.threshold.isNaN else { throw bad("the threshold is not a number") }
        for child in [node.left, node.right] {
          guard (1..<nodes.count).contains(child) else {
            throw bad("child \(child) does not exist among \(nodes.count) nodes")
          }
          guard !hasParent[child] else { throw bad("child \(child) has two parents") }
          hasParent[child] = true
        }
        leafStarts.append(-1)
      }
      features.append(Int32(node.feature))
      thresholds.append(node.threshold)
      lefts.append(Int32(base + (node.leaf == nil ? node.left : index)))
      rights.append(Int32(base + (node.leaf == nil ? node.right : index)))
      missingGoesLeft.append(node.missingGoesLeft)
    }
    // With one parent each, nodes that no path from the root reaches form cycles or other trees.
    var reached = 0
    var open = [0]
    while let index = open.popLast() {
      reached += 1
      if nodes[index].leaf == nil { open += [nodes[index].left, nodes[index].right] }
    }
    guard reached == nodes.count else {
      throw .badTree(
        tree: tree, node: 0, reason: "\(nodes.count - reached) nodes are not reached from the root")
    }
  }

  /// The leaf values that a row ends at in one tree.
  ///
  /// This is the plain predictor that every faster one must equal.
  ///
  /// - Complexity: O(*depth*).
  public func leaf(of row: ArraySlice<Double>, tree: Int) -> ArraySlice<Double> {
    precondition(row.count == featureCount, "a value for each feature")
    var node = Int(roots[tree])
    while leafStarts[node] < 0 {
      var value = row[row.startIndex + Int(features[node])]
      if roundsToSinglePrecision { value = Double(Float(value)) }
      let goesLeft =
        if value.isNaN {
          missingGoesLeft[node]
        } else {
          switch comparison {
          case .lessOrEqual: value <= thresholds[node]
          case .less: value < thresholds[node]
          }
        }
      node = Int(goesLeft ? lefts[node] : rights[node])
    }
    let start = Int(leafStarts[node])
    return leafValues[start..<start + outputCount]
  }
}
