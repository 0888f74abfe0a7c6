internal import PredictiveModels

/// What keeps a file's value from being a model.
enum ModelFileError: Error, Hashable, Sendable {
  /// The value is no estimator.
  case notAnEstimator
  /// The value is a step that transforms; of an encoder of labels with the numbers that it gives them.
  case onlyStep(String, labels: String?)
  /// The value holds several models, and none is named as models usually are.
  case severalModels([String])
  /// The estimator is none that Assay implements.
  case unsupportedEstimator(String)
  /// The estimator is set up in a way that Assay does not implement.
  case unsupportedSetting(String, String)
  /// The estimator was not trained.
  case notFitted(String)
  /// The estimator lacks an attribute that every version of it has.
  case missingAttribute(String, String)
  /// The estimator's attribute is of another kind.
  case badAttribute(String, String, expected: String)
  /// The estimator holds more estimators, or more inside one another, than any does.
  case tooManyParts(String)
  /// The estimator's booster is not what its format says.
  case booster(ModelFormatError, object: String)
  /// The estimator's parts do not fit one another.
  case model(ModelError, object: String)

  /// Whether the file may well be good, and Assay lacks what it takes.
  var isUnsupported: Bool {
    switch self {
    case .booster(let error, _): error.isUnsupported
    case .notAnEstimator, .onlyStep, .severalModels, .unsupportedEstimator, .unsupportedSetting:
      true
    case .notFitted, .missingAttribute, .badAttribute, .tooManyParts, .model: false
    }
  }

  /// What is wrong.
  var message: String {
    switch self {
    case .notAnEstimator: "the pickle holds no estimator that is known here"
    case .onlyStep(let name, let labels):
      "\(name) transforms \(labels.map { "labels (\($0))" } ?? "features") and predicts nothing; "
        + "save it in a pipeline with its model"
    case .severalModels(let paths):
      "the pickle holds several models, at \(paths.prefix(8).joined(separator: ", ")); name one 'model'"
    case .unsupportedEstimator(let name):
      "\(name) is not supported; supported \(ScikitLearnReader.supported(insteadOf: name))"
    case .unsupportedSetting(let name, let setting): "\(name) with \(setting) is not supported"
    case .notFitted(let name): "\(name) was saved before it was fitted"
    case .missingAttribute(let name, let attribute): "\(name) has no attribute '\(attribute)'"
    case .badAttribute(let name, let attribute, let expected):
      "\(name): '\(attribute)' is not \(expected)"
    case .tooManyParts(let name): "\(name) holds too many estimators, or itself"
    case .booster(let error, let object): "\(object): \(error.message)"
    case .model(let error, let object): "\(object): \(error.message)"
    }
  }
}
