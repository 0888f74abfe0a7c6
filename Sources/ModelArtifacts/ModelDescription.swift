/// What a model's file says of the model.
public struct ModelDescription: Sendable {
  /// An estimator and the settings that its user chose.
  public struct Estimator: Sendable {
    /// Its class's name.
    public let name: String
    /// The settings that can be said in a word, as Python writes them, in their order.
    public let parameters: [(name: String, value: String)]
  }

  /// How the file is written: `joblib`, `pickle`, `xgboost-json`.
  public let format: String
  /// The library that trained the model.
  public let framework: String
  /// The library's version, where the file tells it.
  public let frameworkVersion: String?
  /// The class of the model as its library names it: a search's, where the model was found by one.
  public let algorithm: String
  /// The estimators that rows go through, with their settings.
  public let estimators: [Estimator]
  /// The programs that wrote the file, as far as it tells.
  public let writers: [String]
  /// Where in the file's value the model stands: `['model']`; `nil` where the model is the value.
  public let place: String?
  /// Bytes of the model's arrays: about what it takes in memory.
  public let arrayBytes: Int
  /// Bytes of the file, unpacked, that no part of it accounts for; a model with any is not loaded.
  public let uncoveredBytes = 0
  /// The member that it was read from; `nil` where the artifact is that file.
  public internal(set) var member: String?

  init(
    format: String, framework: String, frameworkVersion: String?, algorithm: String,
    estimators: [Estimator], writers: [String] = [], place: String? = nil, arrayBytes: Int
  ) {
    self.format = format
    self.framework = framework
    self.frameworkVersion = frameworkVersion
    self.algorithm = algorithm
    self.estimators = estimators
    self.writers = writers
    self.place = place
    self.arrayBytes = arrayBytes
  }
}
