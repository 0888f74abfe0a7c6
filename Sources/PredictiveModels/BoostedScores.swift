public import DataTables
internal import Glibc

/// What a predictor says, and what trees add to it: gradient boosting with an initial estimator.
public struct BoostedScores: Scorer {
  /// How scores are made of what the initial predictor says.
  public enum InitialLink: Sendable, Hashable {
    /// Its number.
    case number
    /// The log of the odds of the second of two classes, times a factor.
    case logOdds(factor: Double, smallest: Double)
    /// The log of each class's probability, or its distance from a row's mean of them.
    ///
    /// Probabilities are kept between the `smallest` and 1 less that.
    case logarithms(isCentred: Bool, smallest: Double)
  }

  /// What scores begin with.
  public enum Initial: Sendable {
    /// The same numbers for every row.
    case constant([Double])
    /// What a predictor says of each row, whose features are rounded to single precision first.
    case predictor(any Predictor, InitialLink)
  }

  private let initial: Initial
  private let trees: TreeScores

  /// The number of features.
  public var featureCount: Int? { trees.featureCount }
  /// The number of scores of a row.
  public var scoreCount: Int { trees.scoreCount }
  /// Whether features may be missing.
  public var acceptsMissingValues: Bool { trees.acceptsMissingValues }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { trees.roundsToSinglePrecision }
  /// The number of trees.
  public var treeCount: Int? { trees.treeCount }

  /// Creates scores.
  ///
  /// - Throws: ``ModelError/badShape(_:)`` if the initial scores are more or fewer than the trees'.
  public init(initial: Initial, trees: TreeScores) throws(ModelError) {
    let count: Int
    switch initial {
    case .constant(let values): count = values.count
    case .predictor(let predictor, .number):
      guard predictor.targets == [.number] else {
        throw .badShape("the initial estimator does not predict a number")
      }
      count = 1
    case .predictor(let predictor, let link):
      guard let classes = predictor.classes, predictor.hasProbabilities else {
        throw .badShape("the initial estimator says no probabilities")
      }
      if case .logOdds = link, classes.count == 2 { count = 1 } else { count = classes.count }
    }
    guard count == trees.scoreCount else {
      throw .badShape("there are \(count) initial scores for \(trees.scoreCount) scores")
    }
    self.initial = initial
    self.trees = trees
  }

  /// The scores of each row.
  public func scores(of features: FeatureMatrix) throws(PredictionError) -> [Double] {
    switch initial {
    case .constant(let values):
      return trees.scores(
        of: features, from: (0..<features.rowCount).flatMap { _ in values })
    case .predictor(let predictor, let link):
      var rounded = features
      for index in rounded.values.indices {
        rounded.values[index] = Double(Float(rounded.values[index]))
      }
      return trees.scores(of: features, from: try link.scores(predictor.predict(rounded)))
    }
  }
}

extension BoostedScores.InitialLink {
  fileprivate func scores(_ output: ModelOutput) throws(PredictionError) -> [Double] {
    switch self {
    case .number: return output.numbers ?? []
    case .logOdds(let factor, let smallest):
      return stride(from: 1, to: output.probabilities?.count ?? 0, by: 2).map { index in
        let share = min(max(output.probabilities?[index] ?? 0, smallest), 1 - smallest)
        return factor * log(share / (1 - share))
      }
    case .logarithms(let isCentred, let smallest):
      var scores = (output.probabilities ?? []).map { log(min(max($0, smallest), 1 - smallest)) }
      guard isCentred else { return scores }
      let width = output.classes.count
      for start in stride(from: 0, to: scores.count, by: width) {
        let mean = scores[start..<start + width].reduce(0, +) / Double(width)
        for index in start..<start + width { scores[index] -= mean }
      }
      return scores
    }
  }
}
