internal import PredictiveModels

/// The operators that Assay computes itself, by their names.
///
/// What an operator means may depend on the version of its domain; where it does, its row looks at it.
/// Source: ONNX 1.23, docs/Operators.md, docs/Operators-ml.md and docs/Changelog.md.
enum ONNXOperators {
  typealias Maker = @Sendable (ONNXNode) throws(ModelFormatError) -> TensorOperation

  /// All of them.
  static let all: [String: Maker] = {
    let fixed = [arithmetic, logic, shapes].map { $0.mapValues { maker(of: $0) } }
    return (fixed + [parameterized, reshaping, reductions, learning])
      .reduce(into: [:]) { all, family in all.merge(family) { first, _ in first } }
  }()

  /// What makes an operation that no attribute changes.
  private static func maker(of operation: TensorOperation) -> Maker {
    { _ throws(ModelFormatError) in operation }
  }

  // MARK: Numbers

  /// Operators that no attribute changes.
  private static let arithmetic: [String: TensorOperation] = [
    "Abs": .each(.absolute), "Neg": .each(.negative), "Exp": .each(.exponential),
    "Log": .each(.logarithm), "Sqrt": .each(.squareRoot), "Reciprocal": .each(.reciprocal),
    "Floor": .each(.floor), "Ceil": .each(.ceiling), "Round": .each(.rounded),
    "Sign": .each(.sign), "Erf": .each(.errorFunction), "Tanh": .each(.hyperbolicTangent),
    "Sigmoid": .each(.logistic), "Relu": .each(.rectified), "Softplus": .each(.softplus),
    "Add": .combined(by: .sum), "Sub": .combined(by: .difference), "Mul": .combined(by: .product),
    "Div": .combined(by: .quotient), "Sum": .combined(by: .sum), "Max": .combined(by: .greatest),
    "Min": .combined(by: .least), "Mean": .mean, "Pow": .power, "MatMul": .product,
  ]

  /// Operators with settings.
  private static let parameterized: [String: Maker] = [
    "Mod": { node throws(ModelFormatError) in
      guard try node.truth("fmod") != true else { throw .unsupported("\(node.name) with fmod") }
      return .combined(by: .modulo)
    },
    "Clip": { node throws(ModelFormatError) in
      .clipping(lower: try node.number("min"), upper: try node.number("max"))
    },
    "Gemm": { node throws(ModelFormatError) in
      .generalProduct(
        alpha: try node.number("alpha") ?? 1, beta: try node.number("beta") ?? 1,
        transposesFirst: try node.truth("transA") ?? false,
        transposesSecond: try node.truth("transB") ?? false)
    },
    "LeakyRelu": { node throws(ModelFormatError) in
      let slope = try node.number("alpha") ?? 0.01
      return .each(
        NumberFunction {
          $0 < 0 ? Float(slope) * $0 : $0
        } _: {
          $0 < 0 ? slope * $0 : $0
        })
    },
    "Cast": { node throws(ModelFormatError) in
      guard let number = try node.integer("to"), let kind = Int32(exactly: number) else {
        throw node.error("to", expected: "a kind of values")
      }
      guard let kind = ONNXTensor.kinds[kind] else {
        throw .unsupported("\(node.name) to \(ONNXTensor.kindNames[kind] ?? "type \(kind)")")
      }
      return .cast(to: kind)
    },
  ]

  // MARK: Truths

  private static let logic: [String: TensorOperation] = [
    "Less": .compared(by: .less), "LessOrEqual": .compared(by: .lessOrEqual),
    "Greater": .compared(by: .greater), "GreaterOrEqual": .compared(by: .greaterOrEqual),
    "Equal": .equality, "Not": .not, "IsNaN": .isNaN, "Where": .choice,
    "And": .truth { $0 && $1 }, "Or": .truth { $0 || $1 }, "Xor": .truth { $0 != $1 },
  ]

  // MARK: Shapes

  /// Operators that no attribute changes.
  private static let shapes: [String: TensorOperation] = [
    "Identity": .identity, "Expand": .expansion,
    "\(ONNXNode.machineLearning).ArrayFeatureExtractor": .featureExtraction,
    "\(ONNXNode.machineLearning).FeatureVectorizer": .featureUnion,
  ]

  /// Operators with settings.
  private static let reshaping: [String: Maker] = [
    "Constant": { node throws(ModelFormatError) in .constant(try constant(node)) },
    "Reshape": { node throws(ModelFormatError) in
      .reshaping(to: node.places("shape"), takesZero: try node.truth("allowzero") ?? false)
    },
    "Flatten": { node throws(ModelFormatError) in .flattening(axis: try node.integer("axis") ?? 1)
    },
    "Squeeze": { node throws(ModelFormatError) in .squeezing(axes: node.places("axes")) },
    "Unsqueeze": { node throws(ModelFormatError) in .unsqueezing(axes: node.places("axes")) },
    "Transpose": { node throws(ModelFormatError) in .transposition(order: node.places("perm")) },
    "Concat": { node throws(ModelFormatError) in .concatenation(axis: try node.integer("axis") ?? 1)
    },
    "Slice": { node throws(ModelFormatError) in
      .slicing(
        starts: node.places("starts"), ends: node.places("ends"), axes: node.places("axes"))
    },
    "Gather": { node throws(ModelFormatError) in .gathering(axis: try node.integer("axis") ?? 0) },
    "GatherElements": { node throws(ModelFormatError) in
      .gatheringElements(axis: try node.integer("axis") ?? 0)
    },
    "Shape": { node throws(ModelFormatError) in
      .shape(from: try node.integer("start") ?? 0, to: try node.integer("end"))
    },
    "ConstantOfShape": { node throws(ModelFormatError) in
      .filling(with: try node.tensor("value") ?? Tensor(.floats([0])))
    },
    "Split": { node throws(ModelFormatError) in
      .splitting(
        axis: try node.integer("axis") ?? 0, sizes: node.places("split"),
        count: node.results.count)
    },
  ]

  private static func constant(_ node: ONNXNode) throws(ModelFormatError) -> Tensor {
    if let tensor = try node.tensor("value") { return tensor }
    let single: Tensor.Elements? =
      if let number = try node.number("value_float") {
        .floats([Float(number)])
      } else if let number = try node.integer("value_int") {
        .integers([Int64(number)])
      } else {
        try node.text("value_string").map { .texts([$0]) }
      }
    if let single {
      do throws(TensorFault) { return try Tensor(single, shape: []) } catch {
        throw .badField(node.name, expected: "a constant: \(error.message)")
      }
    }
    if node.has("value_floats") { return Tensor(.floats(node.numbers("value_floats"))) }
    if node.has("value_ints") { return Tensor(.integers(node.integers("value_ints"))) }
    if node.has("value_strings") { return Tensor(.texts(try node.texts("value_strings"))) }
    throw .unsupported("\(node.name) of another kind than a tensor")
  }

  // MARK: Reductions

  private static let reductions: [String: Maker] = [
    "ReduceSum": reduction(.sum), "ReduceMean": reduction(.mean),
    "ReduceProd": reduction(.product), "ReduceMin": reduction(.least),
    "ReduceMax": reduction(.greatest), "ReduceL1": reduction(.absoluteSum),
    "ReduceL2": reduction(.length), "ReduceSumSquare": reduction(.squareSum),
    "ReduceLogSum": reduction(.logSum), "ReduceLogSumExp": reduction(.logSumOfExponentials),
    "ArgMax": extremePlace(greatest: true), "ArgMin": extremePlace(greatest: false),
    "Softmax": softmax(takesLogarithm: false), "LogSoftmax": softmax(takesLogarithm: true),
    "LpNormalization": { node throws(ModelFormatError) in
      .normalization(
        axis: try node.integer("axis") ?? -1,
        length: try node.integer("p") ?? 2 == 1 ? .absoluteSum : .length)
    },
    "CumSum": { node throws(ModelFormatError) in
      .runningSum(
        isExclusive: try node.truth("exclusive") ?? false,
        isReversed: try node.truth("reverse") ?? false)
    },
    "TopK": { node throws(ModelFormatError) in
      .top(
        axis: try node.integer("axis") ?? -1, count: try node.integer("k"),
        greatest: try node.truth("largest") ?? true)
    },
  ]

  private static func reduction(_ reduction: Reduction) -> Maker {
    { node throws(ModelFormatError) in
      .reducing(
        reduction, axes: node.places("axes"), keepingDimensions: try node.truth("keepdims") ?? true,
        noneIsNone: try node.truth("noop_with_empty_axes") ?? false)
    }
  }

  private static func extremePlace(greatest: Bool) -> Maker {
    { node throws(ModelFormatError) in
      .extremePlace(
        greatest: greatest, axis: try node.integer("axis") ?? 0,
        keepingDimensions: try node.truth("keepdims") ?? true,
        takesLast: try node.truth("select_last_index") ?? false)
    }
  }

  private static func softmax(takesLogarithm: Bool) -> Maker {
    { node throws(ModelFormatError) in
      // Before version 13 all dimensions from the axis on are one.
      let isOld = node.version < 13
      return .softmax(
        axis: try node.integer("axis") ?? (isOld ? 1 : -1), takesAllBehind: isOld,
        takesLogarithm: takesLogarithm)
    }
  }
}
