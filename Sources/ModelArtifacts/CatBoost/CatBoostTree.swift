internal import PredictiveModels

/// The features of a CatBoost model, all of them numbers.
struct CatBoostFeatures {
  /// The number of features of a row.
  let count: Int
  /// Their names, where all have one.
  let names: [String]?
  /// The numbers' places among all features, and whether a missing value goes left.
  private let places: [(feature: Int, missingGoesLeft: Bool)]

  init(_ info: FieldObject) throws(ModelFormatError) {
    for kind in ["categorical", "text", "embedding"] {
      if info["\(kind)_features"] != nil, try !info.array("\(kind)_features").isEmpty {
        throw .unsupported("a CatBoost model of \(kind) features")
      }
    }
    var places: [(feature: Int, missingGoesLeft: Bool)] = []
    var names: [String] = []
    for (index, value) in try info.array("float_features").enumerated() {
      let feature = try FieldObject(value, path: "\(info.path).float_features[\(index)]")
      guard try feature.optionalCount("feature_index") == index,
        try feature.optionalCount("flat_feature_index") == index
      else { throw feature.error("feature_index", expected: "\(index)") }
      let treatment = feature.optionalString("nan_value_treatment") ?? "AsIs"
      guard ["AsIs", "AsFalse", "AsTrue"].contains(treatment) else {
        throw .unsupported("a missing value taken '\(treatment)'")
      }
      places.append((index, treatment != "AsTrue"))
      names.append(feature.optionalString("feature_id") ?? "")
    }
    guard !places.isEmpty else {
      throw info.error("float_features", expected: "a list of features")
    }
    self.places = places
    count = places.count
    // Those of no name are told by none, or by their number.
    let isNamed = names.indices.contains { names[$0] != "" && names[$0] != "\($0)" }
    self.names = isNamed && !names.contains("") ? names : nil
  }

  /// A split's feature, what it is compared with, and whether a missing value goes left.
  func split(
    _ object: FieldObject
  ) throws(ModelFormatError) -> (feature: Int, border: Double, missingGoesLeft: Bool) {
    let kind = object.optionalString("split_type") ?? "FloatFeature"
    guard kind == "FloatFeature" else {
      throw .unsupported("CatBoost's split of the kind '\(kind)'")
    }
    guard let place = try object.optionalCount("float_feature_index"), place < places.count else {
      throw object.error("float_feature_index", expected: "one of \(places.count) features")
    }
    guard case .number(let border) = object["border"] else {
      throw object.error("border", expected: "a number")
    }
    return (places[place].feature, Double(Float(border)), places[place].missingGoesLeft)
  }
}

extension TreeEnsemble.Tree {
  /// Levels of an oblivious tree; the library has 16 at most.
  private static let deepest = 16

  /// An empty tree that nodes are put into.
  private init() {
    self.init(lefts: [], rights: [], features: [], thresholds: [], missingGoesLeft: [], values: [])
  }

  /// Adds a node without children.
  private mutating func addLeaf(_ leaf: [Double]) {
    lefts.append(-1)
    rights.append(-1)
    features.append(0)
    thresholds.append(0)
    missingGoesLeft.append(false)
    values += leaf
  }

  /// Makes a node a split.
  private mutating func setSplit(
    _ node: Int, _ split: (feature: Int, border: Double, missingGoesLeft: Bool), left: Int,
    right: Int
  ) {
    lefts[node] = left
    rights[node] = right
    features[node] = split.feature
    thresholds[node] = split.border
    missingGoesLeft[node] = split.missingGoesLeft
  }

  /// Reads a tree with one split a level: the last one's is the root's, the first one's that above the
  /// leaves.
  init(
    obliviousCatBoost object: FieldObject, _ known: CatBoostFeatures, width: Int
  ) throws(ModelFormatError) {
    var splits: [(feature: Int, border: Double, missingGoesLeft: Bool)] = []
    if object["splits"] != nil, object["splits"] != .null {
      for (level, value) in try object.array("splits").enumerated() {
        splits.append(
          try known.split(FieldObject(value, path: "\(object.path).splits[\(level)]")))
      }
    }
    let leaves = try object.numbers("leaf_values")
    guard splits.count <= Self.deepest, leaves.count == width << splits.count else {
      throw object.error(
        "leaf_values", expected: "\(width) for each leaf below \(splits.count) splits")
    }
    self.init()
    for (level, split) in splits.reversed().enumerated() {
      for node in (1 << level) - 1..<(2 << level) - 1 {
        addLeaf([Double](repeating: 0, count: width))
        setSplit(node, split, left: 2 * node + 1, right: 2 * node + 2)
      }
    }
    for start in stride(from: 0, to: leaves.count, by: width) {
      addLeaf(Array(leaves[start..<start + width]))
    }
  }

  /// Reads a tree whose splits stand inside one another.
  init(
    catBoost root: FieldObject, _ known: CatBoostFeatures, width: Int
  ) throws(ModelFormatError) {
    self.init()
    addLeaf([Double](repeating: 0, count: width))
    var open = [(node: 0, object: root)]
    while let (node, object) = open.popLast() {
      guard object["split"] != nil else {
        let leaf: [Double]
        if case .number(let value) = object["value"] {
          leaf = [value]
        } else {
          leaf = try object.numbers("value")
        }
        guard leaf.count == width else {
          throw object.error("value", expected: "\(width) numbers")
        }
        values.replaceSubrange(node * width..<(node + 1) * width, with: leaf)
        continue
      }
      let split = try known.split(object.object("split"))
      setSplit(node, split, left: lefts.count, right: lefts.count + 1)
      for side in ["left", "right"] {
        open.append((lefts.count, try object.object(side)))
        addLeaf([Double](repeating: 0, count: width))
      }
    }
  }
}
