/// What a model's file says of the model.
public struct ModelDescription: Sendable {
  /// An estimator and the settings that its user chose.
  public struct Estimator: Sendable {
    /// Its class's name.
    public let name: String
    /// The settings that can be said in a word, as Python writes them, in their order.
    public let parameters: [(name: String, value: String)]
  }

  /// A way to call a model, as a SavedModel names it.
  public struct Signature: Sendable, Hashable {
    /// What goes in or comes out.
    public struct Port: Sendable, Hashable {
      /// Its name.
      public let name: String
      /// The type of its elements.
      public let type: String
      /// Lengths, outermost first, of which those that may be any are `nil`; `nil` where there may be any
      /// number of them.
      public let shape: [Int?]?
    }

    /// Its name.
    public let name: String
    /// What it takes.
    public let inputs: [Port]
    /// What it gives.
    public let outputs: [Port]
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
  /// The tensors, where the file is one of tensors, in its order.
  public let tensors: [TensorDescription]
  /// The ways to call it, where the file names them.
  public let signatures: [Signature]
  /// Bytes of the file, unpacked, that no part of it accounts for; a model with any is not loaded.
  public let uncoveredBytes = 0
  /// The trees that the container of a booster's library predicts by; `nil` where there are none.
  var servedTreeCount: Int?
  /// The member that it was read from; `nil` where the artifact is that file.
  public internal(set) var member: String?

  init(
    format: String, framework: String, frameworkVersion: String?, algorithm: String,
    estimators: [Estimator], writers: [String] = [], place: String? = nil, arrayBytes: Int,
    tensors: [TensorDescription] = [], signatures: [Signature] = []
  ) {
    self.format = format
    self.framework = framework
    self.frameworkVersion = frameworkVersion
    self.algorithm = algorithm
    self.estimators = estimators
    self.writers = writers
    self.place = place
    self.arrayBytes = arrayBytes
    self.tensors = tensors
    self.signatures = signatures
  }
}
