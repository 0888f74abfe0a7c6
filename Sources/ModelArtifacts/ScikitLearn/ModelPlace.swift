internal import PredictiveModels

/// Where in a pickle's value the model stands, and what stands beside it.
struct ModelPlace {
  let id: NodeID
  /// The way to it as Python writes it: `['model']`, `[0]`; `nil` where the value is the model.
  let path: String?
  /// The others of the dictionary or list, by their ways.
  fileprivate var others: [(path: String, step: ScikitLearnObject?)] = []

  /// What its reader should know: that there is more than the model.
  var findings: [Finding] {
    guard let path else { return [] }
    var findings: [Finding] = []
    for case (let other, let step?) in others {
      let advice =
        step.labelPlaces.map { "the model says classes by the numbers that it gives them, \($0)" }
        ?? "the model takes features as it leaves them"
      findings.append(
        Finding(
          .warning, "model.step_beside", "the \(step.kind) at \(other) is not applied: \(advice)"))
    }
    let shown = others.prefix(8).map(\.path).joined(separator: ", ")
    findings.append(
      Finding(
        .info, "model.inside",
        "the model stands at \(path)"
          + (others.isEmpty ? "" : ", beside \(shown)\(others.count > 8 ? ", …" : "")")))
    return findings
  }
}

extension ScikitLearnReader {
  /// Names that people give a model among other things.
  private static let usualNames = [
    "model", "estimator", "classifier", "regressor", "clf", "pipeline", "predictor",
  ]

  /// The model that a value is, or that stands in a dictionary, list or tuple.
  ///
  /// - Throws: ``ModelFileError/notAnEstimator`` if there is none, and
  ///   ``ModelFileError/severalModels(_:)`` if several are and none is named as models usually are.
  func model(in root: NodeID) throws(ModelFileError) -> ModelPlace {
    if let step = step(standingAt: root) {
      throw .onlyStep(step.className, labels: step.labelPlaces)
    }
    guard let parts = parts(of: root) else { return ModelPlace(id: root, path: nil) }
    let models = parts.filter { isPredictor($0.id) }
    var chosen = models.count == 1 ? models.first : nil
    for name in Self.usualNames where chosen == nil {
      chosen = models.first { $0.name == name }
    }
    guard let chosen else {
      throw models.isEmpty ? .notAnEstimator : .severalModels(models.map(\.path))
    }
    return ModelPlace(
      id: chosen.id, path: chosen.path,
      others: parts.filter { $0.path != chosen.path }.map {
        (path: $0.path, step: step(standingAt: $0.id))
      })
  }

  /// The step, where the value is one.
  private func step(standingAt id: NodeID) -> ScikitLearnObject? {
    guard let object = try? ScikitLearnObject(graph, id),
      case .step? = Self.kinds[object.className]?.reading
    else { return nil }
    return object
  }

  /// The values of a dictionary with texts as keys, a list or a tuple.
  private func parts(of root: NodeID) -> [(name: String?, path: String, id: NodeID)]? {
    var entries: [PickleGraph.Entry]?
    switch graph[root] {
    case .list(let elements), .tuple(let elements):
      return elements.enumerated().map { (nil, "[\($0)]", $1) }
    case .dictionary(let own): entries = own
    case .object(let object)
    where ["collections.OrderedDict", "collections.defaultdict"].contains(object.constructor)
      || object.constructor.hasSuffix(".Bunch"):
      entries = object.entries
    default: break
    }
    guard let entries, !entries.isEmpty else { return nil }
    return entries.map { entry in
      let name = graph.text(entry.key)
      return (name, "[\(graph.word(entry.key) ?? "…")]", entry.value)
    }
  }
}

extension ScikitLearnObject {
  /// Of an encoder of labels, what numbers it gives them: `0 = high, 1 = low`; `nil` for others.
  fileprivate var labelPlaces: String? {
    guard kind == "LabelEncoder", let labels = try? labels() else { return nil }
    let shown = labels.prefix(8).enumerated().map { "\($0.offset) = \($0.element)" }
    return shown.joined(separator: ", ") + (labels.count > 8 ? ", …" : "")
  }
}
