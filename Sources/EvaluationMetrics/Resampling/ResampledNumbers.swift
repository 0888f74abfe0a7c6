internal import NumericKernels

/// Rows of numbers from the smallest error to the greatest.
struct ResampledNumbers: Sendable {
  private let errors: [Double]
  private let hasLogarithms: Bool
  /// `nil` with weights, where there are no correlations.
  private let targetRanks: Ties?
  private let predictionRanks: Ties?
  /// What the metrics are sums of, each over the rows and without weights.
  let columns: [[Double]]

  /// Rows by a value, and where equal values end.
  private struct Ties: Sendable {
    let order: [UInt32]
    let endsTie: [Bool]

    init(_ values: [Double]) {
      let order = Sorting.order(of: values)
      self.order = order
      endsTie = order.indices.map { place in
        place + 1 == order.count || values[Int(order[place])] != values[Int(order[place + 1])]
      }
    }

    /// Each row's rank among the drawn rows, less the mean of all ranks.
    func ranks(draws: [UInt8]) -> [Double] {
      var ranks = [Double](repeating: 0, count: order.count)
      let middle = Double(order.count + 1) / 2
      var start = 0
      var below = 0.0
      while start < order.count {
        var end = start
        var tied = 0.0
        repeat {
          tied += Double(draws[Int(order[end])])
          end += 1
        } while !endsTie[end - 1]
        let rank = below + (tied + 1) / 2 - middle
        for place in start..<end { ranks[Int(order[place])] = rank }
        below += tied
        start = end
      }
      return ranks
    }
  }

  /// Takes rows in that order.
  init(targets: [Double], predictions: [Double], weights: [Double]?) {
    let errors = zip(targets, predictions).map { $0 - $1 }
    let magnitudes = errors.map(\.magnitude)
    self.errors = magnitudes
    hasLogarithms = targets.allSatisfy { $0 > -1 } && predictions.allSatisfy { $0 > -1 }
    targetRanks = weights == nil ? Ties(targets) : nil
    predictionRanks = weights == nil ? Ties(predictions) : nil
    // Sums of squares lose no digits where the values' mean is taken off first.
    func centred(_ values: [Double]) -> [Double] {
      let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
      return values.map { $0 - mean }
    }
    let (target, prediction, error) = (centred(targets), centred(predictions), centred(errors))
    func products(_ x: [Double], _ y: [Double]) -> [Double] { zip(x, y).map { $0 * $1 } }
    let logarithms =
      hasLogarithms
      ? zip(targets, predictions).map(ErrorSums.squaredLogError)
      : [Double](repeating: 0, count: errors.count)
    columns = [
      magnitudes, products(errors, errors), zip(magnitudes, targets).map(ErrorSums.share),
      logarithms, target, products(target, target), error, products(error, error), prediction,
      products(prediction, prediction), products(target, prediction),
    ]
  }

  /// The metrics of drawn rows.
  ///
  /// - Parameters:
  ///   - draws: How often each row is drawn, in order.
  ///   - sums: The sums of weights and of the columns over the drawn rows.
  ///   - weights: The rows' weights; `nil` counts each draw once.
  /// - Returns: the metrics.
  /// - Complexity: O(*n*).
  func measures(draws: [UInt8], sums: [Double], weights: [Double]?) -> RegressionMeasures {
    let weight = sums[0]
    let targets = spread(sums, of: 5, squares: 6)
    let errors = spread(sums, of: 7, squares: 8)
    let predictions = spread(sums, of: 9, squares: 10)
    let product = sums[11] - sums[5] * sums[9] / weight
    let deviations = (targets ?? 0).squareRoot() * (predictions ?? 0).squareRoot()
    return RegressionMeasures(
      rowCount: draws.count, meanAbsoluteError: sums[1] / weight,
      meanSquaredError: sums[2] / weight,
      medianAbsoluteError: median(draws: draws, weights: weights, total: weight),
      maxError: draws.lastIndex { $0 > 0 }.map { self.errors[$0] } ?? 0,
      meanAbsolutePercentageError: sums[3] / weight,
      meanSquaredLogError: hasLogarithms ? sums[4] / weight : nil,
      r2: targets.map { 1 - sums[2] / $0 },
      explainedVariance: targets.map { 1 - (errors ?? 0) / $0 },
      pearsonCorrelation: weights == nil && deviations > 0
        ? min(max(product / deviations, -1), 1) : nil,
      spearmanCorrelation: spearman(draws: draws))
  }

  /// The sum of squared distances from the mean; `nil` where rounding is all that there is of it.
  private func spread(_ sums: [Double], of column: Int, squares: Int) -> Double? {
    let spread = sums[squares] - sums[column] * sums[column] / sums[0]
    return spread > 1e-13 * sums[squares] ? spread : nil
  }

  /// The error below which half the weight lies; where one splits it exactly, the mean of it and the
  /// next one.
  private func median(draws: [UInt8], weights: [Double]?, total: Double) -> Double {
    var below = 0.0
    var row = 0
    var splitting: Double?
    while row < draws.count {
      guard draws[row] > 0 else {
        row += 1
        continue
      }
      if let splitting { return (splitting + errors[row]) / 2 }
      below += Double(draws[row]) * (weights?[row] ?? 1)
      if 2 * below > total { return errors[row] }
      if 2 * below == total { splitting = errors[row] }
      row += 1
    }
    return splitting ?? errors.last ?? 0
  }

  private func spearman(draws: [UInt8]) -> Double? {
    guard let targetRanks, let predictionRanks else { return nil }
    let targets = targetRanks.ranks(draws: draws)
    let predictions = predictionRanks.ranks(draws: draws)
    var (product, targetSquares, predictionSquares) = (0.0, 0.0, 0.0)
    for row in draws.indices {
      let count = Double(draws[row])
      product += count * targets[row] * predictions[row]
      targetSquares += count * targets[row] * targets[row]
      predictionSquares += count * predictions[row] * predictions[row]
    }
    let deviations = targetSquares.squareRoot() * predictionSquares.squareRoot()
    return deviations > 0 ? min(max(product / deviations, -1), 1) : nil
  }
}
