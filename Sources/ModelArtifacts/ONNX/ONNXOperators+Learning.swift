internal import PredictiveModels

/// The operators for classic machine learning.
extension ONNXOperators {
  static let learning: [String: Maker] = Dictionary(
    uniqueKeysWithValues: learningByName.map { ("\(ONNXNode.machineLearning).\($0)", $1) })

  private static let learningByName: [String: Maker] = [
    "TreeEnsembleClassifier": { node throws(ModelFormatError) in
      let classes = try classNames(node, "classlabels_strings", "classlabels_int64s")
      let scoring = try ONNXTrees(node, weights: "class").scoring(
        scoreCount: classes.count, starts: try node.doubles("base_values"))
      return scoring.classifier(classes, transform: try node.transform())
    },
    "TreeEnsembleRegressor": { node throws(ModelFormatError) in
      let scoring = try ONNXTrees(node, weights: "target").scoring(
        scoreCount: try count(node, "n_targets"), starts: try node.doubles("base_values"))
      return scoring.regressor(
        try node.choice("aggregate_function", TreeAggregation.self)?.aggregation ?? .sum,
        transform: try node.transform(), keepsKind: false)
    },
    "TreeEnsemble": { node throws(ModelFormatError) in
      let scoring = try ONNXTrees(node).scoring(
        scoreCount: try count(node, "n_targets"), starts: [])
      let transforms: [ScoreTransform] = [.none, .softmax, .logistic, .softmaxZero, .probit]
      let aggregations: [TreeScoring.Aggregation] = [.mean, .sum, .least, .greatest]
      let transform = try node.integer("post_transform") ?? 0
      let aggregation = try node.integer("aggregate_function") ?? 1
      guard transforms.indices.contains(transform), aggregations.indices.contains(aggregation)
      else { throw .unsupported("\(node.name) with an aggregation or transform of that number") }
      return scoring.regressor(
        aggregations[aggregation], transform: transforms[transform], keepsKind: true)
    },
    "LinearClassifier": { node throws(ModelFormatError) in
      .linearClassifier(
        weights: node.numbers("coefficients"), starts: node.numbers("intercepts"),
        classes: try classNames(node, "classlabels_strings", "classlabels_ints"),
        transform: try node.transform())
    },
    "LinearRegressor": { node throws(ModelFormatError) in
      .linearRegressor(
        weights: node.numbers("coefficients"), starts: node.numbers("intercepts"),
        targetCount: try count(node, "targets"), transform: try node.transform())
    },
    "SVMRegressor": { node throws(ModelFormatError) in
      let count = try node.integer("n_supports") ?? 0
      let start = node.numbers("rho").first ?? 0
      guard count > 0 else {
        return .linearRegressor(
          weights: node.numbers("coefficients"), starts: [start], targetCount: 1,
          transform: try node.transform())
      }
      guard try node.transform() == .none else {
        throw .unsupported("\(node.name) with a transform")
      }
      let isOneClass = try node.truth("one_class") ?? false
      return try operation(node, vectorCount: count) { vectors throws(ModelError) in
        try vectors.regressor(
          weights: node.numbers("coefficients"), start: start, isOneClass: isOneClass)
      }
    },
    "SVMClassifier": { node throws(ModelFormatError) in
      let sizes = node.places("vectors_per_class") ?? []
      guard !sizes.isEmpty else { throw .unsupported("\(node.name) without support vectors") }
      let classes = try classNames(node, "classlabels_strings", "classlabels_ints")
      let decisions = SupportVectors.Decisions(
        classSizes: sizes, weights: node.numbers("coefficients"), starts: node.numbers("rho"),
        slopes: node.numbers("prob_a"), heights: node.numbers("prob_b"))
      let transform = try node.transform()
      let count = sizes.reduce(0) { $0 &+ $1 }
      return try operation(node, vectorCount: count) { vectors throws(ModelError) in
        try vectors.classifier(classes, decisions, transform: transform)
      }
    },
    "Scaler": { node throws(ModelFormatError) in
      .scaling(offset: node.numbers("offset"), scale: node.numbers("scale"))
    },
    "Binarizer": { node throws(ModelFormatError) in
      .binarization(threshold: try node.number("threshold") ?? 0)
    },
    "Normalizer": { node throws(ModelFormatError) in
      .rowNormalization(
        try node.choice("norm", TensorOperation.RowMeasure.self) ?? .greatest)
    },
    "Imputer": { node throws(ModelFormatError) in
      if node.has("imputed_value_int64s") {
        return .imputation(
          node.integers("imputed_value_int64s").map(Double.init),
          replacing: Double(try node.integer("replaced_value_int64") ?? 0))
      }
      return .imputation(
        node.numbers("imputed_value_floats").map(Double.init),
        replacing: try node.number("replaced_value_float") ?? 0)
    },
    "OneHotEncoder": { node throws(ModelFormatError) in
      guard let categories = try node.classes(texts: "cats_strings", integers: "cats_int64s")
      else { throw node.error("cats_int64s", expected: "a list of categories") }
      return .oneHot(categories, takesOthers: try node.truth("zeros") ?? true)
    },
    // A map from each class to its score is here a row of scores.
    "ZipMap": { node throws(ModelFormatError) in
      _ = try classNames(node, "classlabels_strings", "classlabels_int64s")
      return .identity
    },
    "LabelEncoder": { node throws(ModelFormatError) in try ONNXLabels.encoder(node) },
  ]

  /// The words for what is made of the trees' values.
  private enum TreeAggregation: String {
    case sum = "SUM"
    case mean = "AVERAGE"
    case least = "MIN"
    case greatest = "MAX"

    var aggregation: TreeScoring.Aggregation {
      switch self {
      case .sum: .sum
      case .mean: .mean
      case .least: .least
      case .greatest: .greatest
      }
    }
  }

  /// An operation by a node's support vectors.
  private static func operation(
    _ node: ONNXNode, vectorCount: Int,
    _ make: (SupportVectors) throws(ModelError) -> TensorOperation
  ) throws(ModelFormatError) -> TensorOperation {
    let kernel = try node.choice("kernel_type", SupportKernel.self) ?? .linear
    do throws(ModelError) {
      return try make(
        SupportVectors(
          kernel: kernel, parameters: node.numbers("kernel_params"),
          vectors: node.numbers("support_vectors"), count: vectorCount))
    } catch { throw .model(error) }
  }

  /// The classes of a classifier; at least two.
  private static func classNames(
    _ node: ONNXNode, _ texts: String, _ integers: String
  ) throws(ModelFormatError) -> ClassNames {
    guard let classes = try node.classes(texts: texts, integers: integers), classes.count > 0 else {
      throw node.error(integers, expected: "a list of classes")
    }
    guard classes.count > 1 else { throw .unsupported("\(node.name) of one class") }
    return classes
  }

  /// How many numbers a row has; 1 where nothing is said.
  private static func count(
    _ node: ONNXNode, _ attribute: String
  ) throws(ModelFormatError) -> Int {
    let count = try node.integer(attribute) ?? 1
    guard (1...1 << 20).contains(count) else {
      throw node.error(attribute, expected: "a number of targets")
    }
    return count
  }
}

/// The lists of `LabelEncoder`: what is replaced by what.
private enum ONNXLabels {
  static func encoder(_ node: ONNXNode) throws(ModelFormatError) -> TensorOperation {
    if node.has("classes_strings") {
      // Version 1 has texts alone, which are numbered; it depends on the operand which way it goes.
      let texts = Tensor(.texts(try node.texts("classes_strings")))
      let numbers = Tensor(.integers((0..<texts.count).map(Int64.init)))
      let text = Tensor(.texts([try node.text("default_string") ?? "_Unused"]))
      let number = Tensor(.integers([Int64(try node.integer("default_int64") ?? -1)]))
      let encoding = TensorOperation.mapping(keys: texts, values: numbers, fallback: number)
      let decoding = TensorOperation.mapping(keys: numbers, values: texts, fallback: text)
      return TensorOperation(operandCount: 1) { operands throws(TensorFault) in
        if case .texts = operands[0]?.elements { return try encoding(operands) }
        return try decoding(operands)
      }
    }
    guard let keys = try list(node, "keys"), let values = try list(node, "values") else {
      throw node.error("keys", expected: "a list of keys, with a list of values")
    }
    return .mapping(keys: keys, values: values, fallback: try fallback(node, like: values))
  }

  private static func list(
    _ node: ONNXNode, _ prefix: String
  ) throws(ModelFormatError) -> Tensor? {
    if let tensor = try node.tensor(prefix + "_tensor") { return tensor }
    if node.has(prefix + "_strings") { return Tensor(.texts(try node.texts(prefix + "_strings"))) }
    if node.has(prefix + "_int64s") { return Tensor(.integers(node.integers(prefix + "_int64s"))) }
    return node.has(prefix + "_floats") ? Tensor(.floats(node.numbers(prefix + "_floats"))) : nil
  }

  private static func fallback(
    _ node: ONNXNode, like values: Tensor
  ) throws(ModelFormatError) -> Tensor {
    if let tensor = try node.tensor("default_tensor") { return tensor }
    switch values.elements {
    case .texts: return Tensor(.texts([try node.text("default_string") ?? "_Unused"]))
    case .integers: return Tensor(.integers([Int64(try node.integer("default_int64") ?? -1)]))
    default: return Tensor(.doubles([try node.number("default_float") ?? -0.0]))
    }
  }
}
