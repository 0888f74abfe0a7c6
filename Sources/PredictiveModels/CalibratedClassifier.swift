public import DataTables
internal import Glibc

/// Classifiers whose scores are made probabilities by what was fitted to held-out rows.
public struct CalibratedClassifier: CompositePredictor {
  /// What a score becomes.
  public enum Curve: Sendable, Hashable {
    /// 1 / (1 + exp(`slope`·score + `shift`)).
    case sigmoid(slope: Double, shift: Double)
    /// Between the points of a line that never falls; beyond them as far as they go.
    case isotonic(scores: [Double], shares: [Double])
  }

  /// What all scores of a row become.
  public enum Calibration: Sendable, Hashable {
    /// A curve for each of the classifier's classes; of two classes one, for the second.
    case curves([Curve])
    /// The softmax of scores, or of the logarithms of probabilities, multiplied by a factor.
    ///
    /// One score of two classes counts for the second and against the first.
    case temperature(factor: Double)
  }

  /// A classifier and what was fitted to it.
  public struct Member: Sendable {
    /// The classifier.
    public var predictor: any Predictor
    /// What of it is made a probability.
    public var response: Response
    /// How that is done.
    public var calibration: Calibration
    /// Which of all classes each of its own is.
    public var places: [Int]

    /// Creates a member.
    public init(
      predictor: any Predictor, response: Response, calibration: Calibration, places: [Int]
    ) {
      self.predictor = predictor
      self.response = response
      self.calibration = calibration
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
        member.response != .predictions, member.response.isSaid(by: member.predictor)
      else { throw .badShape("\(name) has a member whose classes do not fit") }
      guard case .curves(let curves) = member.calibration else {
        guard own.count == classes.count else {
          throw .badShape("\(name) has a member of fewer classes")
        }
        continue
      }
      guard curves.count == member.response.width(of: member.predictor) else {
        throw .badShape("\(name) has a member whose classes and curves do not fit")
      }
      for case .isotonic(let scores, let shares) in curves {
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
      let shares =
        switch member.calibration {
        case .curves(let curves): Self.shares(of: scores, curves, member.places, of: count)
        case .temperature(let factor): member.shares(of: scores, factor: factor)
        }
      for index in sums.indices { sums[index] += shares[index] }
    }
    for index in sums.indices { sums[index] /= Double(members.count) }
    return ModelOutput(classes: labels, probabilities: sums)
  }

  private static func shares(
    of scores: [Double], _ curves: [Curve], _ places: [Int], of count: Int
  ) -> [Double] {
    let width = curves.count
    var shares = [Double](repeating: 0, count: scores.count / width * count)
    for (index, score) in scores.enumerated() {
      let row = index / width * count
      let share = curves[index % width](score)
      if width == 1 {
        shares[row + places[1]] = share
        shares[row + places[0]] = 1 - share
      } else {
        shares[row + places[index % width]] = share
      }
    }
    guard width > 1 else { return shares }
    for start in stride(from: 0, to: shares.count, by: count)
    where shares[start..<start + count].allSatisfy({ $0 == 0 }) {
      for index in start..<start + count { shares[index] = 1 }
    }
    divideByTotals(&shares, width: count)
    return shares
  }
}

extension CalibratedClassifier.Member {
  fileprivate func shares(of scores: [Double], factor: Double) -> [Double] {
    var logits: [Double]
    switch (response, places.count) {
    case (.decisions, 2): logits = scores.flatMap { [-$0, $0] }
    case (.probabilities, 2): logits = scores.flatMap { [1 - $0, $0] }
    default: logits = scores
    }
    for index in logits.indices {
      logits[index] =
        factor * (response == .probabilities ? log(logits[index] + 1e-12) : logits[index])
    }
    var shares = logits
    let count = places.count
    for start in stride(from: 0, to: shares.count, by: count) {
      let greatest = logits[start..<start + count].reduce(-.infinity, max)
      for index in 0..<count {
        shares[start + places[index]] = exp(logits[start + index] - greatest)
      }
    }
    divideByTotals(&shares, width: count)
    return shares
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
