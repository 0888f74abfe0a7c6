internal import PredictiveModels

/// The trees of a node, in the form that all trees have here.
///
/// Source: ONNX 1.23, docs/Operators-ml.md; ONNX Runtime 1.32, tree_ensemble_attribute.h.
struct ONNXTrees {
  private var trees: [TreeEnsemble.Tree] = []
  private var leaves: [[TreeScoring.Addition]] = []

  /// How a split's value is compared with its threshold, by the words of version 3 in the order of the
  /// numbers of version 5.
  private enum Mode: String, CaseIterable {
    case lessOrEqual = "BRANCH_LEQ"
    case less = "BRANCH_LT"
    case greaterOrEqual = "BRANCH_GTE"
    case greater = "BRANCH_GT"
    case equal = "BRANCH_EQ"
    case notEqual = "BRANCH_NEQ"
    case member = "BRANCH_MEMBER"
  }

  /// What a split is.
  private struct Split {
    let mode: Mode
    let feature: Int
    let threshold: Double
    /// Where a value goes for which the comparison is true.
    let yes: Int
    let no: Int
    /// Whether a missing value goes where the comparison is true.
    let missingIsTrue: Bool
    var members: Set<Double> = []
  }

  /// The scoring of all trees.
  func scoring(scoreCount: Int, starts: [Double]) throws(ModelFormatError) -> TreeScoring {
    do throws(ModelError) {
      let featureCount = trees.reduce(0) { max($0, ($1.features.max() ?? -1) + 1) }
      var ensemble = try TreeEnsemble(
        featureCount: featureCount, outputCount: 1, comparison: .lessOrEqual,
        roundsToSinglePrecision: false)
      for tree in trees { try ensemble.append(tree) }
      return try TreeScoring(
        trees: ensemble, leaves: leaves, scoreCount: scoreCount, starts: starts)
    } catch { throw .model(error) }
  }

  /// Sets a node of a tree to a split.
  private static func set(_ node: Int, of tree: inout TreeEnsemble.Tree, to split: Split) {
    // A comparison that is the opposite of another one has the children in the other order.
    let isOpposite = [.greater, .greaterOrEqual, .notEqual].contains(split.mode)
    tree.lefts[node] = isOpposite ? split.no : split.yes
    tree.rights[node] = isOpposite ? split.yes : split.no
    tree.features[node] = split.feature
    // What is missing equals nothing.
    let missingIsTrue = split.mode == .notEqual || split.missingIsTrue
    tree.missingGoesLeft[node] = missingIsTrue != isOpposite
    switch split.mode {
    case .lessOrEqual, .greater: tree.thresholds[node] = split.threshold
    // Below a number is at most the one before it.
    case .less, .greaterOrEqual: tree.thresholds[node] = split.threshold.nextDown
    case .equal, .notEqual: tree.members[node] = [split.threshold]
    case .member: tree.members[node] = split.members
    }
  }

  private static func tree(nodeCount: Int) -> TreeEnsemble.Tree {
    var tree = TreeEnsemble.Tree(
      lefts: [Int](repeating: -1, count: nodeCount),
      rights: [Int](repeating: -1, count: nodeCount),
      features: [Int](repeating: 0, count: nodeCount),
      thresholds: [Double](repeating: 0, count: nodeCount),
      missingGoesLeft: [Bool](repeating: false, count: nodeCount),
      values: [Double](repeating: 0, count: nodeCount))
    tree.members = [Set<Double>?](repeating: nil, count: nodeCount)
    return tree
  }

  // MARK: Versions 1 and 3

  /// A node's place in the lists: its tree and its number in it.
  private struct Key: Hashable {
    let tree: Int64
    let node: Int64
  }

  /// Reads the trees of `TreeEnsembleClassifier` and `TreeEnsembleRegressor`.
  ///
  /// Lists have an element for each node, with the numbers of its tree and of itself, or for each weight,
  /// with the numbers of its leaf and of the score that it is added to.
  ///
  /// - Parameters:
  ///   - node: The node.
  ///   - prefix: What the lists of weights begin with: `class` or `target`.
  /// - Throws: ``ModelFormatError``.
  init(_ node: ONNXNode, weights prefix: String) throws(ModelFormatError) {
    let treeIDs = node.integers("nodes_treeids")
    let nodeIDs = node.integers("nodes_nodeids")
    let features = node.integers("nodes_featureids")
    let modes = try node.texts("nodes_modes")
    let values = try node.doubles("nodes_values")
    let yes = node.integers("nodes_truenodeids")
    let no = node.integers("nodes_falsenodeids")
    let missing = node.integers("nodes_missing_value_tracks_true")
    let count = treeIDs.count
    guard
      [nodeIDs.count, features.count, modes.count, values.count, yes.count, no.count]
        .allSatisfy({ $0 == count }), missing.isEmpty || missing.count == count
    else {
      throw .model(
        .badTree(tree: 0, node: 0, reason: "the nodes have fields of different lengths"))
    }
    // Trees in the order of the file, nodes by their numbers: so the root, which is 0, comes first.
    var places: [Key: Int] = [:]
    var members: [(id: Int64, nodes: [Int])] = []
    var treePlaces: [Int64: Int] = [:]
    for index in 0..<count {
      guard
        places.updateValue(index, forKey: Key(tree: treeIDs[index], node: nodeIDs[index])) == nil
      else {
        throw .model(
          .badTree(
            tree: Int(treeIDs[index]), node: Int(nodeIDs[index]), reason: "it is there twice"))
      }
      if let place = treePlaces[treeIDs[index]] {
        members[place].nodes.append(index)
      } else {
        treePlaces[treeIDs[index]] = members.count
        members.append((treeIDs[index], [index]))
      }
    }
    var leafPlaces: [Key: Int] = [:]
    for (id, unsorted) in members {
      let indices = unsorted.sorted { nodeIDs[$0] < nodeIDs[$1] }
      let local = Dictionary(
        uniqueKeysWithValues: zip(indices.map { nodeIDs[$0] }, indices.indices))
      var tree = Self.tree(nodeCount: indices.count)
      for (own, index) in indices.enumerated() {
        func bad(_ reason: String) -> ModelFormatError {
          .model(.badTree(tree: Int(id), node: Int(nodeIDs[index]), reason: reason))
        }
        if modes[index] == "LEAF" {
          tree.values[own] = Double(leaves.count)
          leafPlaces[Key(tree: id, node: nodeIDs[index])] = leaves.count
          leaves.append([])
          continue
        }
        guard let mode = Mode(rawValue: modes[index]), mode != .member else {
          throw bad("the mode '\(modes[index])' is none")
        }
        guard let first = local[yes[index]], let second = local[no[index]] else {
          let child = local[yes[index]] == nil ? yes[index] : no[index]
          throw bad("child \(child) does not exist among \(indices.count) nodes")
        }
        guard features[index] >= 0, features[index] < Int64(Int32.max) else {
          throw bad("feature \(features[index]) does not exist")
        }
        Self.set(
          own, of: &tree,
          to: Split(
            mode: mode, feature: Int(features[index]), threshold: values[index], yes: first,
            no: second, missingIsTrue: !missing.isEmpty && missing[index] != 0))
      }
      trees.append(tree)
    }
    try readWeights(node, prefix: prefix, leafPlaces)
  }

  private mutating func readWeights(
    _ node: ONNXNode, prefix: String, _ leafPlaces: [Key: Int]
  ) throws(ModelFormatError) {
    let treeIDs = node.integers(prefix + "_treeids")
    let nodeIDs = node.integers(prefix + "_nodeids")
    let scores = node.integers(prefix + "_ids")
    let weights = try node.doubles(prefix + "_weights")
    guard nodeIDs.count == treeIDs.count, scores.count == treeIDs.count,
      weights.count == treeIDs.count
    else {
      throw node.error(prefix + "_weights", expected: "as long as the lists of their places")
    }
    for index in treeIDs.indices {
      guard let leaf = leafPlaces[Key(tree: treeIDs[index], node: nodeIDs[index])] else {
        throw .model(
          .badTree(
            tree: Int(treeIDs[index]), node: Int(nodeIDs[index]),
            reason: "a weight belongs to it, and it is no leaf"))
      }
      leaves[leaf].append(TreeScoring.Addition(score: Int(scores[index]), weight: weights[index]))
    }
  }

  // MARK: Version 5

  /// Reads the trees of `TreeEnsemble`.
  ///
  /// Splits and leaves have lists of their own, in which all trees stand, and children are places in
  /// one or the other.
  init(_ node: ONNXNode) throws(ModelFormatError) {
    func list(_ name: String) throws(ModelFormatError) -> [Double]? {
      guard let tensor = try node.tensor(name) else { return nil }
      do throws(TensorFault) { return try tensor.doubles() } catch {
        throw node.error(name, expected: "a tensor of numbers")
      }
    }
    let splits = try list("nodes_splits") ?? []
    let modes = try list("nodes_modes") ?? []
    let weights = try list("leaf_weights") ?? []
    let lists = [
      "nodes_featureids", "nodes_truenodeids", "nodes_trueleafs", "nodes_falsenodeids",
      "nodes_falseleafs",
    ].map { node.integers($0).map { Int($0) } }
    let missing = node.integers("nodes_missing_value_tracks_true")
    let targets = node.integers("leaf_targetids")
    let count = splits.count
    guard modes.count == count, lists.allSatisfy({ $0.count == count }),
      missing.isEmpty || missing.count == count, targets.count == weights.count
    else {
      throw .model(
        .badTree(tree: 0, node: 0, reason: "the nodes have fields of different lengths"))
    }
    for (target, weight) in zip(targets, weights) {
      leaves.append([TreeScoring.Addition(score: Int(target), weight: weight)])
    }
    // Sets stand one behind another, each ended by NaN, in the order of the splits that have one.
    var sets = (try list("membership_values") ?? []).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNaN
    ).map(Set.init).makeIterator()
    var members: [Int: Set<Double>] = [:]
    for index in 0..<count where Int(modes[index]) == 6 {
      guard let set = sets.next() else {
        throw node.error("membership_values", expected: "a set for each split by membership")
      }
      members[index] = set
    }
    var isUsed = [Bool](repeating: false, count: count)
    for (place, root) in node.integers("tree_roots").enumerated() {
      var tree = Self.tree(nodeCount: 0)
      /// Adds an empty node and gives its place.
      func add() -> Int {
        tree.lefts.append(-1)
        tree.rights.append(-1)
        tree.features.append(0)
        tree.thresholds.append(0)
        tree.missingGoesLeft.append(false)
        tree.values.append(0)
        tree.members.append(nil)
        return tree.lefts.count - 1
      }
      var open = [(index: Int(root), own: add())]
      while let (index, own) = open.popLast() {
        func bad(_ reason: String) -> ModelFormatError {
          .model(.badTree(tree: place, node: index, reason: reason))
        }
        guard isUsed.indices.contains(index) else { throw bad("it does not exist among \(count)") }
        guard !isUsed[index] else { throw bad("it has two parents") }
        isUsed[index] = true
        guard let number = Int(exactly: modes[index]), Mode.allCases.indices.contains(number),
          lists[0][index] >= 0, lists[0][index] < Int(Int32.max)
        else { throw bad("its mode or feature is none") }
        var children: [Int] = []
        for (child, isLeaf) in [
          (lists[1][index], lists[2][index]), (lists[3][index], lists[4][index]),
        ] {
          let made = add()
          children.append(made)
          if isLeaf == 0 {
            open.append((child, made))
          } else {
            guard leaves.indices.contains(child) else { throw bad("leaf \(child) does not exist") }
            tree.values[made] = Double(child)
          }
        }
        Self.set(
          own, of: &tree,
          to: Split(
            mode: Mode.allCases[number], feature: lists[0][index], threshold: splits[index],
            yes: children[0], no: children[1],
            missingIsTrue: !missing.isEmpty && missing[index] != 0, members: members[index] ?? []))
      }
      trees.append(tree)
    }
  }
}
