internal import NumericKernels

/// The areas under the ROC curves of each class's probabilities.
struct ClassAreas: Sendable {
  /// The rows of each class, or the sum of their weights, *c*.
  let supports: [Double]
  /// Each class against all others together, *c*; `nil` where either has no rows.
  var againstRest: [Double?]
  /// At `a * c + b`: class *a* against *b*, by the probabilities of *a*; `nil` where either has no
  /// rows.
  var againstEach: [Double?]

  init(supports: [Double]) {
    self.supports = supports
    againstRest = [Double?](repeating: nil, count: supports.count)
    againstEach = [Double?](repeating: nil, count: supports.count * supports.count)
  }

  var trueClasses: [Int] { supports.indices.filter { supports[$0] > 0 } }

  /// The mean of the classes' areas; `nil` where a class has none.
  func oneVsRest(_ average: ClassScores.Average) -> Double? {
    guard supports.count > 1 else { return nil }
    var sum = 0.0
    var weight = 0.0
    for (area, support) in zip(againstRest, supports) {
      guard let area else { return nil }
      let share = average == .macro ? 1 : support
      sum += area * share
      weight += share
    }
    return sum / weight
  }

  /// The mean of the areas of pairs of classes with rows; `nil` where there is no pair.
  func oneVsOne(_ average: ClassScores.Average) -> Double? {
    let count = supports.count
    var sum = 0.0
    var weight = 0.0
    for first in 0..<count {
      for second in (first + 1)..<max(count, first + 1) {
        guard let area = againstEach[first * count + second],
          let mirror = againstEach[second * count + first]
        else { continue }
        let share = average == .macro ? 1 : supports[first] + supports[second]
        sum += (area + mirror) / 2 * share
        weight += share
      }
    }
    return weight > 0 ? sum / weight : nil
  }
}

/// The probabilities of each class, apart by true class: the statistic of the ranking metrics of
/// problems with many classes.
public struct ClassScores: Sendable {
  private let classCount: Int
  /// At `column * c + label`: the column's probabilities of the rows of that true class.
  private var scores: [[Double]]
  /// At `label`: the weights of its rows; `nil` counts each row once.
  private var weights: [[Double]]?

  /// Sorts rows by true class.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes below *c*.
  ///   - probabilities: Row-major, *n* x *c*, without NaN.
  ///   - classCount: *c*.
  ///   - weights: *n* weights; rows of weight 0 are left out. `nil` counts each row once.
  /// - Complexity: O(*n·c*) time and space.
  public init(labels: [Int32], probabilities: [Double], classCount: Int, weights: [Double]? = nil) {
    precondition(labels.count * classCount == probabilities.count, "a probability for each class")
    self.classCount = classCount
    scores = [[Double]](repeating: [], count: classCount * classCount)
    self.weights = weights.map { _ in [[Double]](repeating: [], count: classCount) }
    for row in labels.indices {
      let label = Int(labels[row])
      if let weights {
        guard weights[row] > 0 else { continue }
        self.weights?[label].append(weights[row])
      }
      for column in 0..<classCount {
        scores[column * classCount + label].append(probabilities[row * classCount + column])
      }
    }
  }

  /// Adds other rows of the same classes.
  public mutating func merge(_ other: ClassScores) {
    precondition(classCount == other.classCount, "rows of the same classes")
    for index in scores.indices { scores[index] += other.scores[index] }
    if let others = other.weights {
      for label in 0..<classCount { weights?[label] += others[label] }
    }
  }

  /// How classes' areas become one.
  public enum Average: Sendable {
    /// Every class, or pair of classes, counts the same.
    case macro
    /// Each counts as its rows do.
    case weighted
  }

  /// The classes that some row truly has.
  public var trueClasses: [Int] { (0..<classCount).filter { !scores[$0].isEmpty } }

  /// The mean area under each class's ROC curve against all other classes together, in 0...1; `nil`
  /// where a class has no rows.
  ///
  /// - Complexity: O(*c·n* log *n*).
  public func oneVsRestArea(_ average: Average) -> Double? {
    areas(ofPairs: false).oneVsRest(average)
  }

  /// The mean over pairs of classes of the mean of both classes' areas within the pair's rows.
  ///
  /// A fraction in 0...1; pairs with an absent class are passed over. `nil` where all rows are of
  /// one class.
  ///
  /// Source: Hand and Till 2001, doi:10.1023/A:1010920819831.
  ///
  /// - Complexity: O(*c·n* log *n*).
  public func oneVsOneArea(_ average: Average) -> Double? { areas(ofPairs: true).oneVsOne(average) }

  /// The classes' areas.
  ///
  /// - Parameter ofPairs: Whether those of pairs are wanted too.
  /// - Returns: the areas, `nil` for classes without rows.
  func areas(ofPairs: Bool) -> ClassAreas {
    let all = 0..<classCount
    var areas = ClassAreas(supports: all.map { support(of: $0) })
    for label in all {
      areas.againstRest[label] =
        ranked(label, against: all.filter { $0 != label }, column: label).rocArea
      guard ofPairs else { continue }
      for other in all where other != label {
        areas.againstEach[label * classCount + other] =
          ranked(label, against: [other], column: label).rocArea
      }
    }
    return areas
  }

  private func support(of label: Int) -> Double {
    weights.map { $0[label].reduce(0, +) } ?? Double(scores[label].count)
  }

  private func ranked(_ label: Int, against others: [Int], column: Int) -> RankedScores {
    let positives = scores[column * classCount + label]
    let negatives = others.flatMap { scores[column * classCount + $0] }
    guard let weights else { return RankedScores(positives: positives, negatives: negatives) }
    return RankedScores(
      isPositive: positives.map { _ in true } + negatives.map { _ in false },
      scores: positives + negatives,
      weights: weights[label] + others.flatMap { weights[$0] })
  }
}
