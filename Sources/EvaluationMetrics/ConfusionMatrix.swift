internal import NumericKernels

/// How often each class was taken for each other one: the statistic of every label metric.
///
/// Cells are sums of weights, counts where there are none. Counts are exact: doubles hold every
/// whole number below 2^53.
public struct ConfusionMatrix: Hashable, Sendable {
  /// The number of classes, *c*.
  public let classCount: Int
  /// Row-major, *c* x *c*; rows are true classes, columns predicted ones.
  public private(set) var cells: [Double]

  /// Creates the matrix of no rows.
  public init(classCount: Int) {
    self.classCount = classCount
    cells = [Double](repeating: 0, count: classCount * classCount)
  }

  /// Creates a matrix from its cells.
  ///
  /// - Precondition: There are `classCount` squared of them.
  public init(classCount: Int, cells: [Double]) {
    precondition(cells.count == classCount * classCount, "a cell for each pair of classes")
    self.classCount = classCount
    self.cells = cells
  }

  /// Counts rows.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes below *c*.
  ///   - predictions: The predicted classes, *n* codes below *c*.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n* + *c*²); on all cores where classes are few. Weighted cells are summed over a
  ///   fixed partition, or else row by row.
  public mutating func add(labels: [Int32], predictions: [Int32], weights: [Double]? = nil) {
    precondition(labels.count == predictions.count, "a prediction for each label")
    precondition(weights.map { $0.count == labels.count } ?? true, "a weight for each label")
    // A chunk must pay for the cells that it has of its own.
    guard 4 * cells.count <= Chunks.size else {
      for row in labels.indices {
        cells[Int(labels[row]) * classCount + Int(predictions[row])] += weights?[row] ?? 1
      }
      return
    }
    let count = classCount
    if let weights {
      let parts = Chunks.map(labels.count) { rows in
        var sums = [Double](repeating: 0, count: count * count)
        for row in rows {
          sums[Int(labels[row]) * count + Int(predictions[row])] += weights[row]
        }
        return sums
      }
      for part in parts { merge(cells: part) }
    } else {
      let parts = Chunks.map(labels.count) { rows in
        var counts = [Int](repeating: 0, count: count * count)
        for row in rows { counts[Int(labels[row]) * count + Int(predictions[row])] += 1 }
        return counts
      }
      for part in parts { merge(cells: part.map(Double.init)) }
    }
  }

  /// Adds the rows of another matrix of the same classes.
  public mutating func merge(_ other: ConfusionMatrix) {
    precondition(classCount == other.classCount, "matrices of the same classes")
    merge(cells: other.cells)
  }

  private mutating func merge(cells others: [Double]) {
    for index in cells.indices { cells[index] += others[index] }
  }

  /// The rows of true class `label` that were predicted as `prediction`.
  public subscript(label: Int, prediction: Int) -> Double { cells[label * classCount + prediction] }

  /// All rows.
  public var total: Double { cells.reduce(0, +) }

  /// The rows whose prediction is right.
  public var correct: Double { (0..<classCount).reduce(0) { $0 + self[$1, $1] } }

  /// The rows of a true class.
  public func support(of label: Int) -> Double {
    (0..<classCount).reduce(0) { $0 + self[label, $1] }
  }

  /// The rows predicted as a class.
  public func predictedCount(of label: Int) -> Double {
    (0..<classCount).reduce(0) { $0 + self[$1, label] }
  }

  /// The classes that some row truly has.
  public var trueClasses: [Int] { (0..<classCount).filter { support(of: $0) > 0 } }

  /// The classes that some row truly has or is predicted to have.
  public var presentClasses: [Int] {
    (0..<classCount).filter { support(of: $0) > 0 || predictedCount(of: $0) > 0 }
  }

  /// A matrix of negatives and positives, in that order, with the positives at that index.
  func placing(positive: Int) -> ConfusionMatrix {
    positive == 1 ? self : ConfusionMatrix(classCount: 2, cells: cells.reversed())
  }

  /// The same matrix without the other classes.
  public func restricted(to classes: [Int]) -> ConfusionMatrix {
    ConfusionMatrix(
      classCount: classes.count,
      cells: classes.flatMap { label in classes.map { self[label, $0] } })
  }
}

/// A quotient whose denominator can be 0, where the value counts as 0 and is said to.
public struct Quotient: Hashable, Sendable {
  /// The value, 0 for 0/0.
  public let value: Double
  /// Whether it is 0/0.
  public let isZeroDivision: Bool

  init(_ numerator: Double, over denominator: Double) {
    isZeroDivision = denominator == 0
    value = isZeroDivision ? 0 : numerator / denominator
  }
}

extension ConfusionMatrix {
  /// The fraction of rows whose prediction is right, in 0...1.
  public var accuracy: Double { correct / total }

  /// How many of the rows predicted as a class are of it, in 0...1.
  public func precision(of label: Int) -> Quotient {
    Quotient(self[label, label], over: predictedCount(of: label))
  }

  /// How many of a class's rows are predicted as it, in 0...1.
  public func recall(of label: Int) -> Quotient {
    Quotient(self[label, label], over: support(of: label))
  }

  /// The harmonic mean of a class's precision and recall, in 0...1.
  public func f1(of label: Int) -> Quotient {
    Quotient(2 * self[label, label], over: support(of: label) + predictedCount(of: label))
  }

  /// The weighted harmonic mean of a class's precision and recall, in 0...1; recall counts `beta`
  /// times as much.
  public func fBeta(of label: Int, beta: Double) -> Quotient {
    let square = beta * beta
    return Quotient(
      (1 + square) * self[label, label],
      over: square * support(of: label) + predictedCount(of: label))
  }

  /// A class's right rows over all rows that have it as truth or prediction, in 0...1.
  public func jaccard(of label: Int) -> Quotient {
    let hits = self[label, label]
    return Quotient(hits, over: support(of: label) + predictedCount(of: label) - hits)
  }

  /// The mean recall of the true classes, in 0...1.
  public var balancedAccuracy: Double {
    let classes = trueClasses
    return classes.reduce(0) { $0 + recall(of: $1).value } / Double(classes.count)
  }

  /// The Matthews correlation of truth and prediction, in -1...1; `nil` where either has one class.
  ///
  /// Source: Gorodkin 2004, doi:10.1016/j.compbiolchem.2004.09.006. scikit-learn answers 0 where
  /// this is `nil`.
  public var matthewsCorrelation: Double? {
    let matrix = scaled
    let supports = (0..<classCount).map { matrix.support(of: $0) }
    let predicted = (0..<classCount).map { matrix.predictedCount(of: $0) }
    let total = matrix.total
    // Of each class the right answers' product less the wrong ones', summed: small numbers stay exact.
    let covariance = (0..<classCount).reduce(0) { sum, label in
      let hits = matrix[label, label]
      let (missed, mistaken) = (supports[label] - hits, predicted[label] - hits)
      return sum + hits * (total - supports[label] - mistaken) - missed * mistaken
    }
    let variances = (
      Self.sumOfDistinctPairs(supports, supports), Self.sumOfDistinctPairs(predicted, predicted)
    )
    let deviation = (variances.0 * variances.1).squareRoot()
    guard deviation > 0 else { return nil }
    return min(max(covariance / deviation, -1), 1)
  }

  /// Cohen's kappa: agreement beyond chance, in -1...1; `nil` where all rows are of one class and
  /// predicted so.
  ///
  /// Source: Cohen 1960, doi:10.1177/001316446002000104. scikit-learn answers NaN where this is
  /// `nil`.
  public var cohenKappa: Double? {
    let matrix = scaled
    let supports = (0..<classCount).map { matrix.support(of: $0) }
    let predicted = (0..<classCount).map { matrix.predictedCount(of: $0) }
    let expected = Self.sumOfDistinctPairs(supports, predicted) / matrix.total
    guard expected > 0 else { return nil }
    var observed = 0.0
    for label in 0..<classCount {
      for prediction in 0..<classCount where prediction != label {
        observed += matrix[label, prediction]
      }
    }
    return max(1 - observed / expected, -1)
  }

  /// The same matrix in a unit in which squares of all rows neither overflow nor vanish; a power of
  /// two, so that no digit is lost.
  private var scaled: ConfusionMatrix {
    let unit = max(total.binade, .leastNormalMagnitude)
    return ConfusionMatrix(classCount: classCount, cells: cells.map { $0 / unit })
  }

  /// The sum of the products of the elements of `x` and `y` at different indices, without the
  /// cancellation of taking all products and subtracting those at one index.
  private static func sumOfDistinctPairs(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    var (xBefore, yBefore) = (0.0, 0.0)
    for (x, y) in zip(x, y) {
      sum += x * yBefore + y * xBefore
      xBefore += x
      yBefore += y
    }
    return sum
  }
}
