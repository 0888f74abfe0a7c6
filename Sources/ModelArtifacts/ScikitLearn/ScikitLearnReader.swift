internal import DataTables
internal import PredictiveModels

/// Makes models of scikit-learn's objects, of versions 0.20 to 1.9, and of others in its style.
///
/// An estimator is one row of a family's table: its class, the modules that it lived in through the
/// versions, and what reads it. A family is a file.
final class ScikitLearnReader {
  let graph: PickleGraph
  let options: ReadingOptions
  /// The boosters' files that were read, by the attributes of the estimators that they predict for.
  private var boosters: [NodeID: BoosterFile] = [:]
  /// Estimators that are open inside one another.
  private var depth = 0
  /// Estimators that may still be read: a pickle may name one many times.
  private var room = 100_000

  /// Bytes of a class label or a feature's name.
  static let longestText = 4_096
  /// Estimators inside one another, as a pipeline is in a search.
  private static let deepestNesting = 32

  init(
    graph: PickleGraph, options: ReadingOptions = ReadingOptions()
  ) {
    self.graph = graph
    self.options = options
  }

  /// Remembers the file that an estimator predicts by.
  func keep(_ booster: BoosterFile, of object: ScikitLearnObject) {
    boosters[object.state] = booster
  }

  /// A class that is read.
  struct Kind: Sendable {
    /// What becomes of an object of the class.
    enum Reading: Sendable {
      /// It predicts.
      case predictor(
        @Sendable (ScikitLearnReader, ScikitLearnObject) throws(ModelFileError) -> any Predictor)
      /// It transforms features.
      case step(
        @Sendable (ScikitLearnReader, ScikitLearnObject) throws(ModelFileError)
          -> any PreprocessingStep)
      /// It does either, as the last of its parts does.
      case pipeline
    }

    /// The class's name.
    let name: String
    /// The dotted names of its modules, the newest first.
    let modules: [String]
    let reading: Reading

    init(_ name: String, in modules: [String], _ reading: Reading) {
      self.name = name
      self.modules = modules
      self.reading = reading
    }
  }

  /// Every class that is read, a family behind another, as people look for them.
  private static let families: [Kind] =
    [Kind("Pipeline", in: ["sklearn.pipeline"], .pipeline)] + columnKinds + scalingKinds
    + categoryKinds
    + featureKinds + linearKinds + treeKinds + histogramKinds + ensembleKinds + wrapperKinds
    + boosterKinds

  /// The classes by their dotted names.
  static let kinds: [String: Kind] = Dictionary(
    families.flatMap { kind in kind.modules.map { ("\($0).\(kind.name)", kind) } }
  ) { first, _ in first }

  /// Whether a pickle of a supported estimator may have that name in it.
  static func knows(_ name: String) -> Bool {
    kinds[name] != nil || companions.contains(name)
  }

  /// What a person may have instead of a class: what is read of its package, or else what kinds.
  static func supported(insteadOf name: String) -> String {
    let package = name.split(separator: ".").prefix(2).joined(separator: ".")
    let siblings = families.filter { kind in
      kind.modules.contains { $0 == package || $0.hasPrefix(package + ".") }
    }
    guard siblings.isEmpty else {
      return "of \(package) are \(siblings.map(\.name).joined(separator: ", "))"
    }
    let count = families.count { $0.modules.contains { $0.hasPrefix("sklearn.") } }
    return
      "are \(count) estimators of scikit-learn: linear models, naive Bayes, trees, forests, "
      + "gradient boosting, ensembles, calibration, searches, pipelines and preprocessing"
  }

  /// A model and what its file says of it.
  struct Reading {
    let model: Model
    /// The library of its class.
    let framework: String
    /// The class's name.
    let algorithm: String
    let version: String?
    /// What its reader should know.
    let findings: [Finding]
    /// The trees that the container of a booster's library predicts by.
    let servedTreeCount: Int?
    /// The estimators that rows go through, with the settings that their user chose.
    let estimators: [ModelDescription.Estimator]
  }

  /// Reads the model that a pickle's value is.
  func read(_ root: NodeID) throws(ModelFileError) -> Reading {
    let object = try ScikitLearnObject(graph, root)
    let predictor = try self.predictor(root)
    let own = boosters[object.state]
    let names = if let own { own.featureNames } else { try featureNames(of: object) }
    let model = try making(object) { () throws(ModelError) in
      try Model(featureNames: names, predictor: predictor)
    }
    let version =
      if let own { own.version } else {
        try parts(under: object).lazy.compactMap { $0.text("_sklearn_version") }.first
      }
    var findings: [Finding] = []
    for finding in boosters.values.flatMap(\.findings) where !findings.contains(finding) {
      findings.append(finding)
    }
    return Reading(
      model: model, framework: own?.framework ?? "scikit-learn", algorithm: object.kind,
      version: version,
      findings: findings.sorted { $0.message < $1.message },
      servedTreeCount: own?.servedTreeCount,
      estimators: try (own != nil && object.kind == "Booster" ? [] : chain(of: object)).map {
        ModelDescription.Estimator(name: $0.kind, parameters: $0.parameters)
      } + (own.map { [$0.booster] } ?? []))
  }

  /// Whether a value is an object of a class that is read and predicts.
  func isPredictor(_ id: NodeID) -> Bool {
    guard let object = try? ScikitLearnObject(graph, id) else { return false }
    if case .step? = Self.kinds[object.className]?.reading { return false }
    return Self.kinds[object.className] != nil
  }

  /// Reads an estimator that predicts.
  func predictor(_ id: NodeID) throws(ModelFileError) -> any Predictor {
    try nested(id) { object throws(ModelFileError) in
      switch Self.kinds[object.className]?.reading {
      case .predictor(let read): return try read(self, object)
      case .pipeline:
        var parts = try self.parts(object)
        guard let last = parts.popLast() else {
          throw .badAttribute(object.className, "steps", expected: "an estimator")
        }
        var steps: [any PreprocessingStep] = []
        for part in parts { steps.append(try step(part)) }
        let predictor = try predictor(last)
        return try making(object) { () throws(ModelError) in
          try Pipeline(steps: steps, predictor: predictor)
        }
      case .step, nil: throw .unsupportedEstimator(object.className)
      }
    }
  }

  /// Reads an estimator that transforms features.
  func step(_ id: NodeID) throws(ModelFileError) -> any PreprocessingStep {
    try nested(id) { object throws(ModelFileError) in
      switch Self.kinds[object.className]?.reading {
      case .step(let read): return try read(self, object)
      case .pipeline:
        var steps: [any PreprocessingStep] = []
        for part in try parts(object) { steps.append(try step(part)) }
        return try making(object) { () throws(ModelError) in try StepSequence(steps) }
      case .predictor, nil: throw .unsupportedEstimator(object.className)
      }
    }
  }

  /// Reads an estimator, unless it is inside too many others.
  func nested<Part>(
    _ id: NodeID, _ read: (ScikitLearnObject) throws(ModelFileError) -> Part
  ) throws(ModelFileError) -> Part {
    let object = try ScikitLearnObject(graph, id)
    return try nested(object) { () throws(ModelFileError) in try read(object) }
  }

  /// Reads what is inside an estimator, unless that is inside too many others.
  func nested<Part>(
    _ object: ScikitLearnObject, _ read: () throws(ModelFileError) -> Part
  ) throws(ModelFileError) -> Part {
    room -= 1
    depth += 1
    defer { depth -= 1 }
    guard room > 0, depth <= Self.deepestNesting else { throw .tooManyParts(object.className) }
    return try read()
  }

  /// Makes a part of a model; what does not fit is said of the object.
  func making<Part>(
    _ object: ScikitLearnObject, _ make: () throws(ModelError) -> Part
  ) throws(ModelFileError) -> Part {
    do throws(ModelError) { return try make() } catch {
      throw .model(error, object: object.className)
    }
  }

  /// The steps of pipelines and what they end in, a search before what it found.
  private func chain(of object: ScikitLearnObject) throws(ModelFileError) -> [ScikitLearnObject] {
    var open = [object]
    var chain: [ScikitLearnObject] = []
    // A pipeline may be its own step.
    for _ in 0..<Self.deepestNesting {
      guard let next = open.popLast() else { break }
      var parts: [NodeID] = []
      if case .pipeline? = Self.kinds[next.className]?.reading {
        parts = try self.parts(next)
      } else {
        chain.append(next)
        if let best = next.optional("best_estimator_") { parts = [best] }
      }
      open += parts.reversed().compactMap { try? ScikitLearnObject(graph, $0) }
    }
    return chain
  }

  /// The estimators of a pipeline's `steps`.
  func parts(_ object: ScikitLearnObject) throws(ModelFileError) -> [NodeID] {
    try object.pairs("steps").map(\.value).filter { !isPassthrough($0) }
  }

  /// Whether a step does nothing, which is written as 'passthrough', in old versions as None.
  func isPassthrough(_ id: NodeID) -> Bool { graph.text(id) == "passthrough" || graph.isNone(id) }

  /// The names of the features: the estimator's own, or those of the first part that has any.
  private func featureNames(of object: ScikitLearnObject) throws(ModelFileError) -> [String]? {
    for part in try parts(under: object) {
      if let names = try part.names("feature_names_in_") { return names }
      if let names = try columnNames(of: part) { return names }
    }
    return nil
  }

  /// An estimator and those inside it that are given the same features, the outermost first.
  private func parts(
    under object: ScikitLearnObject
  ) throws(ModelFileError) -> [ScikitLearnObject] {
    var open = [object]
    var found: [ScikitLearnObject] = []
    // A pipeline may be its own step.
    while let object = open.popLast(), found.count < Self.deepestNesting {
      found.append(object)
      var parts: [NodeID] = []
      if case .pipeline? = Self.kinds[object.className]?.reading { parts = try self.parts(object) }
      for name in ["best_estimator_", "estimator_", "regressor_", "estimator", "_preprocessor"] {
        if let id = object.optional(name) { parts.append(id) }
      }
      for name in ["estimators_", "calibrated_classifiers_"] {
        if let id = object.optional(name), let first = graph.items(id)?.first {
          parts.append(first)
        }
      }
      open += parts.reversed().compactMap { try? ScikitLearnObject(graph, $0) }
    }
    return found
  }
}
