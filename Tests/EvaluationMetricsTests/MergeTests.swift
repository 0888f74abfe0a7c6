import DataTables
@testable import EvaluationMetrics
import TestSupport
import Testing

/// Every metric from merged statistics of chunks against the same metric of the whole.
@Suite struct MergeTests {
  /// Metrics that are sums of fractions, which another order may round otherwise.
  private static func isExact(_ metric: Metric, isWeighted: Bool) -> Bool {
    !isWeighted && (metric.need == .predictions || metric.need == .ranking)
  }

  private func expectMerged(
    _ rows: EvaluatedRows, task: EvaluationMetrics.Task, random: inout SplitMix64
  ) {
    let whole = Statistics(of: rows)
    var order = Array(0..<rows.rowCount)
    for isShuffled in [false, true] {
      if isShuffled { order.shuffle(using: &random) }
      var parts: [EvaluatedRows] = []
      var start = 0
      while start < order.count {
        let end = min(start + Int.random(in: 1...70, using: &random), order.count)
        parts.append(rows.selecting(Array(order[start..<end])))
        start = end
      }
      let merged = Statistics(merging: parts)
      for metric in Metric.all where metric.tasks.contains(task) {
        guard let value = metric.compute(whole) else {
          #expect(metric.compute(merged) == nil)
          continue
        }
        let other = metric.compute(merged)
        if Self.isExact(metric, isWeighted: rows.weights != nil) {
          #expect(other == value, "\(metric.id)")
        } else {
          #expect(isClose(other?.number, value.number, relative: 1e-12), "\(metric.id)")
        }
      }
    }
  }

  @Test(arguments: 0..<12 as Range<UInt64>, [false, true])
  func binaryChunksMergeToTheWhole(seed: UInt64, isWeighted: Bool) throws {
    var rows = RandomRows(seed: seed)
    let table = rows.binary(Int(seed) * 40 + 2, isWeighted: isWeighted)
    let evaluand = try Evaluand(table, options: EvaluationOptions())
    expectMerged(evaluand.rows, task: .binary, random: &rows.random)
  }

  @Test(arguments: 0..<12 as Range<UInt64>, [false, true])
  func multiclassChunksMergeToTheWhole(seed: UInt64, isWeighted: Bool) throws {
    var rows = RandomRows(seed: seed)
    let table = rows.multiclass(Int(seed) * 30 + 5, classes: 5, isWeighted: isWeighted)
    let evaluand = try Evaluand(table, options: EvaluationOptions())
    expectMerged(evaluand.rows, task: .multiclass, random: &rows.random)
  }

  @Test(arguments: 0..<12 as Range<UInt64>, [false, true])
  func chunksOfNumbersMergeToTheWhole(seed: UInt64, isWeighted: Bool) throws {
    var rows = RandomRows(seed: seed)
    let count = Int(seed) * 40 + 3
    let targets = (0..<count).map { _ in Double.random(in: 1...9, using: &rows.random) }
    let table = RegressionTable(
      targets: targets,
      predictions: targets.map { $0 + Double(Int.random(in: -4...4, using: &rows.random)) / 8 },
      weights: isWeighted ? rows.weights(count) : nil)
    let evaluand = try Evaluand(table, options: EvaluationOptions())
    expectMerged(evaluand.rows, task: .regression, random: &rows.random)
  }
}

extension Statistics {
  /// The statistics of chunks, each kind of them merged.
  fileprivate init(merging parts: [EvaluatedRows]) {
    let first = parts[0]
    self.init(describing: first)
    let count = first.classCount
    func merged<Statistic>(
      _ make: (EvaluatedRows) -> Statistic, _ merge: (inout Statistic, Statistic) -> Void
    ) -> Statistic {
      parts.dropFirst().reduce(into: make(first)) { merge(&$0, make($1)) }
    }
    if first.predictedClasses != nil {
      matrix = merged(
        { rows in
          var matrix = ConfusionMatrix(classCount: count)
          matrix.add(
            labels: rows.labels, predictions: rows.predictedClasses ?? [], weights: rows.weights)
          return matrix
        }, { $0.merge($1) })
    }
    if first.scores != nil {
      ranking = merged(
        {
          RankedScores(isPositive: $0.isPositive, scores: $0.scores ?? [], weights: $0.weights)
        }, { $0.merge($1) }
      ).measures(withError: false)
      losses = merged(
        { rows in
          var losses = ProbabilityLosses()
          losses.add(
            isPositive: rows.isPositive, probabilities: rows.scores ?? [], weights: rows.weights)
          return losses
        }, { $0.merge($1) })
      calibrationError =
        merged(
          { rows in
            var bins = CalibrationBins()
            bins.add(
              isPositive: rows.isPositive, probabilities: rows.scores ?? [], weights: rows.weights)
            return bins
          }, { $0.merge($1) }
        ).expectedCalibrationError
    }
    if first.probabilities != nil {
      classAreas = merged(
        {
          ClassScores(
            labels: $0.labels, probabilities: $0.probabilities ?? [], classCount: count,
            weights: $0.weights)
        }, { $0.merge($1) }
      ).areas(ofPairs: first.weights == nil)
      classRanks = merged(
        { rows in
          var ranks = ClassRanks(classCount: count)
          ranks.add(
            labels: rows.labels, probabilities: rows.probabilities ?? [], weights: rows.weights)
          return ranks
        }, { $0.merge($1) })
      losses = merged(
        { rows in
          var losses = ProbabilityLosses()
          losses.add(
            labels: rows.labels, probabilities: rows.probabilities ?? [], classCount: count,
            weights: rows.weights)
          return losses
        }, { $0.merge($1) })
    }
    if first.numbers != nil {
      errors =
        merged(
          { rows in
            var errors = RegressionErrors(isWeighted: rows.weights != nil)
            errors.add(
              targets: rows.numbers?.targets ?? [], predictions: rows.numbers?.predictions ?? [],
              weights: rows.weights)
            return errors
          }, { $0.merge($1) }
        ).measures
    }
  }
}
