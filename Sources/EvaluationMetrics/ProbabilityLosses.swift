internal import Glibc
internal import NumericKernels

/// The summed losses of predicted probabilities: the statistic of log loss and Brier score.
public struct ProbabilityLosses: Hashable, Sendable {
  /// The rows' weights.
  public private(set) var weight = 0.0
  private var logarithms = 0.0
  private var squares = 0.0

  /// Probabilities are kept this far from 0 and 1 before the logarithm: 2^-52, as scikit-learn does
  /// for doubles.
  public static let clip = Double.ulpOfOne

  /// Creates the losses of no rows.
  public init() {}

  /// Creates losses from the sums over rows: of weights, of negative logarithms and of squared
  /// distances, each times its weight.
  init(weight: Double, logarithms: Double, squares: Double) {
    self.weight = weight
    self.logarithms = logarithms
    self.squares = squares
  }

  /// Adds rows of a binary problem.
  ///
  /// - Parameters:
  ///   - isPositive: The true classes of *n* rows.
  ///   - probabilities: The positive class's, *n* values in 0...1.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n*), on all cores, summed over a fixed partition.
  public mutating func add(isPositive: [Bool], probabilities: [Double], weights: [Double]? = nil) {
    precondition(isPositive.count == probabilities.count, "a probability for each label")
    add(isPositive.count, weights: weights) { row in
      Self.loss(isPositive: isPositive[row], probability: probabilities[row])
    }
  }

  /// Adds rows of a binary problem.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes.
  ///   - positive: The code of the positive class.
  ///   - probabilities: The positive class's, *n* values in 0...1.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n*), on all cores, summed over a fixed partition.
  public mutating func add(
    labels: [Int32], positive: Int32, probabilities: [Double], weights: [Double]? = nil
  ) {
    precondition(labels.count == probabilities.count, "a probability for each label")
    add(labels.count, weights: weights) { row in
      Self.loss(isPositive: labels[row] == positive, probability: probabilities[row])
    }
  }

  /// What one row of a binary problem adds.
  @inline(__always)
  static func loss(isPositive: Bool, probability: Double) -> (logarithm: Double, square: Double) {
    let error = isPositive ? 1 - probability : probability
    return (logarithm(isPositive ? probability : 1 - probability), error * error)
  }

  /// What one row of a problem of many classes adds.
  @inline(__always)
  static func loss(
    label: Int, probabilities: Span<Double>
  ) -> (logarithm: Double, square: Double) {
    var square = 0.0
    for column in probabilities.indices {
      let error = probabilities[column] - (column == label ? 1 : 0)
      square += error * error
    }
    return (logarithm(probabilities[label]), square)
  }

  @inline(__always)
  private static func logarithm(_ ofTruth: Double) -> Double {
    -log(min(max(ofTruth, clip), 1 - clip))
  }

  /// Adds rows of a problem of many classes.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes below *c*.
  ///   - probabilities: Row-major, *n* x *c*, values in 0...1.
  ///   - classCount: *c*.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n·c*), on all cores, summed over a fixed partition.
  public mutating func add(
    labels: [Int32], probabilities: [Double], classCount: Int, weights: [Double]? = nil
  ) {
    precondition(labels.count * classCount == probabilities.count, "a probability for each class")
    add(labels.count, weights: weights) { row in
      Self.loss(
        label: Int(labels[row]),
        probabilities: probabilities.span.extracting(row * classCount..<(row + 1) * classCount))
    }
  }

  @inline(__always)
  private mutating func add(
    _ count: Int, weights: [Double]?,
    loss: @Sendable (_ row: Int) -> (logarithm: Double, square: Double)
  ) {
    precondition(weights.map { $0.count == count } ?? true, "a weight for each label")
    let parts = Chunks.map(count) { rows in
      guard let weights else { return Self.sum(rows, loss) }
      var logarithms = [Double](repeating: 0, count: rows.count)
      var squares = logarithms
      for row in rows {
        let loss = loss(row)
        logarithms[row - rows.lowerBound] = loss.logarithm
        squares[row - rows.lowerBound] = loss.square
      }
      let own = Array(weights[rows])
      var part = ProbabilityLosses()
      part.weight = BLAS.absoluteSum(own.span)
      part.logarithms = BLAS.dot(own.span, logarithms.span)
      part.squares = BLAS.dot(own.span, squares.span)
      return part
    }
    for part in parts { merge(part) }
  }

  /// The losses of some rows that count once each.
  ///
  /// Sums of short runs are added up, which rounds as little as OpenBLAS does and needs no memory.
  @inline(__always)
  private static func sum(
    _ rows: Range<Int>, _ loss: (_ row: Int) -> (logarithm: Double, square: Double)
  ) -> ProbabilityLosses {
    var sum = ProbabilityLosses()
    sum.weight = Double(rows.count)
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 128) {
      var run = (logarithms: 0.0, squares: 0.0)
      for row in start..<min(start + 128, rows.upperBound) {
        let loss = loss(row)
        run.logarithms += loss.logarithm
        run.squares += loss.square
      }
      sum.logarithms += run.logarithms
      sum.squares += run.squares
    }
    return sum
  }

  /// Adds the losses of other rows.
  public mutating func merge(_ other: ProbabilityLosses) {
    weight += other.weight
    logarithms += other.logarithms
    squares += other.squares
  }

  /// The mean negative logarithm of the probability given to the true class, in nats, at least 0.
  public var logLoss: Double { logarithms / weight }

  /// The mean squared distance of probability and truth, in 0...1 for a binary problem.
  public var brierScore: Double { squares / weight }
}
