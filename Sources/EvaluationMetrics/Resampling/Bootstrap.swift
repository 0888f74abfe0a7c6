public import DataTables
internal import NumericKernels

extension Evaluation {
  /// Metrics' values over rows drawn with replacement, as often as there are rows: their
  /// distributions over samples like this one.
  ///
  /// - Parameters:
  ///   - metrics: Metrics of the rows' kind of problem.
  ///   - rows: The rows; at least one.
  ///   - options: The task, the positive class and the cut.
  ///   - confidence: How often rows are drawn, and the seed.
  /// - Returns: for each metric its values in no meaningful order; those are left out that the drawn
  ///   rows do not define.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: O(*n*) for each replicate, or *c* times that; O(1) for metrics of unweighted
  ///   predictions.
  public static func replicates(
    of metrics: [Metric], on rows: PredictionRows, options: EvaluationOptions = EvaluationOptions(),
    confidence: Confidence
  ) throws(EvaluationError) -> [[Double]] {
    Bootstrap.replicates(of: metrics, try Evaluand(rows, options: options).rows, confidence)
  }
}

/// Metrics over rows drawn with replacement.
enum Bootstrap {
  /// Replicates that are counted together.
  private static let batchSize = 16
  /// The bytes that the draws of all batches that run at once may take.
  private static let drawBytes = 32 << 20

  /// The intervals of metrics' values, `nil` for those that are undefined or not asked for.
  ///
  /// A proportion of unweighted rows has Wilson's interval, an area with a standard error DeLong's,
  /// everything else the percentiles of resamplings. Resamplings in which a metric is undefined are
  /// left out.
  static func intervals(
    of values: [(metric: Metric, value: MetricValue)], _ statistics: Statistics,
    _ rows: EvaluatedRows, _ confidence: Confidence
  ) -> [ConfidenceInterval?] {
    let wanted = values.map { confidence.metrics?.contains($0.metric.id) ?? true }
    var intervals = values.indices.map { index in
      !wanted[index]
        ? nil
        : values[index].value.number.flatMap {
          ConfidenceInterval(of: values[index].metric, $0, statistics, level: confidence.level)
        }
    }
    let open = values.indices.filter {
      wanted[$0] && intervals[$0] == nil && values[$0].value.number != nil
    }
    guard !open.isEmpty else { return intervals }
    let found = replicates(of: open.map { values[$0].metric }, rows, confidence)
    for (index, replicates) in zip(open, found) {
      intervals[index] = values[index].value.number.flatMap {
        ConfidenceInterval(bootstrap: $0, replicates: replicates, level: confidence.level)
      }
    }
    return intervals
  }

  /// Each metric's values over resamplings, those left out that are undefined.
  static func replicates(
    of metrics: [Metric], _ rows: EvaluatedRows, _ confidence: Confidence
  ) -> [[Double]] {
    let source = ResampledRows(rows, metrics: metrics, isPaired: false)
    let values = map(confidence, rowCount: rows.rowCount, draws: source.needsDraws) {
      draws, random in
      var values = random.map { _ in [Double?]() }
      source.forEachReplicate(draws: draws, random: random) { replicate, statistics in
        values[replicate] = metrics.map { $0.compute(statistics)?.number }
      }
      return values
    }
    return metrics.indices.map { index in
      values.compactMap { $0[index] }.filter(\.isFinite)
    }
  }

  /// Calls `body` for each batch of replicates, on all cores, and returns the results in order.
  static func map<Result: Sendable>(
    _ confidence: Confidence, rowCount: Int, draws needsDraws: Bool,
    _ body: @Sendable (_ draws: [[UInt8]], _ random: [RandomSource]) -> [Result]
  ) -> [Result] {
    let size = needsDraws ? min(max(drawBytes / max(rowCount, 1) / 2, 1), batchSize) : batchSize
    return Chunks.map(confidence.replicateCount, size: size) { replicates in
      var draws = [[UInt8]](repeating: [], count: replicates.count)
      var random: [RandomSource] = []
      for (index, replicate) in replicates.enumerated() {
        var source = RandomSource(seed: confidence.seed, stream: UInt64(replicate))
        if needsDraws {
          draws[index] = [UInt8](repeating: 0, count: rowCount)
          Resampling.draw(into: &draws[index], using: &source)
        }
        random.append(source)
      }
      return body(draws, random)
    }.flatMap(\.self)
  }
}

extension ConfidenceInterval {
  /// The interval that a formula gives; `nil` where there is none.
  fileprivate init?(
    of metric: Metric, _ value: Double, _ statistics: Statistics, level: Double
  ) {
    guard !statistics.isWeighted else { return nil }
    if let trials = metric.trials?(statistics) {
      self.init(wilson: value, trials: trials, level: level)
    } else if let factor = metric.rocAreaFactor, let error = statistics.ranking?.rocAreaError {
      self.init(deLong: value, standardError: factor * error, range: metric.range, level: level)
    } else {
      return nil
    }
  }
}
