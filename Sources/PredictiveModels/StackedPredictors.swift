public import DataTables

/// What of a predictor's output another one is given.
public enum Response: String, Sendable, Hashable {
  /// The probabilities; of two classes the second one's alone.
  case probabilities = "predict_proba"
  /// What it decides by.
  case decisions = "decision_function"
  /// Its numbers, or its classes' places.
  case predictions = "predict"

  /// Whether a predictor says it.
  public func isSaid(by predictor: any Predictor) -> Bool {
    switch self {
    case .probabilities: predictor.hasProbabilities
    case .decisions: predictor.hasDecisions
    case .predictions: predictor.targets.count == 1
    }
  }

  /// The columns that it has.
  func width(of predictor: any Predictor) -> Int {
    guard let classes = predictor.classes, self != .predictions else { return 1 }
    return classes.count == 2 ? 1 : classes.count
  }

  /// The columns of an output, row-major.
  func values(of output: ModelOutput) -> [Double] {
    switch self {
    case .probabilities:
      let shares = output.probabilities ?? []
      return output.classes.count == 2 ? column(1, of: shares, width: 2) : shares
    case .decisions: return output.decisions ?? []
    case .predictions: return output.numbers ?? (output.codes ?? []).map { Double($0) }
    }
  }
}

/// A predictor of what other predictors say.
public struct StackedPredictors: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  private let members: [(predictor: any Predictor, response: Response)]
  private let final: any Predictor
  private let labels: [Label]?
  private let passesFeatures: Bool
  /// The first predictors.
  public var parts: [any Predictor] { members.map(\.predictor) }
  /// What is predicted.
  public var targets: [Target] { labels.map { [.classes($0)] } ?? final.targets }
  /// What the last predictor is made of is not counted.
  public var treeCount: Int? { nil }
  /// Whether the last predictor says probabilities.
  public var hasProbabilities: Bool { final.hasProbabilities }
  /// Whether the last predictor says what it decides by.
  public var hasDecisions: Bool { final.hasDecisions }

  /// Creates a predictor.
  ///
  /// - Parameters:
  ///   - name: The algorithm's name.
  ///   - members: The first predictors, and what the last one is given of each.
  ///   - final: The last predictor, whose classes are places in `classes`.
  ///   - classes: A classifier's classes; `nil` for a regressor.
  ///   - passesFeatures: Whether the last one is given the features too, behind all else.
  /// - Throws: ``ModelError`` if the last one takes more or fewer columns, or predicts other classes.
  public init(
    name: String, members: [(predictor: any Predictor, response: Response)],
    final: any Predictor, classes: [Label]?, passesFeatures: Bool
  ) throws(ModelError) {
    guard !members.isEmpty, members.allSatisfy({ $0.response.isSaid(by: $0.predictor) }) else {
      throw .badShape("\(name) has a member that does not say what is asked of it")
    }
    if let classes {
      guard Set(classes).count == classes.count,
        final.classes == classes.indices.map({ .integer(Int64($0)) })
      else { throw .badShape("\(name) has a last estimator of other classes") }
    } else {
      guard final.targets == [.number] else {
        throw .badShape("\(name) has a last estimator that does not predict a number")
      }
    }
    let count = members.lazy.compactMap(\.predictor.featureCount).first
    for member in members {
      guard let takes = member.predictor.featureCount else { continue }
      guard takes == count else {
        throw .stepWidth(step: member.predictor.name, takes: takes, given: count ?? 0)
      }
    }
    let width = members.reduce(0) { $0 + $1.response.width(of: $1.predictor) }
    if let takes = final.featureCount, !passesFeatures || count != nil {
      let given = width + (passesFeatures ? count ?? 0 : 0)
      guard takes == given else { throw .stepWidth(step: final.name, takes: takes, given: given) }
    }
    self.name = name
    self.members = members
    self.final = final
    labels = classes
    self.passesFeatures = passesFeatures
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    var parts: [(values: [Double], width: Int)] = []
    for member in members {
      let output = try member.predictor.predict(features)
      parts.append(
        (member.response.values(of: output), member.response.width(of: member.predictor)))
    }
    if passesFeatures { parts.append((features.values, features.columnCount)) }
    let width = parts.reduce(0) { $0 + $1.width }
    var values: [Double] = []
    values.reserveCapacity(features.rowCount * width)
    for row in 0..<features.rowCount {
      for part in parts { values += part.values[row * part.width..<(row + 1) * part.width] }
    }
    let output = try final.predict(FeatureMatrix(values: values, columnCount: width))
    guard let labels else { return output }
    return output.relabelled(labels)
  }
}

extension ModelOutput {
  /// The same with other names of the classes.
  func relabelled(_ labels: [Label]) -> ModelOutput {
    ModelOutput(
      classes: labels, codes: codes ?? [], probabilities: probabilities, decisions: decisions)
  }
}
