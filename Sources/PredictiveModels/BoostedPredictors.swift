public import DataTables
internal import Glibc

/// Classifiers that were trained on one another's errors and are heard with weights.
///
/// Source: J. Zhu, S. Rosset, H. Zou, T. Hastie 2009, "Multi-class AdaBoost".
public struct BoostedClassifiers: CompositePredictor {
  /// What is added up for each class.
  public enum Rule: Sendable, Hashable {
    /// A member's weight, for the class that it predicts; minus its share for the others, or nothing.
    case votes(countsOthers: Bool)
    /// The log of a member's probabilities, less its mean.
    case logarithms
  }

  /// How probabilities are made.
  public enum Link: Sendable, Hashable {
    /// Of the decisions.
    case decisions
    /// Of the mean of the members' probabilities: scikit-learn's before 0.21 with votes.
    case meanProbabilities
  }

  /// The algorithm's name.
  public let name: String
  private let labels: [Label]
  /// The members.
  public let parts: [any Predictor]
  private let weights: [Double]
  private let rule: Rule
  private let link: Link

  /// The classes.
  public var targets: [Target] { [.classes(labels)] }
  /// It says probabilities.
  public var hasProbabilities: Bool { true }
  /// It says what it decides by.
  public var hasDecisions: Bool { true }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }

  /// Creates a classifier.
  ///
  /// - Throws: ``ModelError`` if members are of other classes or say no probabilities where these are
  ///   added up, or weights are not as many or add up to nothing.
  public init(
    name: String, classes: [Label], members: [any Predictor], weights: [Double], rule: Rule,
    link: Link
  ) throws(ModelError) {
    let total = weights.reduce(0, +)
    guard !members.isEmpty, members.count == weights.count, total.isFinite, total != 0 else {
      throw .badShape("\(name) has \(members.count) members and \(weights.count) weights")
    }
    guard classes.count >= 2, Set(classes).count == classes.count,
      members.allSatisfy({ $0.classes == classes })
    else { throw .badShape("\(name) has members of other classes") }
    guard (rule != .logarithms && link == .decisions) || members.allSatisfy(\.hasProbabilities)
    else { throw .badShape("\(name) has members without probabilities") }
    self.name = name
    labels = classes
    parts = members
    self.weights = weights
    self.rule = rule
    self.link = link
  }

  /// Predicts rows.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let count = labels.count
    var sums = [Double](repeating: 0, count: features.rowCount * count)
    var shares = link == .meanProbabilities ? sums : []
    for (member, weight) in zip(parts, weights) {
      let output = try member.predict(features)
      let probabilities = output.probabilities ?? []
      switch rule {
      case .votes(let countsOthers):
        let other = countsOthers ? -weight / Double(count - 1) : 0
        for (row, code) in (output.codes ?? []).enumerated() {
          for index in 0..<count { sums[row * count + index] += index == code ? weight : other }
        }
      case .logarithms:
        for start in stride(from: 0, to: probabilities.count, by: count) {
          let logs = probabilities[start..<start + count].map { log(max($0, .ulpOfOne)) }
          let mean = logs.reduce(0, +) / Double(count)
          for index in 0..<count { sums[start + index] += Double(count - 1) * (logs[index] - mean) }
        }
      }
      if link == .meanProbabilities {
        for index in shares.indices { shares[index] += weight * probabilities[index] }
      }
    }
    let total = weights.reduce(0, +)
    for index in sums.indices { sums[index] /= total }
    let decisions =
      count == 2
      ? stride(from: 0, to: sums.count, by: 2).map { sums[$0 + 1] - sums[$0] } : sums
    let codes =
      count == 2 ? decisions.map { $0 > 0 ? 1 : 0 } : greatestPlaces(decisions, width: count)
    if link == .meanProbabilities {
      for index in shares.indices { shares[index] = exp(shares[index] / total / Double(count - 1)) }
    } else {
      shares = count == 2 ? decisions.flatMap { [-$0 / 2, $0 / 2] } : decisions
      for start in stride(from: 0, to: shares.count, by: count) {
        let greatest = shares[start..<start + count].reduce(-.infinity, max)
        for index in start..<start + count {
          shares[index] = exp((shares[index] - greatest) / Double(count - 1))
        }
      }
    }
    divideByTotals(&shares, width: count)
    return ModelOutput(
      classes: labels, codes: codes, probabilities: shares, decisions: decisions)
  }
}

/// Regressors that were trained on one another's errors, of whose numbers the weighted median counts.
///
/// Source: H. Drucker 1997, "Improving regressors using boosting techniques".
public struct WeightedMedian: CompositePredictor {
  /// The algorithm's name.
  public let name: String
  /// The members.
  public let parts: [any Predictor]
  private let weights: [Double]

  /// A number.
  public var targets: [Target] { [.number] }
  /// It is no classifier.
  public var hasProbabilities: Bool { false }
  /// It is no classifier.
  public var hasDecisions: Bool { false }
  /// Missing values are refused.
  public var acceptsMissingValues: Bool { false }

  /// Creates a regressor.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if a member does not predict a number, or weights are not
  ///   as many.
  public init(
    name: String, members: [any Predictor], weights: [Double]
  ) throws(ModelError) {
    guard !members.isEmpty, members.count == weights.count, weights.allSatisfy({ $0 >= 0 }),
      members.allSatisfy({ $0.targets == [.number] })
    else { throw .badShape("\(name) has members and weights that do not fit") }
    self.name = name
    parts = members
    self.weights = weights
  }

  /// Predicts rows: the first number, in ascending order, at which half of the weights is reached.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    var columns: [[Double]] = []
    for member in parts { columns.append(try member.predict(features).numbers ?? []) }
    let numbers = (0..<features.rowCount).map { row in
      let order = parts.indices.sorted {
        (columns[$0][row], $0) < (columns[$1][row], $1)
      }
      var sum = 0.0
      let sums = order.map { index in
        sum += weights[index]
        return sum
      }
      let place = sums.firstIndex { $0 >= 0.5 * sum } ?? 0
      return columns[order[place]][row]
    }
    return ModelOutput(numbers: numbers)
  }
}
