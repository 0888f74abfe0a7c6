public import DataTables

/// Classifiers whose scores are made probabilities by curves that were fitted to held-out rows.
public struct CalibratedClassifier: CompositePredictor {
  /// What a score becomes.
  public enum Curve: Sendable, Hashable {
    /// 1 / (1 + exp(`slope`·score + `shift`)).
    case sigmoid(slope: Double, shift: Double)
    /// Between the points of a line that never falls; beyond them as far as they go.
    case isotonic(scores: [Double], shares: [Double])
  }

  /// A classifier and its curves.
  public struct Member: Sendable {
    /// The classifier.
    public var predictor: any Predictor
    /// What of it is made a probability.
    public var response: Response
    /// One for each of its classes; of two classes one, for the second.
    public var curves: [Curve]
    /// Which of all classes each of its own is.
    public var places: [Int]

    /// Creates a member.
    public init(
      predictor: any Predictor, response: Response, curves: [Curve], places: [Int]
    ) {
      self.predictor = predictor
      self.response = response
      self.curves = curves
      self.places = places
    }
  }

  /// The algorithm's name.
  public let name: String
  private let labels: [Label]
  private let members: [Member]

  /// All members' predictors.
  public var parts: [any Predictor] { members.map(\.predictor) }
  /// The classes.
  public var targets: [Target] { [.classes(labels)] }
  /// It says probabilities.
  public var hasProbabilities: Bool { true }
  /// Probabilities are what it decides by.
  public var hasDecisions: Bool { false }

  /// Creates a classifier.
  ///
  /// - Throws: ``ModelError`` if a member has other classes, curves that are not as many as its scores,
  ///   or a curve that is none.
  public init(name: String, classes: [Label], members: [Member]) throws(ModelError) {
    guard !members.isEmpty, classes.count >= 2, Set(classes).count == classes.count else {
      throw .badShape("\(name) needs members and different classes")
    }
    for member in members {
      guard let own = member.predictor.classes, own.count >= 2, own.count == member.places.count,
        member.places.allSatisfy({ classes.indices.contains($0) }),
        member.response != .predictions, member.response.isSaid(by: member.predictor),
        member.curves.count == member.response.width(of: member.predictor)
      else { throw .badShape("\(name) has a member whose classes and curves do not fit") }
      for case .isotonic(let scores, let shares) in member.curves {
        guard !scores.isEmpty, scores.count == shares.count, scores.allSatisfy(\.isFinite),
          zip(scores, scores.dropFirst()).allSatisfy({ $0 <= $1 }), shares.allSatisfy(\.isFinite)
        else { throw .badNumber("\(name) has a curve that is none") }
      }
    }
    self.name = name
    labels = classes
    self.members = members
  }

  /// Predicts rows: the mean of all members' probabilities.
  public func output(for features: FeatureMatrix) throws(PredictionError) -> ModelOutput {
    let count = labels.count
    var sums = [Double](repeating: 0, count: features.rowCount * count)
    for member in members {
      let scores = member.response.values(of: try member.predictor.predict(features))
      let width = member.curves.count
      var shares = [Double](repeating: 0, count: sums.count)
      for (index, score) in scores.enumerated() {
        let row = index / width * count
        let share = member.curves[index % width](score)
        if width == 1 {
          shares[row + member.places[1]] = share
          shares[row + member.places[0]] = 1 - share
        } else {
          shares[row + member.places[index % width]] = share
        }
      }
      if width > 1 {
        for start in stride(from: 0, to: shares.count, by: count)
        where shares[start..<start + count].allSatisfy({ $0 == 0 }) {
          for index in start..<start + count { shares[index] = 1 }
        }
        divideByTotals(&shares, width: count)
      }
      for index in sums.indices { sums[index] += shares[index] }
    }
    for index in sums.indices { sums[index] /= Double(members.count) }
    return ModelOutput(classes: labels, probabilities: sums)
  }
}

extension CalibratedClassifier.Curve {
  fileprivate func callAsFunction(_ score: Double) -> Double {
    switch self {
    case .sigmoid(let slope, let shift): return PredictiveModels.sigmoid(-(slope * score + shift))
    case .isotonic(let scores, let shares):
      // The first point above the score.
      var low = 0
      var high = scores.count
      while low < high {
        let middle = (low + high) / 2
        if scores[middle] <= score { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { return shares[0] }
      guard low < scores.count else { return shares[scores.count - 1] }
      let part = (score - scores[low - 1]) / (scores[low] - scores[low - 1])
      return shares[low - 1] + part * (shares[low] - shares[low - 1])
    }
  }
}
