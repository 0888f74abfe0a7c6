internal import DataTables
internal import PredictiveModels

/// An estimator in a pickle: its class and its attributes.
struct ScikitLearnObject {
  let className: String
  let graph: PickleGraph
  /// The dictionary of its attributes.
  let state: NodeID

  /// The class's name without its module.
  var kind: String { className.split(separator: ".").last.map(String.init) ?? className }

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
      throw ScikitLearnReader.kinds[name] != nil ? .notFitted(name) : .notAnEstimator
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

  /// A byte string.
  func bytes(_ name: String) -> ArraySlice<UInt8>? { optional(name).flatMap { graph.bytes($0) } }

  /// Whether the library that wrote the object is of that version or a later one.
  func isVersion(atLeast major: Int, _ minor: Int) -> Bool {
    let parts = (text("_sklearn_version") ?? "").split(separator: ".").map { Int($0) ?? 0 }
    guard parts.count >= 2 else { return false }
    return (parts[0], parts[1]) >= (major, minor)
  }

  /// A whole number, where it is there and not None.
  func optionalInteger(_ name: String) -> Int? { optional(name).flatMap { graph.integer($0) } }

  /// A number, where it is there and not None.
  func optionalNumber(_ name: String) -> Double? { optional(name).flatMap { graph.number($0) } }

  /// Whether an attribute is there and is not None.
  func has(_ name: String) -> Bool { optional(name).map { !graph.isNone($0) } ?? false }

  /// A number.
  func number(_ name: String) throws(ModelFileError) -> Double {
    guard let number = graph.number(try attribute(name)) else {
      throw .badAttribute(className, name, expected: "a number")
    }
    return number
  }

  /// The number of columns that the estimator was trained on, where its version keeps it.
  var featureCount: Int? {
    optionalInteger("n_features_in_").flatMap { (1...Int(Int32.max)).contains($0) ? $0 : nil }
  }

  /// The values of a list, a tuple or an array of objects.
  func items(_ name: String) throws(ModelFileError) -> [NodeID] {
    guard let items = graph.items(try attribute(name)) else {
      throw .badAttribute(className, name, expected: "a list")
    }
    return items
  }

  /// Names and estimators, as a list of tuples whose first two elements they are.
  func pairs(_ name: String) throws(ModelFileError) -> [(name: String, value: NodeID)] {
    var pairs: [(name: String, value: NodeID)] = []
    for item in graph.elements(try attribute(name)) ?? [] {
      guard let pair = graph.elements(item), pair.count >= 2 else {
        throw .badAttribute(className, name, expected: "names and estimators")
      }
      pairs.append((graph.text(pair[0]) ?? "", pair[1]))
    }
    return pairs
  }

  /// The settings that can be said in a word: numbers, texts, truth values, None and lists of them.
  ///
  /// What fitting sets ends in an underscore, and what is private begins with one.
  var parameters: [(name: String, value: String)] {
    guard case .dictionary(let entries) = graph[state] else { return [] }
    return entries.compactMap { entry in
      guard let name = graph.text(entry.key), !name.hasPrefix("_"), !name.hasSuffix("_"),
        name.utf8.count <= ScikitLearnReader.longestText, let value = graph.word(entry.value)
      else { return nil }
      return (name, value)
    }
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
    if let values = graph.numbers(id) { return ([values.count], values) }
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
    try labels(try attribute(name), name)
  }

  private func labels(_ id: NodeID, _ name: String) throws(ModelFileError) -> [Label] {
    guard let array = graph.array(id), array.shape.count == 1 else {
      // Several outputs have a list of arrays.
      if graph.elements(id) != nil { throw .unsupportedSetting(className, "several outputs") }
      throw .badAttribute(className, name, expected: "an array of class labels")
    }
    if let texts = array.texts {
      return try texts.map { text throws(ModelFileError) in try label(text) }
    }
    if let integers = array.integers {
      return integers.map { array.type.kind == "b" ? Self.label($0 != 0) : .integer(Int64($0)) }
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
      guard let label = try label(object) else {
        throw .unsupportedSetting(className, "class labels that are neither text nor whole numbers")
      }
      return label
    }
  }

  /// A class label that stands by itself; `nil` where it is none.
  func constantLabel(_ name: String) throws(ModelFileError) -> Label? {
    try label(try attribute(name))
  }

  /// Class labels, one or a list or array of them.
  func constantLabels(_ name: String) throws(ModelFileError) -> [Label] {
    if let label = try constantLabel(name) { return [label] }
    let id = try attribute(name)
    if let items = graph.items(id) {
      var labels: [Label] = []
      for item in items { if let label = try label(item) { labels.append(label) } }
      return labels
    }
    guard let array = graph.array(id) else { return [] }
    // A column of labels, one for each target.
    if let texts = array.texts { return texts.map { .text($0) } }
    return array.integers?.map { .integer(Int64($0)) } ?? []
  }

  private func label(_ id: NodeID) throws(ModelFileError) -> Label? {
    if let text = graph.textOrScalar(id) { return try label(text) }
    if case .bool(let truth) = graph[id] { return Self.label(truth) }
    return graph.number(id).flatMap { Int64(exactly: $0) }.map { .integer($0) }
  }

  /// The class labels of each target: one array, or a list of arrays.
  func labelsOfTargets(_ name: String = "classes_") throws(ModelFileError) -> [[Label]] {
    let id = try attribute(name)
    guard graph.array(id) == nil || graph.items(id) != nil, let arrays = graph.items(id),
      arrays.first.map({ graph.array($0) != nil }) == true
    else { return [try labels(name)] }
    return try arrays.map { array throws(ModelFileError) in try labels(array, name) }
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
