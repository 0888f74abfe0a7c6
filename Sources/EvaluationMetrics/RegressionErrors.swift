internal import Glibc
internal import NumericKernels

/// The sums of the errors of predicted numbers, in memory that does not grow with them.
///
/// Sums are computed chunk by chunk over a fixed partition. Means and variances are merged as Chan,
/// Golub and LeVeque do (1983, doi:10.1080/00031305.1983.10483115), so that a large offset costs no
/// digits.
struct ErrorSums: Sendable {
  /// The mean of a column and the sum of its squared distances from it.
  private struct Moments: Sendable {
    var weight = 0.0
    var mean = 0.0
    var squares = 0.0

    init() {}

    init(_ values: [Double], weights: [Double]) {
      weight = BLAS.absoluteSum(weights.span)
      mean = dot(weights, values) / weight
      let centred = values.map { $0 - mean }
      squares = dot(weights, centred.map { $0 * $0 })
      // The mean is rounded, and the rest of it is taken off.
      let rest = dot(weights, centred)
      squares -= rest * rest / weight
    }

    mutating func merge(_ other: Moments) {
      guard other.weight > 0 else { return }
      let total = weight + other.weight
      let distance = other.mean - mean
      mean += distance * (other.weight / total)
      squares += other.squares + distance * distance * (weight * other.weight / total)
      weight = total
    }
  }

  /// The number of rows.
  private(set) var rowCount = 0
  private var weight = 0.0
  private var absolute = 0.0
  private var squared = 0.0
  private var relative = 0.0
  private var logarithmic = 0.0
  private(set) var maxError = 0.0
  /// Whether every number has a logarithm once 1 is added.
  private var hasLogarithms = true
  private var firstTarget: Double?
  private var hasOneTarget = true
  private var targetMoments = Moments()
  private var errorMoments = Moments()

  /// Creates the sums of no rows.
  init() {}

  /// Adds rows, whose weights are all above 0.
  mutating func add(targets: [Double], predictions: [Double], weights: [Double]?) {
    let parts = Chunks.map(targets.count) { rows in
      ErrorSums(
        targets: Array(targets[rows]), predictions: Array(predictions[rows]),
        weights: weights.map { Array($0[rows]) }
          ?? [Double](repeating: 1, count: rows.count))
    }
    for part in parts { merge(part) }
  }

  /// The errors of one chunk of rows.
  private init(targets: [Double], predictions: [Double], weights: [Double]) {
    let errors = zip(targets, predictions).map { $0 - $1 }
    let magnitudes = errors.map(\.magnitude)
    rowCount = targets.count
    weight = BLAS.absoluteSum(weights.span)
    absolute = dot(weights, magnitudes)
    squared = dot(weights, errors.map { $0 * $0 })
    let shares = zip(magnitudes, targets).map(Self.share)
    relative = dot(weights, shares)
    maxError = magnitudes.reduce(0, max)
    hasLogarithms = targets.allSatisfy { $0 > -1 } && predictions.allSatisfy { $0 > -1 }
    if hasLogarithms {
      logarithmic = dot(weights, zip(targets, predictions).map(Self.squaredLogError))
    }
    firstTarget = targets.first
    hasOneTarget = targets.allSatisfy { $0 == targets.first }
    targetMoments = Moments(targets, weights: weights)
    errorMoments = Moments(errors, weights: weights)
  }

  /// A distance as a fraction of its target, where a target of 0 counts as 2^-52.
  static func share(_ distance: Double, of target: Double) -> Double {
    distance / max(target.magnitude, Double.ulpOfOne)
  }

  /// The squared distance of the logarithms of 1 + value.
  static func squaredLogError(_ target: Double, _ prediction: Double) -> Double {
    let distance = log1p(target) - log1p(prediction)
    return distance * distance
  }

  /// Adds the sums of other rows.
  mutating func merge(_ other: ErrorSums) {
    rowCount += other.rowCount
    weight += other.weight
    absolute += other.absolute
    squared += other.squared
    relative += other.relative
    logarithmic += other.logarithmic
    maxError = max(maxError, other.maxError)
    hasLogarithms = hasLogarithms && other.hasLogarithms
    if let target = other.firstTarget {
      hasOneTarget = hasOneTarget && other.hasOneTarget && (firstTarget ?? target) == target
      firstTarget = firstTarget ?? target
    }
    targetMoments.merge(other.targetMoments)
    errorMoments.merge(other.errorMoments)
  }

  var meanAbsoluteError: Double { absolute / weight }
  var meanSquaredError: Double { squared / weight }
  var meanAbsolutePercentageError: Double { relative / weight }
  var meanSquaredLogError: Double? { hasLogarithms ? logarithmic / weight : nil }

  var r2: Double? {
    targetMoments.squares > 0 && !hasOneTarget ? 1 - squared / targetMoments.squares : nil
  }

  var explainedVariance: Double? {
    targetMoments.squares > 0 && !hasOneTarget
      ? 1 - errorMoments.squares / targetMoments.squares : nil
  }

  /// These sums' metrics beside those that take the rows themselves.
  func measures(
    medianAbsoluteError: Double, pearsonCorrelation: Double?, spearmanCorrelation: Double?
  ) -> RegressionMeasures {
    RegressionMeasures(
      rowCount: rowCount, meanAbsoluteError: meanAbsoluteError, meanSquaredError: meanSquaredError,
      medianAbsoluteError: medianAbsoluteError, maxError: maxError,
      meanAbsolutePercentageError: meanAbsolutePercentageError,
      meanSquaredLogError: meanSquaredLogError, r2: r2, explainedVariance: explainedVariance,
      pearsonCorrelation: pearsonCorrelation, spearmanCorrelation: spearmanCorrelation)
  }
}

/// The errors of predicted numbers: the statistic of every regression metric.
public struct RegressionErrors: Sendable {
  private var sums = ErrorSums()
  private var targets: [Double] = []
  private var predictions: [Double] = []
  private var weights: [Double]?

  /// The number of rows whose weight is not 0.
  public var rowCount: Int { sums.rowCount }

  /// Creates the errors of no rows.
  ///
  /// - Parameter isWeighted: Whether rows have weights.
  public init(isWeighted: Bool = false) {
    weights = isWeighted ? [] : nil
  }

  /// Adds rows; those of weight 0 are left out.
  ///
  /// - Parameters:
  ///   - targets: The true values, *n*.
  ///   - predictions: The predicted values, *n*.
  ///   - weights: *n* weights, where the statistic has weights.
  /// - Complexity: O(*n*), on all cores.
  public mutating func add(targets: [Double], predictions: [Double], weights: [Double]? = nil) {
    precondition(targets.count == predictions.count, "a prediction for each target")
    precondition((weights == nil) == (self.weights == nil), "weights for all rows or for none")
    if let weights, weights.contains(0) {
      let rows = weights.indices.filter { weights[$0] > 0 }
      add(
        targets: rows.map { targets[$0] }, predictions: rows.map { predictions[$0] },
        weights: rows.map { weights[$0] })
      return
    }
    sums.add(targets: targets, predictions: predictions, weights: weights)
    self.targets += targets
    self.predictions += predictions
    if let weights { self.weights? += weights }
  }

  /// Adds the errors of other rows.
  public mutating func merge(_ other: RegressionErrors) {
    sums.merge(other.sums)
    targets += other.targets
    predictions += other.predictions
    if let others = other.weights { weights? += others }
  }
}

/// The metrics of some rows of numbers; those that are `nil` the rows do not define.
struct RegressionMeasures: Hashable, Sendable {
  var rowCount: Int
  var meanAbsoluteError: Double
  var meanSquaredError: Double
  var medianAbsoluteError: Double
  var maxError: Double
  var meanAbsolutePercentageError: Double
  var meanSquaredLogError: Double?
  var r2: Double?
  var explainedVariance: Double?
  var pearsonCorrelation: Double?
  var spearmanCorrelation: Double?

  var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }
  /// Half the mean distance: the pinball loss of the median.
  var meanPinballLoss: Double { meanAbsoluteError / 2 }
}

extension RegressionErrors {
  /// All metrics together; correlations only without weights.
  var measures: RegressionMeasures {
    sums.measures(
      medianAbsoluteError: medianAbsoluteError,
      pearsonCorrelation: weights == nil ? pearsonCorrelation : nil,
      spearmanCorrelation: weights == nil ? spearmanCorrelation : nil)
  }

  /// The mean distance of prediction and target, at least 0.
  public var meanAbsoluteError: Double { sums.meanAbsoluteError }

  /// The mean squared distance, at least 0.
  public var meanSquaredError: Double { sums.meanSquaredError }

  /// The root of the mean squared distance, at least 0.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

  /// The mean distance as a fraction of the target, at least 0.
  ///
  /// A target of 0 counts as 2^-52, as in scikit-learn.
  public var meanAbsolutePercentageError: Double { sums.meanAbsolutePercentageError }

  /// The mean squared distance of the logarithms of 1 + value; `nil` where a value is -1 or less.
  public var meanSquaredLogError: Double? { sums.meanSquaredLogError }

  /// Half the mean distance: the pinball loss of the median.
  public var meanPinballLoss: Double { meanAbsoluteError / 2 }

  /// The greatest distance, at least 0.
  public var maxError: Double { sums.maxError }

  /// One less the errors' squares over the targets' squared distances from their mean, at most 1.
  ///
  /// `nil` where all targets are equal; scikit-learn answers 1 or 0 there.
  public var r2: Double? { sums.r2 }

  /// One less the errors' variance over the targets', at most 1; `nil` where all targets are equal.
  public var explainedVariance: Double? { sums.explainedVariance }

  /// The middle distance, at least 0.
  ///
  /// Of an even number of rows the mean of the two in the middle. With weights, the distance below
  /// which half the weight lies; where a distance splits the weight exactly, the mean of it and the
  /// next one, as scikit-learn does since 1.8.
  ///
  /// - Complexity: O(*n* log *n*).
  public var medianAbsoluteError: Double {
    // Nearer to 0 is later, so that the smallest distance is the last.
    var distances = zip(targets, predictions).map { -($0 - $1).magnitude }
    var middle: MiddleDistance
    if var weights {
      Sorting.sort(&distances, withWeights: &weights)
      let total = weights.reversed().reduce(0, +)
      middle = MiddleDistance(ofWeight: total)
      for row in distances.indices.reversed() where !middle.isFound {
        middle.add(-distances[row], weight: weights[row])
      }
    } else {
      var none: [Double] = []
      Sorting.sort(&distances, &none)
      middle = MiddleDistance(ofRows: distances.count)
      for row in distances.indices.reversed() where !middle.isFound {
        middle.add(-distances[row], weight: 1)
      }
    }
    return middle.value
  }

  /// The linear correlation of targets and predictions, in -1...1; `nil` where either is constant.
  ///
  /// Rows count once each.
  public var pearsonCorrelation: Double? {
    correlation(ChunkedNumbers(targets), ChunkedNumbers(predictions))
  }

  /// The linear correlation of the ranks of targets and predictions, in -1...1, equal values having
  /// the mean of their ranks; `nil` where either is constant.
  ///
  /// Source: Spearman 1904, doi:10.2307/1412159.
  ///
  /// - Complexity: O(*n* log *n*).
  public var spearmanCorrelation: Double? {
    correlation(ChunkedNumbers(ranks(targets)), ChunkedNumbers(ranks(predictions)))
  }

  private func ranks(_ values: [Double]) -> [Double] {
    let order = Sorting.order(of: values).map(Int.init)
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
      for index in start..<end { ranks[order[index]] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}

/// The distance in the middle of ascending ones, as they are added.
struct MiddleDistance {
  private let half: Double
  private let isWeighted: Bool
  private var below = 0.0
  private var found: Double?
  /// Whether the distance is known, and no more are wanted.
  private(set) var isFound = false

  /// Looks for the middle of a number of rows.
  init(ofRows count: Int) {
    half = Double(count) / 2
    isWeighted = false
  }

  /// Looks for the middle of the weight of all rows.
  init(ofWeight total: Double) {
    half = total / 2
    isWeighted = true
  }

  /// The middle distance, where all rows have been added.
  var value: Double { found ?? 0 }

  /// Adds a row, whose distance is none below those before it.
  mutating func add(_ distance: Double, weight: Double) {
    if let found {
      self.found = (found + distance) / 2
      isFound = true
      return
    }
    below += weight
    // scikit-learn counts what rounding of weights leaves between them as equal.
    let slack = isWeighted ? Double.ulpOfOne : 0
    guard below - half >= -slack else { return }
    found = distance
    isFound = below - half > slack
  }
}

/// A column of numbers that is read more than once, in pieces.
struct ChunkedNumbers<Failure: Error> {
  let count: Int
  private let numbers: (Range<Int>) throws(Failure) -> [Double]

  /// Creates a column of `count` numbers.
  init(count: Int, _ numbers: @escaping (Range<Int>) throws(Failure) -> [Double]) {
    self.count = count
    self.numbers = numbers
  }

  /// The pieces in turn.
  func forEachChunk(_ body: ([Double]) throws(Failure) -> Void) throws(Failure) {
    for start in stride(from: 0, to: count, by: Chunks.size) {
      try body(numbers(start..<min(start + Chunks.size, count)))
    }
  }

  /// The numbers of a piece.
  func chunk(from start: Int) throws(Failure) -> [Double] {
    try numbers(start..<min(start + Chunks.size, count))
  }
}

extension ChunkedNumbers where Failure == Never {
  /// A column in memory.
  init(_ numbers: [Double]) {
    self.init(count: numbers.count) { Array(numbers[$0]) }
  }
}

/// How numbers are brought to a mean of 0 and a length of 1, so that products neither overflow nor
/// vanish.
private struct Centring {
  private let unit: Double
  private let mean: Double
  private let rest: Double
  private let length: Double

  /// `nil` where all numbers are equal.
  init?<Failure: Error>(_ column: ChunkedNumbers<Failure>) throws(Failure) {
    var first: Double?
    var isConstant = true
    var greatest = 0.0
    try column.forEachChunk { numbers throws(Failure) in
      let one = first ?? numbers[0]
      first = one
      isConstant = isConstant && numbers.allSatisfy { $0 == one }
      greatest = numbers.reduce(greatest) { max($0, $1.magnitude) }
    }
    guard !isConstant else { return nil }
    // A power of two takes no digit.
    let unit = max(greatest.binade, .leastNormalMagnitude)
    var sum = 0.0
    try column.forEachChunk { numbers throws(Failure) in
      sum = numbers.reduce(sum) { $0 + $1 / unit }
    }
    let mean = sum / Double(column.count)
    // The mean is rounded, and the rest of it is taken off.
    sum = 0
    try column.forEachChunk { numbers throws(Failure) in
      sum = numbers.reduce(sum) { $0 + ($1 / unit - mean) }
    }
    let rest = sum / Double(column.count)
    sum = 0
    try column.forEachChunk { numbers throws(Failure) in
      let distances = numbers.map { $0 / unit - mean - rest }
      sum += dot(distances, distances)
    }
    (self.unit, self.mean, self.rest, length) = (unit, mean, rest, sum.squareRoot())
  }

  func centred(_ numbers: [Double]) -> [Double] {
    numbers.map { ($0 / unit - mean - rest) / length }
  }
}

/// The linear correlation of two columns, in -1...1; `nil` where either is constant.
func correlation<Failure: Error>(
  _ x: ChunkedNumbers<Failure>, _ y: ChunkedNumbers<Failure>
) throws(Failure) -> Double? {
  guard let first = try Centring(x), let second = try Centring(y) else { return nil }
  var sum = 0.0
  for start in stride(from: 0, to: x.count, by: Chunks.size) {
    sum += dot(
      first.centred(try x.chunk(from: start)), second.centred(try y.chunk(from: start)))
  }
  return min(max(sum, -1), 1)
}

/// The sum of the products of two lists' elements.
private func dot(_ x: [Double], _ y: [Double]) -> Double { BLAS.dot(x.span, y.span) }
