internal import DataTables
internal import InputReading
internal import PredictiveModels

/// A model of SageMaker's Linear Learner for two classes or numbers.
///
/// A score is what the graph's last operator makes of x·w + b; of two classes the second is predicted
/// where its score is above the model's threshold, which is seldom one half.
///
/// Sources: files of models that the algorithm wrote; its documentation for the response.
struct LinearLearner {
  static let name = "Linear Learner"
  private let model: Model
  private let description: ModelDescription

  /// What is told of the file.
  var reading: ModelReading { ModelReading(description: description, model: model) }

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - list: `fc0_weight`, features x 1, and `fc0_bias`, 1 x 1.
  ///   - graph: The network, as MXNet writes it.
  ///   - parameters: What the algorithm adds: threshold, loss and task.
  /// - Throws: ``ModelFormatError``.
  init(
    _ list: NDArrayList, graph: FieldValue, parameters: FieldValue
  ) throws(ModelFormatError) {
    let graph = try FieldObject(graph, path: "")
    let parameters = try FieldObject(parameters, path: "")
    let task = try parameters.string("predictor_type")
    let last = try Self.lastOperator(graph)
    let isNumber: Bool
    switch (task, last) {
    case ("regressor", "LinearRegressionOutput"): isNumber = true
    case ("binary_classifier", "LogisticRegressionOutput"): isNumber = false
    default: throw .unsupported("a Linear Learner for '\(task)' that ends in \(last)")
    }
    guard let weight = list["fc0_weight"], let bias = list["fc0_bias"] else {
      throw .badField("fc0_weight", expected: "an array beside 'fc0_bias'")
    }
    guard !weight.isSparse, weight.shape.count == 2, weight.shape[0] > 0 else {
      throw .badField("fc0_weight", expected: "an array of features x 1")
    }
    guard weight.shape[1] == 1 else {
      throw .unsupported("a Linear Learner of \(weight.shape[1]) scores")
    }
    guard bias.values.count == 1 else { throw .badField("fc0_bias", expected: "one number") }

    var told = [("predictor_type", task)]
    if let loss = parameters.optionalString("loss_type") { told.append(("loss_type", loss)) }
    let predictor: any Predictor
    do throws(ModelError) {
      let sums = try WeightedSums(
        name: Self.name, coefficients: weight.values, intercepts: bias.values)
      if isNumber {
        predictor = try ScoringModel(
          name: Self.name, scorer: TransformedScores(sums, .identity, isSinglePrecision: true),
          form: .numbers(.identity))
      } else {
        guard case .number(let threshold) = parameters["threshold"] else {
          throw .badNumber("'threshold' is not a number")
        }
        told.append(("threshold", "\(threshold)"))
        let shares = TransformedScores(sums, .logistic(), isSinglePrecision: true)
        let classifier = try ScoringModel(
          name: Self.name,
          scorer: TransformedScores(shares, .complemented, isSinglePrecision: true),
          form: .classes([.integer(0), .integer(1)], .shares))
        // A score at the threshold is the first class's.
        predictor = try ThresholdClassifier(
          name: Self.name, predictor: classifier, response: .probabilities,
          threshold: threshold.nextUp, positive: 1)
      }
      model = try Model(featureNames: nil, predictor: predictor)
    } catch { throw .model(error) }
    description = MXNetFile.description(
      list, algorithm: Self.name, parameters: told, version: Self.version(graph))
  }

  /// The operator that the graph ends in, where nothing but x·w + b stands before it.
  private static func lastOperator(_ graph: FieldObject) throws(ModelFormatError) -> String {
    var operators: [String] = []
    for (index, value) in try graph.array("nodes").enumerated() {
      let name = try FieldObject(value, path: "nodes[\(index)]").string("op")
      if name != "null" { operators.append(name) }
    }
    guard operators.count == 3, operators[0] == "dot", operators[1] == "broadcast_add" else {
      throw .unsupported(
        "a Linear Learner of the operators \(operators.prefix(8).joined(separator: ", "))")
    }
    return operators[2]
  }

  /// `["int", 10301]` is 1.3.1.
  private static func version(_ graph: FieldObject) -> String? {
    guard let attributes = try? graph.optionalObject("attrs"),
      case .array(let pair)? = attributes["mxnet_version"], pair.count == 2,
      case .number(let number) = pair[1], let number = Int(exactly: number), number > 0
    else { return nil }
    return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
  }
}
