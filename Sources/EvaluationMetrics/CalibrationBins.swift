/// Scores and outcomes by score: the statistic of calibration.
public struct CalibrationBins: Hashable, Sendable {
  /// The rows whose scores lie in one part of 0...1.
  public struct Bin: Hashable, Sendable {
    /// The rows, or the sum of their weights.
    public var weight: Double { weights.value }
    fileprivate var weights = CompensatedSum()
    fileprivate var scores = CompensatedSum()
    fileprivate var positives = CompensatedSum()

    /// The mean score; `nil` where the bin is empty.
    public var meanScore: Double? { weight > 0 ? scores.value / weight : nil }
    /// The fraction of positives; `nil` where the bin is empty.
    public var positiveFraction: Double? { weight > 0 ? positives.value / weight : nil }
  }

  /// Parts of 0...1 of one width, each with its lower end and the last with both.
  public private(set) var bins: [Bin]

  /// The bins of the expected calibration error.
  static let standardCount = 10

  /// The bin of a probability among a number of them.
  @inline(__always)
  static func index(of probability: Double, count: Int) -> Int {
    min(Int(probability * Double(count)), count - 1)
  }

  /// Creates empty bins.
  public init(count: Int = 10) {
    precondition(count > 0, "at least one bin")
    bins = [Bin](repeating: Bin(), count: count)
  }

  /// Adds rows.
  ///
  /// - Parameters:
  ///   - isPositive: The true classes of *n* rows.
  ///   - probabilities: The positive class's, *n* values in 0...1.
  ///   - weights: *n* weights; `nil` counts each row once.
  /// - Complexity: O(*n*).
  public mutating func add(isPositive: [Bool], probabilities: [Double], weights: [Double]? = nil) {
    precondition(isPositive.count == probabilities.count, "a probability for each label")
    for row in probabilities.indices {
      let probability = probabilities[row]
      let index = Self.index(of: probability, count: bins.count)
      let weight = weights?[row] ?? 1
      bins[index].weights += weight
      bins[index].scores += weight * probability
      if isPositive[row] { bins[index].positives += weight }
    }
  }

  /// Adds rows of one bin and one class.
  mutating func add(toBin index: Int, weight: Double, scores: Double, arePositive: Bool) {
    bins[index].weights += weight
    bins[index].scores += scores
    if arePositive { bins[index].positives += weight }
  }

  /// Adds the rows of other bins of the same number.
  public mutating func merge(_ other: CalibrationBins) {
    precondition(bins.count == other.bins.count, "bins of the same width")
    for index in bins.indices {
      bins[index].weights += other.bins[index].weights
      bins[index].scores += other.bins[index].scores
      bins[index].positives += other.bins[index].positives
    }
  }

  /// The mean distance of score and outcome over the bins, in 0...1, each counting as its rows do.
  ///
  /// Source: Naeini, Cooper and Hauskrecht 2015, doi:10.1609/aaai.v29i1.9602. scikit-learn has no
  /// such function.
  public var expectedCalibrationError: Double {
    let total = bins.reduce(0) { $0 + $1.weight }
    return bins.reduce(0) { $0 + abs($1.positives.value - $1.scores.value) } / total
  }
}
