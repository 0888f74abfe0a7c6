internal import Glibc
internal import NumericKernels

/// The summed errors of predicted numbers: the statistic of every regression metric.
///
/// Sums are computed chunk by chunk over a fixed partition. Means and variances are merged as Chan,
/// Golub and LeVeque do (1983, doi:10.1080/00031305.1983.10483115), so that a large offset costs no
/// digits.
public struct RegressionErrors: Sendable {
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

  /// The number of rows whose weight is not 0.
  public private(set) var rowCount = 0
  private var weight = 0.0
  private var absolute = 0.0
  private var squared = 0.0
  private var relative = 0.0
  private var logarithmic = 0.0
  private var greatest = 0.0
  /// Whether every number has a logarithm once 1 is added.
  private var hasLogarithms = true
  private var targetMoments = Moments()
  private var errorMoments = Moments()
  private var targets: [Double] = []
  private var predictions: [Double] = []
  private var weights: [Double]?

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
    let isWeighted = weights != nil
    let parts = Chunks.map(targets.count) { rows in
      RegressionErrors(
        targets: Array(targets[rows]), predictions: Array(predictions[rows]),
        weights: weights.map { Array($0[rows]) }
          ?? [Double](repeating: 1, count: rows.count), isWeighted: isWeighted)
    }
    for part in parts { merge(part) }
  }

  /// The errors of one chunk of rows.
  private init(targets: [Double], predictions: [Double], weights: [Double], isWeighted: Bool) {
    let errors = zip(targets, predictions).map { $0 - $1 }
    let magnitudes = errors.map(\.magnitude)
    rowCount = targets.count
    weight = BLAS.absoluteSum(weights.span)
    absolute = dot(weights, magnitudes)
    squared = dot(weights, errors.map { $0 * $0 })
    let shares = zip(magnitudes, targets).map(Self.share)
    relative = dot(weights, shares)
    greatest = magnitudes.reduce(0, max)
    hasLogarithms = targets.allSatisfy { $0 > -1 } && predictions.allSatisfy { $0 > -1 }
    if hasLogarithms {
      logarithmic = dot(weights, zip(targets, predictions).map(Self.squaredLogError))
    }
    targetMoments = Moments(targets, weights: weights)
    errorMoments = Moments(errors, weights: weights)
    self.targets = targets
    self.predictions = predictions
    self.weights = isWeighted ? weights : nil
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

  /// Adds the errors of other rows.
  public mutating func merge(_ other: RegressionErrors) {
    rowCount += other.rowCount
    weight += other.weight
    absolute += other.absolute
    squared += other.squared
    relative += other.relative
    logarithmic += other.logarithmic
    greatest = max(greatest, other.greatest)
    hasLogarithms = hasLogarithms && other.hasLogarithms
    targetMoments.merge(other.targetMoments)
    errorMoments.merge(other.errorMoments)
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
    RegressionMeasures(
      rowCount: rowCount, meanAbsoluteError: meanAbsoluteError, meanSquaredError: meanSquaredError,
      medianAbsoluteError: medianAbsoluteError, maxError: maxError,
      meanAbsolutePercentageError: meanAbsolutePercentageError,
      meanSquaredLogError: meanSquaredLogError, r2: r2, explainedVariance: explainedVariance,
      pearsonCorrelation: weights == nil ? pearsonCorrelation : nil,
      spearmanCorrelation: weights == nil ? spearmanCorrelation : nil)
  }

  /// The mean distance of prediction and target, at least 0.
  public var meanAbsoluteError: Double { absolute / weight }

  /// The mean squared distance, at least 0.
  public var meanSquaredError: Double { squared / weight }

  /// The root of the mean squared distance, at least 0.
  public var rootMeanSquaredError: Double { meanSquaredError.squareRoot() }

  /// The mean distance as a fraction of the target, at least 0.
  ///
  /// A target of 0 counts as 2^-52, as in scikit-learn.
  public var meanAbsolutePercentageError: Double { relative / weight }

  /// The mean squared distance of the logarithms of 1 + value; `nil` where a value is -1 or less.
  public var meanSquaredLogError: Double? { hasLogarithms ? logarithmic / weight : nil }

  /// Half the mean distance: the pinball loss of the median.
  public var meanPinballLoss: Double { meanAbsoluteError / 2 }

  /// The greatest distance, at least 0.
  public var maxError: Double { greatest }

  /// One less the errors' squares over the targets' squared distances from their mean, at most 1.
  ///
  /// `nil` where all targets are equal; scikit-learn answers 1 or 0 there.
  public var r2: Double? {
    targetMoments.squares > 0 && !isConstant(targets) ? 1 - squared / targetMoments.squares : nil
  }

  /// One less the errors' variance over the targets', at most 1; `nil` where all targets are equal.
  public var explainedVariance: Double? {
    targetMoments.squares > 0 && !isConstant(targets)
      ? 1 - errorMoments.squares / targetMoments.squares : nil
  }

  /// The middle distance, at least 0.
  ///
  /// Of an even number of rows the mean of the two in the middle. With weights, the distance below
  /// which half the weight lies; where a distance splits the weight exactly, the mean of it and the
  /// next one, as scikit-learn does since 1.8.
  ///
  /// - Complexity: O(*n* log *n*).
  public var medianAbsoluteError: Double {
    var distances = zip(targets, predictions).map { ($0 - $1).magnitude }
    guard let weights else {
      var none: [Double] = []
      Sorting.sort(&distances, &none)
      let middle = distances.count / 2
      return distances.count % 2 == 1
        ? distances[middle] : (distances[middle - 1] + distances[middle]) / 2
    }
    let order = Sorting.order(of: distances).map(Int.init)
    var below: [Double] = []
    for row in order { below.append((below.last ?? 0) + weights[row]) }
    // scikit-learn counts what rounding leaves between them as equal.
    let half = (below.last ?? 0) / 2
    let index = below.firstIndex { $0 - half >= -Double.ulpOfOne } ?? 0
    let isSplit = below[index] - half <= Double.ulpOfOne && index + 1 < order.count
    let distance = distances[order[index]]
    return isSplit ? (distance + distances[order[index + 1]]) / 2 : distance
  }

  /// The linear correlation of targets and predictions, in -1...1; `nil` where either is constant.
  ///
  /// Rows count once each.
  public var pearsonCorrelation: Double? { correlation(targets, predictions) }

  /// The linear correlation of the ranks of targets and predictions, in -1...1, equal values having
  /// the mean of their ranks; `nil` where either is constant.
  ///
  /// Source: Spearman 1904, doi:10.2307/1412159.
  ///
  /// - Complexity: O(*n* log *n*).
  public var spearmanCorrelation: Double? { correlation(ranks(targets), ranks(predictions)) }

  private func isConstant(_ values: [Double]) -> Bool {
    values.allSatisfy { $0 == values.first }
  }

  private func correlation(_ x: [Double], _ y: [Double]) -> Double? {
    guard !isConstant(x), !isConstant(y) else { return nil }
    let (x, y) = (centred(x), centred(y))
    // Each is brought to length 1 first, so that products neither overflow nor vanish.
    return min(max(dot(x, y), -1), 1)
  }

  /// The values less their mean, scaled to a length of 1.
  private func centred(_ values: [Double]) -> [Double] {
    // A power of two takes no digit.
    let unit = max(values.reduce(0) { max($0, $1.magnitude) }.binade, .leastNormalMagnitude)
    let scaled = values.map { $0 / unit }
    let mean = scaled.reduce(0, +) / Double(scaled.count)
    var distances = scaled.map { $0 - mean }
    // The mean is rounded, and the rest of it is taken off.
    let rest = distances.reduce(0, +) / Double(distances.count)
    distances = distances.map { $0 - rest }
    let length = dot(distances, distances).squareRoot()
    return distances.map { $0 / length }
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

/// The sum of the products of two lists' elements.
private func dot(_ x: [Double], _ y: [Double]) -> Double { BLAS.dot(x.span, y.span) }
