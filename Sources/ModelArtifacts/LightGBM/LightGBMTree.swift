internal import InputReading
internal import PredictiveModels

extension TreeEnsemble.Tree {
  /// Reads a tree of LightGBM's text.
  ///
  /// There, splits and leaves are counted apart: a child below 0 is the leaf -1 - *child*. Here leaves
  /// stand behind the splits.
  ///
  /// - Parameters:
  ///   - section: The tree's lines.
  ///   - index: Its place among the trees, for errors.
  /// - Throws: ``ModelFormatError``.
  init(lightGBM section: LightGBMSection, index: Int) throws(ModelFormatError) {
    func bad(_ node: Int, _ reason: String) -> ModelFormatError {
      .model(.badTree(tree: index, node: node, reason: reason))
    }
    let leafCount = try section.count("num_leaves")
    let leafValues = try section.numbers("leaf_value")
    guard leafCount > 0, leafValues.count == leafCount else {
      throw bad(0, "there are \(leafValues.count) values of \(leafCount) leaves")
    }
    let splitCount = leafCount - 1
    // A tree of one leaf has lists of its own in some versions, and none in others.
    let isSplit = splitCount > 0
    let features = isSplit ? try section.integers("split_feature") : []
    let thresholds = isSplit ? try section.numbers("threshold") : []
    let types = isSplit ? try section.integers("decision_type") : []
    let children = [
      isSplit ? try section.integers("left_child") : [],
      isSplit ? try section.integers("right_child") : [],
    ]
    guard
      [features.count, thresholds.count, types.count, children[0].count, children[1].count]
        .allSatisfy({ $0 == splitCount })
    else { throw bad(0, "the splits have fields of different lengths") }
    var places: [[Int]] = []
    for list in children {
      var own: [Int] = []
      for (node, child) in list.enumerated() {
        guard child < splitCount, child >= -leafCount else {
          throw bad(node, "child \(child) does not exist among \(leafCount) leaves")
        }
        own.append(child >= 0 ? child : splitCount - 1 - child)
      }
      places.append(own)
    }
    let leaves = repeatElement(0, count: leafCount)
    self.init(
      lefts: places[0] + leaves.map { _ in -1 }, rights: places[1] + leaves.map { _ in -1 },
      features: features + leaves, thresholds: thresholds + leaves.map(Double.init),
      missingGoesLeft: types.map { $0 & 2 != 0 } + leaves.map { _ in false },
      values: [Double](repeating: 0, count: splitCount) + leafValues)
    missingRules = [TreeEnsemble.MissingRule](repeating: .notANumber, count: lefts.count)
    for (node, type) in types.enumerated() where type & 1 == 0 {
      switch type >> 2 & 3 {
      case 0: missingRules[node] = .none
      case 1: missingRules[node] = .zero
      case 2: missingRules[node] = .notANumber
      default: throw bad(node, "decision type \(type) does not exist")
      }
    }
    if types.contains(where: { $0 & 1 == 1 }) {
      try readCategories(section, types: types, bad)
    }
    if section["is_linear"] == "1" {
      try readLinearLeaves(section, splitCount: splitCount, leafCount: leafCount, bad)
    }
  }

  /// Sets splits by category, whose threshold is the place of a set in `cat_boundaries`.
  ///
  /// Missing values and strangers go right.
  private mutating func readCategories(
    _ section: LightGBMSection, types: [Int], _ bad: (Int, String) -> ModelFormatError
  ) throws(ModelFormatError) {
    let bounds = try section.integers("cat_boundaries")
    let words = try section.integers("cat_threshold")
    categories = [TreeEnsemble.CategorySplit?](repeating: nil, count: lefts.count)
    for (node, type) in types.enumerated() where type & 1 == 1 {
      guard let place = Int(exactly: thresholds[node]), place >= 0, place + 1 < bounds.count,
        bounds[place] >= 0, bounds[place] <= bounds[place + 1], bounds[place + 1] <= words.count
      else { throw bad(node, "its categories are not in the list") }
      var left: [UInt32] = []
      for word in words[bounds[place]..<bounds[place + 1]] {
        guard let word = UInt32(exactly: word) else {
          throw bad(node, "its categories are not bits")
        }
        left.append(word)
      }
      categories[node] = TreeEnsemble.CategorySplit(
        left: left, known: nil, roundsTowardsZero: true)
      missingGoesLeft[node] = false
      thresholds[node] = 0
    }
  }

  /// Sets leaves that add features, which are listed one leaf behind another.
  private mutating func readLinearLeaves(
    _ section: LightGBMSection, splitCount: Int, leafCount: Int,
    _ bad: (Int, String) -> ModelFormatError
  ) throws(ModelFormatError) {
    let constants = try section.numbers("leaf_const")
    let counts = try section.integers("num_features")
    let features = try section.integers("leaf_features")
    let coefficients = try section.numbers("leaf_coeff")
    guard constants.count == leafCount, counts.count == leafCount,
      features.count == coefficients.count,
      counts.allSatisfy({ $0 >= 0 && $0 <= features.count })
    else { throw bad(0, "the linear leaves have fields of different lengths") }
    linearLeaves = [TreeEnsemble.LinearLeaf?](repeating: nil, count: lefts.count)
    var start = 0
    for leaf in 0..<leafCount {
      let end = start + counts[leaf]
      guard end <= features.count else {
        throw bad(splitCount + leaf, "the leaf's features are not in the list")
      }
      linearLeaves[splitCount + leaf] = TreeEnsemble.LinearLeaf(
        constant: constants[leaf], features: Array(features[start..<end]),
        coefficients: Array(coefficients[start..<end]))
      start = end
    }
    guard start == features.count else { throw bad(0, "features belong to no linear leaf") }
  }
}
