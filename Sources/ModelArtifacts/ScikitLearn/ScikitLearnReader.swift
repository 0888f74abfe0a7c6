internal import DataTables
internal import PredictiveModels

/// Makes models of scikit-learn's objects, of versions 0.20 to 1.9.
///
/// An estimator is one row of ``estimators`` or ``transformers``: its dotted names through the
/// versions, and what reads it.
struct ScikitLearnReader {
  let graph: PickleGraph

  /// Reads an estimator that predicts.
  typealias EstimatorReader =
    @Sendable (ScikitLearnReader, ScikitLearnObject) throws(ModelFileError) -> any Predictor
  /// Reads an estimator that transforms features.
  typealias TransformerReader =
    @Sendable (ScikitLearnReader, ScikitLearnObject) throws(ModelFileError) -> any PreprocessingStep

  /// The module of each class in this version, then in those before 0.22.
  private static let estimators: [(names: [String], read: EstimatorReader)] = [
    (
      [
        "sklearn.linear_model._logistic.LogisticRegression",
        "sklearn.linear_model.logistic.LogisticRegression",
      ], { reader, object throws(ModelFileError) in try reader.logisticRegression(object) }
    ),
    (
      [
        "sklearn.tree._classes.DecisionTreeClassifier", "sklearn.tree.tree.DecisionTreeClassifier",
      ], { reader, object throws(ModelFileError) in try reader.decisionTreeClassifier(object) }
    ),
  ]

  private static let transformers: [(names: [String], read: TransformerReader)] = [
    (
      ["sklearn.preprocessing._data.StandardScaler", "sklearn.preprocessing.data.StandardScaler"],
      { reader, object throws(ModelFileError) in try reader.standardScaler(object) }
    )
  ]

  static let pipeline = "sklearn.pipeline.Pipeline"

  /// Steps and pipelines of a model.
  private static let mostSteps = 64
  /// Bytes of a class label or a feature's name.
  fileprivate static let longestText = 4_096

  /// Every name that a pickle of a supported estimator may have in it.
  static let classes: Set<String> = Set(
    estimators.flatMap(\.names) + transformers.flatMap(\.names) + [
      pipeline, "sklearn.tree._tree.Tree",
    ])

  /// What a person may hope for, in a sentence.
  static let supported =
    (["Pipeline"]
    + (transformers.map(\.names) + estimators.map(\.names))
    .compactMap { $0.first?.split(separator: ".").last.map(String.init) })
    .joined(separator: ", ")

  /// A model and what its file says of it.
  struct Reading {
    let model: Model
    let version: String?
  }

  /// Reads the model that a pickle's value is.
  func read(_ root: NodeID) throws(ModelFileError) -> Reading {
    var room = Self.mostSteps
    let (object, steps, estimator) = try unfolded(root, room: &room)
    var preprocessing: [any PreprocessingStep] = []
    var names: [String]? = try object.names("feature_names_in_")
    for step in steps {
      guard let row = Self.transformers.first(where: { $0.names.contains(step.className) }) else {
        throw .unsupportedEstimator(step.className)
      }
      if names == nil { names = try step.names("feature_names_in_") }
      preprocessing.append(try row.read(self, step))
    }
    guard let row = Self.estimators.first(where: { $0.names.contains(estimator.className) }) else {
      throw .unsupportedEstimator(estimator.className)
    }
    if names == nil { names = try estimator.names("feature_names_in_") }
    let predictor = try row.read(self, estimator)
    do throws(ModelError) {
      let model = try Model(featureNames: names, steps: preprocessing, predictor: predictor)
      return Reading(model: model, version: estimator.text("_sklearn_version"))
    } catch { throw .model(error, object: object.className) }
  }

  /// An estimator with the steps before it: a pipeline's, of pipelines inside it too.
  private func unfolded(
    _ root: NodeID, room: inout Int
  ) throws(ModelFileError) -> (
    object: ScikitLearnObject, steps: [ScikitLearnObject], estimator: ScikitLearnObject
  ) {
    let object = try ScikitLearnObject(graph, root)
    guard object.className == Self.pipeline else { return (object, [], object) }
    // A pipeline may be its own step.
    room -= 1
    guard room > 0 else {
      throw .badAttribute(
        object.className, "steps", expected: "at most \(Self.mostSteps) steps and pipelines")
    }
    var parts: [NodeID] = []
    for step in graph.elements(try object.attribute("steps")) ?? [] {
      guard let pair = graph.elements(step), pair.count == 2 else {
        throw .badAttribute(object.className, "steps", expected: "names and estimators")
      }
      // A step that does nothing is written as 'passthrough', in old versions as None.
      if graph.text(pair[1]) == "passthrough" || graph.isNone(pair[1]) { continue }
      room -= 1
      guard room > 0 else {
        throw .badAttribute(
          object.className, "steps", expected: "at most \(Self.mostSteps) steps and pipelines")
      }
      parts.append(pair[1])
    }
    guard let last = parts.popLast() else {
      throw .badAttribute(object.className, "steps", expected: "an estimator")
    }
    var steps: [ScikitLearnObject] = []
    for part in parts {
      let (inner, innerSteps, innerLast) = try unfolded(part, room: &room)
      steps += inner.className == Self.pipeline ? innerSteps + [innerLast] : [inner]
    }
    let (_, innerSteps, estimator) = try unfolded(last, room: &room)
    return (object, steps + innerSteps, estimator)
  }
}

/// An estimator in a pickle: its class and its attributes.
struct ScikitLearnObject {
  let className: String
  private let graph: PickleGraph
  private let state: NodeID

  init(_ graph: PickleGraph, _ id: NodeID) throws(ModelFileError) {
    guard case .object(let object) = graph[id] else { throw .notAnEstimator }
    // Protocols 0 and 1 have no opcode for it and name the class as an argument.
    var name = object.constructor
    if name == "copyreg._reconstructor", let first = graph.elements(object.arguments)?.first,
      case .global(let argument) = graph[first]
    {
      name = argument
    }
    guard let state = object.state, case .dictionary = graph[state] else {
      throw ScikitLearnReader.classes.contains(name) ? .notFitted(name) : .notAnEstimator
    }
    className = name
    self.graph = graph
    self.state = state
  }

  /// An attribute, where it is there.
  func optional(_ name: String) -> NodeID? { graph.value(name, in: state) }

  /// An attribute.
  func attribute(_ name: String) throws(ModelFileError) -> NodeID {
    guard let id = optional(name) else {
      // Attributes that fitting sets end in an underscore.
      throw name.hasSuffix("_") ? .notFitted(className) : .missingAttribute(className, name)
    }
    return id
  }

  func text(_ name: String) -> String? { optional(name).flatMap { graph.textOrScalar($0) } }

  /// Whether the library that wrote the object is of that version or a later one.
  func isVersion(atLeast major: Int, _ minor: Int) -> Bool {
    let parts = (text("_sklearn_version") ?? "").split(separator: ".").map { Int($0) ?? 0 }
    guard parts.count >= 2 else { return false }
    return (parts[0], parts[1]) >= (major, minor)
  }

  func bool(_ name: String) throws(ModelFileError) -> Bool {
    guard let value = graph.bool(try attribute(name)) else {
      throw .badAttribute(className, name, expected: "a truth value")
    }
    return value
  }

  /// An array of numbers, in row-major order.
  func numbers(_ name: String) throws(ModelFileError) -> (shape: [Int], values: [Double]) {
    let id = try attribute(name)
    if let array = graph.array(id), let values = array.doubles { return (array.shape, values) }
    // Old versions keep an intercept of 0 as a plain number.
    if let number = graph.number(id) { return ([1], [number]) }
    throw .badAttribute(className, name, expected: "an array of numbers")
  }

  /// A list of texts; `nil` where the attribute is not there.
  func names(_ name: String) throws(ModelFileError) -> [String]? {
    guard let id = optional(name) else { return nil }
    guard let array = graph.array(id) else {
      throw .badAttribute(className, name, expected: "an array of names")
    }
    if let texts = array.texts { return texts }
    guard case .objects(let objects) = array.storage else {
      throw .badAttribute(className, name, expected: "an array of names")
    }
    var names: [String] = []
    for object in objects {
      guard let name = graph.textOrScalar(object) else { return nil }
      guard name.utf8.count <= ScikitLearnReader.longestText else {
        throw .unsupportedSetting(className, "a feature's name of \(name.utf8.count) bytes")
      }
      names.append(name)
    }
    return names
  }

  /// The class labels as the model's library names them: `'01'` is not 1 there, nor is `True`.
  func labels(_ name: String = "classes_") throws(ModelFileError) -> [Label] {
    let id = try attribute(name)
    guard let array = graph.array(id), array.shape.count == 1 else {
      // Several outputs have a list of arrays.
      if graph.elements(id) != nil { throw .unsupportedSetting(className, "several outputs") }
      throw .badAttribute(className, name, expected: "an array of class labels")
    }
    if let texts = array.texts {
      return try texts.map { text throws(ModelFileError) in try label(text) }
    }
    if let integers = array.integers {
      return integers.map { array.type.kind == "b" ? Self.label($0 != 0) : .integer($0) }
    }
    if let doubles = array.doubles {
      return try doubles.map { value throws(ModelFileError) in
        guard let whole = Int64(exactly: value) else {
          throw .unsupportedSetting(className, "class labels that are fractions")
        }
        return .integer(whole)
      }
    }
    guard case .objects(let objects) = array.storage else {
      throw .badAttribute(className, name, expected: "an array of class labels")
    }
    return try objects.map { object throws(ModelFileError) in
      if let text = graph.textOrScalar(object) { return try label(text) }
      if case .bool(let truth) = graph[object] { return Self.label(truth) }
      if let number = graph.number(object), let whole = Int64(exactly: number) {
        return .integer(whole)
      }
      throw .unsupportedSetting(className, "class labels that are neither text nor whole numbers")
    }
  }

  private func label(_ text: String) throws(ModelFileError) -> Label {
    guard text.utf8.count <= ScikitLearnReader.longestText else {
      throw .unsupportedSetting(className, "a class label of \(text.utf8.count) bytes")
    }
    return .text(text)
  }

  /// A truth value as Python prints it.
  private static func label(_ truth: Bool) -> Label { .text(truth ? "True" : "False") }
}

/// What keeps a file's value from being a model.
enum ModelFileError: Error, Hashable, Sendable {
  /// The value is no estimator.
  case notAnEstimator
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
  /// The estimator's parts do not fit one another.
  case model(ModelError, object: String)

  /// Whether the file may well be good, and Assay lacks what it takes.
  var isUnsupported: Bool {
    switch self {
    case .notAnEstimator, .unsupportedEstimator, .unsupportedSetting: true
    case .notFitted, .missingAttribute, .badAttribute, .model: false
    }
  }

  /// What is wrong.
  var message: String {
    switch self {
    case .notAnEstimator: "the pickle holds no estimator that is known here"
    case .unsupportedEstimator(let name):
      "\(name) is not supported; supported are \(ScikitLearnReader.supported)"
    case .unsupportedSetting(let name, let setting): "\(name) with \(setting) is not supported"
    case .notFitted(let name): "\(name) was saved before it was fitted"
    case .missingAttribute(let name, let attribute): "\(name) has no attribute '\(attribute)'"
    case .badAttribute(let name, let attribute, let expected):
      "\(name): '\(attribute)' is not \(expected)"
    case .model(let error, let object): "\(object): \(error.message)"
    }
  }
}
