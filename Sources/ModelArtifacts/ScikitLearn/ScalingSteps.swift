internal import PredictiveModels

// Steps that turn each column by itself into one column.

extension ScikitLearnReader {
  /// The modules of `sklearn.preprocessing`'s scalers now and before 0.22.
  static let preprocessingData = ["sklearn.preprocessing._data", "sklearn.preprocessing.data"]

  static let scalingKinds: [Kind] = [
    Kind("StandardScaler", in: preprocessingData, .step(standardScaler)),
    Kind("MinMaxScaler", in: preprocessingData, .step(minMaxScaler)),
    Kind("MaxAbsScaler", in: preprocessingData, .step(maxAbsScaler)),
    Kind("RobustScaler", in: preprocessingData, .step(robustScaler)),
    Kind("Normalizer", in: preprocessingData, .step(normalizer)),
    Kind("Binarizer", in: preprocessingData, .step(binarizer)),
    Kind("QuantileTransformer", in: preprocessingData, .step(quantileTransformer)),
    Kind("PowerTransformer", in: preprocessingData, .step(powerTransformer)),
    Kind(
      "FunctionTransformer",
      in: [
        "sklearn.preprocessing._function_transformer", "sklearn.preprocessing.function_transformer",
      ], .step(functionTransformer)),
  ]

  /// `mean_` and `scale_`, each of which the settings may leave out.
  private static func standardScaler(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    try reader.standardization(
      object, means: try object.bool("with_mean") ? object.numbers("mean_").values : nil,
      scales: try object.bool("with_std") ? object.numbers("scale_").values : nil)
  }

  /// `center_` and `scale_`, each of which the settings may leave out.
  private static func robustScaler(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    try reader.standardization(
      object, means: try object.bool("with_centering") ? object.numbers("center_").values : nil,
      scales: try object.bool("with_scaling") ? object.numbers("scale_").values : nil)
  }

  /// `scale_`; since 1.8 results are on wish kept between -1 and 1.
  private static func maxAbsScaler(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let scaling = try reader.standardization(
      object, means: nil, scales: try object.numbers("scale_").values)
    guard let clip = object.optional("clip"), object.graph.bool(clip) == true else {
      return scaling
    }
    let clipping = ColumnwiseStep(
      name: object.kind, function: .rescaling(scale: 1, shift: 0, range: -1...1),
      columnCount: scaling.inputCount)
    return try reader.making(object) { () throws(ModelError) in
      try StepSequence([scaling, clipping], name: object.kind)
    }
  }

  /// A step that subtracts and divides, over as many columns as its numbers tell.
  private func standardization(
    _ object: ScikitLearnObject, means: [Double]?, scales: [Double]?
  ) throws(ModelFileError) -> any PreprocessingStep {
    let count = object.featureCount ?? means?.count ?? scales?.count
    guard let count, count > 0 else {
      throw .badAttribute(object.className, "n_features_in_", expected: "a number of features")
    }
    return try making(object) { () throws(ModelError) in
      try Standardization(
        name: object.kind, means: means, scales: scales, columnCount: count)
    }
  }

  /// `scale_` and `min_`; on wish kept within `feature_range`.
  private static func minMaxScaler(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    let (scales, shifts) = try reader.minMax(object)
    var range: ClosedRange<Double>?
    if let clip = object.optional("clip"), object.graph.bool(clip) == true {
      let bounds = try object.numbers("feature_range").values
      guard bounds.count == 2, bounds[0] <= bounds[1] else {
        throw .badAttribute(object.className, "feature_range", expected: "two numbers")
      }
      range = bounds[0]...bounds[1]
    }
    return try reader.making(object) { () throws(ModelError) in
      try ColumnwiseStep(
        name: object.kind,
        functions: zip(scales, shifts).map { .rescaling(scale: $0, shift: $1, range: range) })
    }
  }

  private func minMax(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> (scales: [Double], shifts: [Double]) {
    let scales = try object.numbers("scale_").values
    let shifts = try object.numbers("min_").values
    guard scales.count == shifts.count, (scales + shifts).allSatisfy(\.isFinite) else {
      throw .badAttribute(object.className, "min_", expected: "a finite number for each scale")
    }
    return (scales, shifts)
  }

  private static func normalizer(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    // Before 0.23 rows were divided by their greatest value, whatever the signs.
    let norms: [String: Normalization.Norm] = [
      "l1": .l1, "l2": .l2, "max": object.isVersion(atLeast: 0, 23) ? .max : .signedMax,
    ]
    guard let norm = object.text("norm").flatMap({ norms[$0] }) else {
      throw .badAttribute(object.className, "norm", expected: "l1, l2 or max")
    }
    // Since 1.0 lengths as small as roundings are taken as none.
    return Normalization(
      name: object.kind, norm: norm,
      leastLength: object.isVersion(atLeast: 1, 0) ? 10 * .ulpOfOne : .leastNonzeroMagnitude,
      columnCount: object.featureCount)
  }

  private static func binarizer(
    _: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    ColumnwiseStep(
      name: object.kind, function: .threshold(try object.number("threshold")),
      columnCount: object.featureCount, acceptsMissingValues: false)
  }

  private static func quantileTransformer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    try reader.columnwise(object, reader.quantileFunctions(object).map { .quantile($0) })
  }

  private func columnwise(
    _ object: ScikitLearnObject, _ functions: [ColumnwiseStep.Function]
  ) throws(ModelFileError) -> any PreprocessingStep {
    try making(object) { () throws(ModelError) in
      try ColumnwiseStep(name: object.kind, functions: functions)
    }
  }

  /// `quantiles_`, a column a feature, and `references_`.
  private func quantileFunctions(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> [QuantileFunction] {
    let (shape, quantiles) = try object.numbers("quantiles_")
    let references = try object.numbers("references_").values
    guard shape.count == 2, shape[1] > 0 else {
      throw .badAttribute(object.className, "quantiles_", expected: "a matrix")
    }
    let isNormal = object.text("output_distribution") == "normal"
    return try (0..<shape[1]).map { column throws(ModelFileError) in
      try making(object) { () throws(ModelError) in
        try QuantileFunction(
          name: object.kind,
          quantiles: (0..<shape[0]).map { quantiles[$0 * shape[1] + column] },
          references: references, isNormal: isNormal,
          // Since 0.21 shares without a distribution are told apart to the last.
          isFuzzyAtBounds: isNormal || !object.isVersion(atLeast: 0, 21))
      }
    }
  }

  /// The powers, and `_scaler` where results are standardised.
  private static func powerTransformer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    var steps = [
      try reader.columnwise(object, reader.powerFunctions(object).map { .power($0) })
    ]
    if try object.bool("standardize") { steps.append(try reader.step(object.attribute("_scaler"))) }
    return try reader.making(object) { () throws(ModelError) in
      try StepSequence(steps, name: object.kind)
    }
  }

  /// `lambdas_`, one a column.
  private func powerFunctions(
    _ object: ScikitLearnObject
  ) throws(ModelFileError) -> [PowerFunction] {
    let lambdas = try object.numbers("lambdas_").values
    guard let method = object.text("method").flatMap(PowerFunction.Method.init(rawValue:)),
      lambdas.allSatisfy(\.isFinite)
    else { throw .badAttribute(object.className, "lambdas_", expected: "numbers of a method") }
    return lambdas.map { PowerFunction(method: method, lambda: $0) }
  }

  private static func functionTransformer(
    _ reader: ScikitLearnReader, _ object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    if object.has("kw_args") {
      throw .unsupportedSetting(object.className, "arguments of a function")
    }
    return ColumnwiseStep(
      name: object.kind, function: try reader.function(object, "func"), columnCount: nil)
  }

  /// A function of numpy that stands as an attribute; None is the identity.
  func function(
    _ object: ScikitLearnObject, _ name: String
  ) throws(ModelFileError) -> ColumnwiseStep.Function {
    let id = try object.attribute(name)
    if graph.isNone(id) { return .identity }
    // A ufunc is written as a global, or as `_ufunc_reconstruct(module, name)`.
    var word: String?
    switch graph[id] {
    case .global(let name) where name.hasPrefix("numpy."):
      word = name.split(separator: ".").last.map(String.init)
    case .object(let call) where call.constructor == "numpy._core._ufunc_reconstruct":
      word = graph.elements(call.arguments)?.last.flatMap { graph.text($0) }
    // What histogram boosting has for columns of numbers: a check that changes nothing.
    case .object(let call) where call.constructor == "functools.partial":
      if let first = graph.elements(call.arguments)?.first, case .global(let name) = graph[first],
        name == "sklearn.utils.validation.check_array"
      {
        return .identity
      }
    default: break
    }
    guard let function = word.flatMap(ElementaryFunction.init(rawValue:)) else {
      throw .unsupportedSetting(object.className, "a function of its own")
    }
    return .elementary(function)
  }

  /// The step that undoes another.
  func inverse(_ id: NodeID) throws(ModelFileError) -> any PreprocessingStep {
    try nested(id) { object throws(ModelFileError) in try inverse(of: object) }
  }

  private func inverse(
    of object: ScikitLearnObject
  ) throws(ModelFileError) -> any PreprocessingStep {
    switch object.kind {
    case "Pipeline":
      var steps: [any PreprocessingStep] = []
      for part in try parts(object).reversed() { steps.append(try inverse(part)) }
      return try making(object) { () throws(ModelError) in try StepSequence(steps) }
    case "QuantileTransformer":
      return try columnwise(object, quantileFunctions(object).map { .quantileInverse($0) })
    case "PowerTransformer":
      let powers = try columnwise(object, powerFunctions(object).map { .powerInverse($0) })
      guard try object.bool("standardize") else { return powers }
      let scaler = try inverse(object.attribute("_scaler"))
      return try making(object) { () throws(ModelError) in
        try StepSequence([scaler, powers], name: object.kind)
      }
    case "FunctionTransformer":
      return ColumnwiseStep(
        name: object.kind, function: try function(object, "inverse_func"), columnCount: nil)
    case "StandardScaler":
      return try rescaling(
        object, scales: try object.bool("with_std") ? object.numbers("scale_").values : nil,
        shifts: try object.bool("with_mean") ? object.numbers("mean_").values : nil)
    case "RobustScaler":
      return try rescaling(
        object, scales: try object.bool("with_scaling") ? object.numbers("scale_").values : nil,
        shifts: try object.bool("with_centering") ? object.numbers("center_").values : nil)
    case "MaxAbsScaler":
      return try rescaling(object, scales: object.numbers("scale_").values, shifts: nil)
    case "MinMaxScaler":
      let (scales, shifts) = try minMax(object)
      return try standardization(object, means: shifts, scales: scales)
    default: throw .unsupportedSetting(object.className, "its inverse")
    }
  }

  private func rescaling(
    _ object: ScikitLearnObject, scales: [Double]?, shifts: [Double]?
  ) throws(ModelFileError) -> any PreprocessingStep {
    let count = scales?.count ?? shifts?.count ?? 0
    guard scales?.count ?? count == shifts?.count ?? count else {
      throw .badAttribute(object.className, "scale_", expected: "a number for each column")
    }
    guard count > 0 else {
      return ColumnwiseStep(name: object.kind, function: .identity, columnCount: nil)
    }
    return try making(object) { () throws(ModelError) in
      try ColumnwiseStep(
        name: object.kind,
        functions: (0..<count).map {
          .rescaling(scale: scales?[$0] ?? 1, shift: shifts?[$0] ?? 0, range: nil)
        })
    }
  }
}
