public import DataTables
internal import Glibc

/// Scores that a function is applied to, in the precision of the library that has it.
public struct TransformedScores: Scorer {
  /// What is made of a row's *m* scores.
  public enum Transform: Sendable, Hashable {
    /// Nothing.
    case identity
    /// 1 / (1 + exp(-`factor`·*s*)) of each.
    case logistic(factor: Double = 1)
    /// Of each the two numbers 1 - *s* and *s*.
    case complemented
    /// Each one's exponential.
    case exponential
    /// Each one's log(1 + exp(*s*)).
    case softplus
    /// 1 where a score is above 0, otherwise 0.
    case step
    /// Each one's square, with its sign.
    case signedSquare
    /// Exponentials in proportion.
    case softmax
    /// The place of the greatest, the first of equal ones: one number.
    case greatestPlace
  }

  private let scorer: any Scorer
  private let transform: Transform
  private let isSinglePrecision: Bool

  /// The number of features.
  public var featureCount: Int? { scorer.featureCount }
  /// The number of results of a row.
  public var scoreCount: Int {
    switch transform {
    case .complemented: 2 * scorer.scoreCount
    case .greatestPlace: 1
    default: scorer.scoreCount
    }
  }
  /// Whether features may be missing.
  public var acceptsMissingValues: Bool { scorer.acceptsMissingValues }
  /// Whether features are rounded to single precision first.
  public var roundsToSinglePrecision: Bool { scorer.roundsToSinglePrecision }
  /// The number of trees.
  public var treeCount: Int? { scorer.treeCount }

  /// Creates scores.
  ///
  /// - Parameters:
  ///   - scorer: What is transformed.
  ///   - transform: The function.
  ///   - isSinglePrecision: Whether it is computed in single precision.
  public init(_ scorer: any Scorer, _ transform: Transform, isSinglePrecision: Bool) {
    self.scorer = scorer
    self.transform = transform
    self.isSinglePrecision = isSinglePrecision
  }

  /// The results of each row.
  public func scores(of features: FeatureMatrix) throws(PredictionError) -> [Double] {
    let scores = try scorer.scores(of: features)
    let width = scorer.scoreCount
    return isSinglePrecision
      ? transform.apply(to: scores.map { Float($0) }, width: width, exp: expf).map(Double.init)
      : transform.results(of: scores, width: width)
  }
}

extension TransformedScores.Transform {
  /// What is made of rows' scores, in double precision.
  func results(of scores: [Double], width: Int) -> [Double] {
    apply(to: scores, width: width, exp: Glibc.exp)
  }

  fileprivate func apply<Number: BinaryFloatingPoint>(
    to scores: [Number], width: Int, exp: (Number) -> Number
  ) -> [Number] {
    switch self {
    case .identity: return scores
    case .logistic(let factor): return scores.map { 1 / (1 + exp(-Number(factor) * $0)) }
    case .complemented: return scores.flatMap { [1 - $0, $0] }
    case .exponential: return scores.map(exp)
    case .softplus: return scores.map { Number(log1p(Double(exp($0)))) }
    case .step: return scores.map { $0 > 0 ? 1 : 0 }
    case .signedSquare: return scores.map { $0 * abs($0) }
    case .softmax:
      var shares = scores
      for start in stride(from: 0, to: shares.count, by: width) {
        let row = start..<start + width
        let greatest = shares[row].reduce(-Number.infinity, max)
        var total: Number = 0
        for index in row {
          shares[index] = exp(shares[index] - greatest)
          total += shares[index]
        }
        for index in row { shares[index] /= total }
      }
      return shares
    case .greatestPlace:
      return greatestPlaces(scores.map { Double($0) }, width: width).map { Number($0) }
    }
  }
}
