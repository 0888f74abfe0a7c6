/// A library that trains models, where its way of naming metrics matters.
public enum Framework: String, Hashable, Sendable, CaseIterable {
  /// XGBoost, and the service's container of it.
  case xgboost
  /// LightGBM.
  case lightGBM = "lightgbm"
  /// The service's Linear Learner.
  case linearLearner = "linear-learner"
  /// Keras, with TensorFlow or another backend.
  case keras
  /// PyTorch Lightning.
  case lightning
  /// The trainer of Hugging Face's transformers.
  case huggingFace = "huggingface"
  /// CatBoost.
  case catBoost = "catboost"
  /// scikit-learn.
  case scikitLearn = "scikit-learn"

  /// The library that a training image is named after.
  init?(image: String) {
    // registry/sagemaker-xgboost:1.7-1
    let name = image.lowercased().split(separator: "/").last ?? ""
    for (word, framework) in Self.imageWords where name.contains(word) {
      self = framework
      return
    }
    return nil
  }

  /// Whether the service has an algorithm of it, for which no script is needed.
  var isBuiltIn: Bool { [.xgboost, .lightGBM, .linearLearner, .catBoost].contains(self) }

  private static let imageWords: [(String, Framework)] = [
    ("xgboost", .xgboost), ("lightgbm", .lightGBM), ("catboost", .catBoost),
    ("linear-learner", .linearLearner),
    ("huggingface", .huggingFace), ("tensorflow", .keras), ("scikit-learn", .scikitLearn),
    ("sklearn", .scikitLearn),
  ]
}
