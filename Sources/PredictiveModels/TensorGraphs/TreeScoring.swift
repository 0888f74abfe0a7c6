/// Trees whose leaves add to some of a row's scores.
///
/// Source: ONNX Runtime 1.32, onnxruntime/core/providers/cpu/ml/tree_ensemble_aggregator.h.
package struct TreeScoring: Sendable {
  /// How trees are put together.
  package enum Aggregation: Sendable {
    case sum
    case mean
    case least
    case greatest
  }

  /// What a leaf adds to one score.
  package struct Addition: Sendable, Hashable {
    /// The score's index.
    package let score: Int
    /// What is added.
    package let weight: Double

    /// Creates an addition.
    package init(score: Int, weight: Double) {
      self.score = score
      self.weight = weight
    }
  }

  private let trees: TreeEnsemble
  /// By the leaf's value in `trees`.
  private let leaves: [[Addition]]
  private let scoreCount: Int
  /// What is added at the end: one a score, one for all, or none.
  private let starts: [Double]

  /// The number of trees.
  var treeCount: Int { trees.treeCount }

  /// Creates a scoring.
  ///
  /// - Parameters:
  ///   - trees: Trees whose leaves' one value is an index into `leaves`.
  ///   - leaves: What each leaf adds.
  ///   - scoreCount: The number of scores of a row.
  ///   - starts: What is added at the end.
  /// - Throws: ``ModelError`` if a leaf adds to a score that does not exist, or nothing that is finite.
  package init(
    trees: TreeEnsemble, leaves: [[Addition]], scoreCount: Int, starts: [Double]
  ) throws(ModelError) {
    guard
      leaves.allSatisfy({ $0.allSatisfy { (0..<scoreCount).contains($0.score) } })
    else { throw .badShape("a leaf adds to a score that is none of \(scoreCount)") }
    guard leaves.allSatisfy({ $0.allSatisfy(\.weight.isFinite) }), starts.allSatisfy(\.isFinite)
    else { throw .badNumber("a leaf adds a number that is not finite") }
    guard starts.count <= 1 || starts.count == scoreCount else {
      throw .badShape("there are \(starts.count) base values for \(scoreCount) scores")
    }
    self.trees = trees
    self.leaves = leaves
    self.scoreCount = scoreCount
    self.starts = starts
  }

  /// A row's scores, and which of them any leaf added to.
  private struct Scores {
    var values: [Double]
    var isThere: [Bool]

    /// The greatest of those that are there, the first of equal ones.
    var greatest: Int {
      var best: Int?
      for index in values.indices
      where isThere[index] && best.map({ values[index] > values[$0] }) ?? true {
        best = index
      }
      return best ?? 0
    }
  }

  private func start(_ score: Int) -> Double {
    starts.isEmpty ? 0 : starts[starts.count == 1 ? 0 : score]
  }

  /// How sums are rounded: those of rows in double precision are not.
  private typealias Rounding = (Double) -> Double

  private static func rounding(_ rows: Tensor) -> Rounding {
    if case .doubles = rows.elements { { $0 } } else { { Double(Float($0)) } }
  }

  /// The scores of one row without what is added at the end.
  private func scores(
    _ values: Span<Double>, from start: Int, _ aggregation: Aggregation, _ rounded: Rounding
  ) -> Scores {
    var scores = Scores(
      values: [Double](repeating: 0, count: scoreCount),
      isThere: [Bool](repeating: false, count: scoreCount))
    for tree in 0..<trees.treeCount {
      for addition in leaves[Int(trees.leafValue(tree: tree, values: values, from: start))] {
        let old = scores.values[addition.score]
        let isFirst = !scores.isThere[addition.score]
        scores.isThere[addition.score] = true
        scores.values[addition.score] =
          switch aggregation {
          case .sum, .mean: rounded(old + addition.weight)
          case .least: isFirst ? addition.weight : min(old, addition.weight)
          case .greatest: isFirst ? addition.weight : max(old, addition.weight)
          }
      }
    }
    return scores
  }

  /// Rows as the trees take them.
  private func rows(
    of operand: Tensor
  ) throws(TensorFault) -> (values: [Double], width: Int, count: Int) {
    let rows = try operand.rows()
    guard rows.width >= trees.featureCount else {
      throw .shape("rows have \(rows.width) features, and the trees look at \(trees.featureCount)")
    }
    return rows
  }

  /// The values of a tensor of scores, in the precision of sums.
  private func tensor(
    _ scores: [Double], shape: [Int], isDouble: Bool = false
  ) throws(TensorFault) -> Tensor {
    try Tensor(isDouble ? .doubles(scores) : .floats(scores.map(Float.init)), shape: shape)
  }

  // MARK: A regressor

  /// The sums, means or extremes of what leaves add.
  ///
  /// One score is transformed only by a probit.
  ///
  /// - Parameters:
  ///   - aggregation: How trees are put together.
  ///   - transform: What becomes of a row's scores.
  ///   - keepsKind: Whether scores of doubles are doubles, and not in single precision.
  /// - Returns: an operation.
  package func regressor(
    _ aggregation: Aggregation, transform: ScoreTransform, keepsKind: Bool
  ) -> TensorOperation {
    TensorOperation(operandCount: 1, treeCount: treeCount) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let rows = try rows(of: operand)
      let rounded = Self.rounding(operand)
      let values = rows.values.span
      var all: [Double] = []
      all.reserveCapacity(try Tensor.count(of: [rows.count, scoreCount]))
      for row in 0..<rows.count {
        let scores = scores(values, from: row * rows.width, aggregation, rounded)
        for (index, score) in scores.values.enumerated() {
          let score = aggregation == .mean ? rounded(score / Double(treeCount)) : score
          all.append(rounded(score + start(index)))
        }
      }
      let isDouble = if case .doubles = operand.elements { keepsKind } else { false }
      let shape = [rows.count, scoreCount]
      guard transform != .none else {
        return [try tensor(all, shape: shape, isDouble: isDouble)]
      }
      let transformed = transform.appliedToNumbers(all.map(Float.init), width: scoreCount)
      return [
        try tensor(transformed.map(Double.init), shape: shape, isDouble: isDouble)
      ]
    }
  }

  // MARK: A classifier

  /// Labels, and a score for each class.
  package func classifier(_ classes: ClassNames, transform: ScoreTransform) -> TensorOperation {
    // Of two classes one may have all weights: then the score is that of the second one.
    let named = Set(leaves.joined().map(\.score))
    let isOneSided = classes.count == 2 && named.count <= 1
    let isPositive = leaves.joined().allSatisfy { $0.weight >= 0 }
    return TensorOperation(operandCount: 1, treeCount: treeCount) { operands throws(TensorFault) in
      guard let operand = operands[0] else { return [] }
      let rows = try rows(of: operand)
      let rounded = Self.rounding(operand)
      let values = rows.values.span
      var codes: [Int] = []
      var all: [Float] = []
      for row in 0..<rows.count {
        var scores = scores(values, from: row * rows.width, .sum, rounded)
        guard classes.count == 2 else {
          if !starts.isEmpty {
            for index in scores.values.indices {
              scores.values[index] = rounded(scores.values[index] + start(index))
              scores.isThere[index] = true
            }
          }
          codes.append(scores.greatest)
          all += transform.applied(to: scores.values.map(Float.init), width: classes.count)
          continue
        }
        let pair = pair(scores, isOneSided: isOneSided, isPositive: isPositive, rounded)
        codes.append(pair.code)
        all += pair.shares(by: transform)
      }
      return [
        classes.tensor(of: codes), try Tensor(.floats(all), shape: [rows.count, classes.count]),
      ]
    }
  }

  /// What is said of a row of two classes.
  private struct Pair {
    let code: Int
    /// Both scores, or that of the second class.
    let scores: [Float]
    /// Whether the first class's score is what is left of 1, and not the other one's negative.
    let isShare: Bool

    func shares(by transform: ScoreTransform) -> [Float] {
      guard scores.count == 1 else { return transform.applied(to: scores, width: 2) }
      let score = scores[0]
      switch transform {
      case .probit: return [1 - ScoreTransform.probit(score), ScoreTransform.probit(score)]
      case .logistic:
        return [ScoreTransform.logistic(-score), ScoreTransform.logistic(score)]
      default: return isShare ? [1 - score, score] : [-score, score]
      }
    }
  }

  private func pair(
    _ scores: Scores, isOneSided: Bool, isPositive: Bool, _ rounded: Rounding
  ) -> Pair {
    var values = scores.values
    let isThere = scores.isThere
    // Of two base values the first counts where the second class has no score, and the second one elsewhere.
    if starts.count == 2, isThere[1] {
      values[1] = rounded(starts[1] + values[0])
      values[0] = isThere[0] ? -values[1] : 0
    } else if isThere[0] {
      values[0] = rounded(values[0] + start(0))
    }
    let decisive = isThere[1] ? values[1] : values[0]
    let isSecond = isOneSided && isPositive ? decisive > 0.5 : decisive > 0
    let kept = isThere[1] || starts.count == 2 ? values : [values[0]]
    return Pair(
      code: isSecond ? 1 : 0, scores: kept.map(Float.init), isShare: isOneSided && isPositive)
  }
}
