internal import PredictiveModels

/// A tree of a booster's file.
///
/// Source: XGBoost's documentation of its model's JSON schema, and what versions 1.3 to 3.2 write.
struct XGBoostTree {
  /// The values of a leaf.
  let outputCount: Int
  let tree: TreeEnsemble.Tree

  /// The place that pruning leaves in `split_indices`: 2^31 - 1.
  private static let deletedFeature = Int(Int32.max)
  /// Categories are below that, by the library's own limit.
  private static let categoryCount = 1 << 24

  /// Reads a tree.
  ///
  /// - Parameters:
  ///   - object: The tree.
  ///   - index: Its place among the trees, for errors.
  ///   - wordCount: What the sets of categories may still take, in words of 32.
  /// - Throws: ``ModelFormatError``.
  init(_ object: FieldObject, index: Int, wordCount: inout Int) throws(ModelFormatError) {
    let parameters = try object.object("tree_param")
    let lefts = try object.integers("left_children")
    let rights = try object.integers("right_children")
    let features = try object.integers("split_indices")
    let conditions = try object.numbers("split_conditions").map { Double(Float($0)) }
    let defaults = try object.numbers("default_left").map { $0 != 0 }
    let types = object["split_type"] == nil ? [] : try object.integers("split_type")
    let count = lefts.count
    func bad(_ node: Int, _ reason: String) -> ModelFormatError {
      .model(.badTree(tree: index, node: node, reason: reason))
    }
    guard count > 0, try parameters.optionalCount("num_nodes") ?? count == count,
      [rights.count, features.count, conditions.count, defaults.count].allSatisfy({ $0 == count }),
      types.isEmpty || types.count == count
    else { throw bad(0, "the nodes have fields of different lengths") }
    if let node = lefts.firstIndex(where: { $0 < -1 }) {
      throw bad(node, "child \(lefts[node]) does not exist among \(count) nodes")
    }
    outputCount = max(1, try parameters.optionalCount("size_leaf_vector") ?? 1)
    var values = conditions
    if outputCount > 1 {
      values = try Self.vectors(object, lefts, rights, width: outputCount, bad)
    }
    var tree = TreeEnsemble.Tree(
      lefts: lefts, rights: rights, features: features, thresholds: conditions,
      missingGoesLeft: defaults, values: values)
    if try parameters.optionalCount("num_deleted") ?? 0 > 0 {
      tree.deleted = Set(lefts.indices.filter { features[$0] == Self.deletedFeature })
    }
    try Self.readCategories(
      object, isCategorical: types.map { $0 == 1 }, of: &tree, wordCount: &wordCount, bad)
    self.tree = tree
  }

  /// The leaves' vectors, nodes x outputs: `leaf_weights`, a row for each leaf, whose place is the
  /// leaf's right child; before 3.1 `base_weights`, a row for each node.
  private static func vectors(
    _ object: FieldObject, _ lefts: [Int], _ rights: [Int], width: Int,
    _ bad: (Int, String) -> ModelFormatError
  ) throws(ModelFormatError) -> [Double] {
    let hasLeafWeights = object["leaf_weights"] != nil
    let weights = try object.numbers(hasLeafWeights ? "leaf_weights" : "base_weights")
    // As many rows as leaves at least, so that a false width asks for no more than the file has.
    guard weights.count % width == 0, weights.count / width > lefts.count / 2 else {
      throw bad(0, "\(weights.count) weights are not rows of \(width)")
    }
    var values: [Double] = []
    values.reserveCapacity(weights.count)
    for node in lefts.indices {
      let row = hasLeafWeights && lefts[node] < 0 ? rights[node] : node
      guard lefts[node] < 0 else {
        values += repeatElement(0, count: width)
        continue
      }
      guard row >= 0, row < weights.count / width else {
        throw bad(node, "the leaf has no weights")
      }
      values += weights[row * width..<(row + 1) * width].map { Double(Float($0)) }
    }
    return values
  }

  /// Sets splits by category: those listed go right and all others left, so children change places.
  private static func readCategories(
    _ object: FieldObject, isCategorical: [Bool], of tree: inout TreeEnsemble.Tree,
    wordCount: inout Int, _ bad: (Int, String) -> ModelFormatError
  ) throws(ModelFormatError) {
    guard isCategorical.contains(true) else { return }
    let categories = try object.integers("categories")
    let nodes = try object.integers("categories_nodes")
    let starts = try object.integers("categories_segments")
    let sizes = try object.integers("categories_sizes")
    guard starts.count == nodes.count, sizes.count == nodes.count else {
      throw bad(0, "the lists of categories have different lengths")
    }
    tree.categories = [TreeEnsemble.CategorySplit?](repeating: nil, count: isCategorical.count)
    for (place, node) in nodes.enumerated() {
      guard isCategorical.indices.contains(node), isCategorical[node], tree.lefts[node] >= 0,
        tree.categories[node] == nil
      else { throw bad(node, "categories are listed for what is no split by them") }
      let (start, size) = (starts[place], sizes[place])
      guard start >= 0, size >= 0, start <= categories.count, size <= categories.count - start
      else { throw bad(node, "its categories are not in the list") }
      let listed = categories[start..<start + size]
      guard listed.allSatisfy({ (0..<categoryCount).contains($0) }) else {
        throw bad(node, "a category is none")
      }
      var words = [UInt32](repeating: 0, count: (listed.max() ?? 0) / 32 + 1)
      wordCount -= words.count
      guard wordCount >= 0 else { throw bad(node, "the sets of categories are too large") }
      for category in listed { words[category / 32] |= 1 << UInt32(category % 32) }
      tree.categories[node] = TreeEnsemble.CategorySplit(left: words, known: nil)
      (tree.lefts[node], tree.rights[node]) = (tree.rights[node], tree.lefts[node])
      tree.missingGoesLeft[node].toggle()
      tree.thresholds[node] = 0
    }
    if let node = isCategorical.indices.first(where: {
      isCategorical[$0] && tree.lefts[$0] >= 0 && tree.categories[$0] == nil
    }) {
      throw bad(node, "the split by category has no categories")
    }
  }
}
