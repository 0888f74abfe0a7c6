internal import NumericKernels

/// How high the true class's probability stands among all classes': the statistic of top-k accuracy.
public struct ClassRanks: Hashable, Sendable {
  /// At *r*: the rows, or their weights, in which *r* classes come before the true one.
  private(set) var weights: [Double]

  /// Creates the ranks of no rows.
  public init(classCount: Int) {
    weights = [Double](repeating: 0, count: classCount)
  }

  /// Creates the ranks of rows of that weight at each rank.
  init(weights: [Double]) {
    self.weights = weights
  }

  /// All rows, or the sum of their weights.
  var total: Double { weights.reduce(0, +) }

  /// Adds rows.
  ///
  /// Of classes with one probability those of lower index come first.
  ///
  /// - Parameters:
  ///   - labels: The true classes, *n* codes below *c*.
  ///   - probabilities: Row-major, *n* x *c*, without NaN.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n·c*), on all cores.
  public mutating func add(labels: [Int32], probabilities: [Double], weights: [Double]? = nil) {
    let count = self.weights.count
    precondition(labels.count * count == probabilities.count, "a probability for each class")
    let parts = Chunks.map(labels.count, size: max(Chunks.size, 4 * count)) { rows in
      var part = [Double](repeating: 0, count: count)
      for row in rows {
        let own = probabilities.span.extracting(row * count..<(row + 1) * count)
        part[Self.rank(of: Int(labels[row]), among: own)] += weights?[row] ?? 1
      }
      return part
    }
    for part in parts { merge(part) }
  }

  /// How many classes come before one of them.
  @inline(__always)
  static func rank(of label: Int, among probabilities: Span<Double>) -> Int {
    let own = probabilities[label]
    var before = 0
    for column in probabilities.indices {
      let other = probabilities[column]
      if other > own || (other == own && column < label) { before += 1 }
    }
    return before
  }

  /// Adds the rows of other ranks of the same classes.
  public mutating func merge(_ other: ClassRanks) {
    precondition(weights.count == other.weights.count, "ranks of the same classes")
    merge(other.weights)
  }

  private mutating func merge(_ others: [Double]) {
    for index in weights.indices { weights[index] += others[index] }
  }

  /// The fraction of rows whose true class is among the `k` most probable ones, in 0...1; `nil`
  /// where `k` classes are all there are.
  public func accuracy(top k: Int) -> Double? {
    guard k < weights.count else { return nil }
    return weights.prefix(k).reduce(0, +) / total
  }
}
