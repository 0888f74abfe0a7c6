import DataTables
import EvaluationMetrics
import TestSupport
import Testing

@Suite struct RegressionErrorsTests {
  private func rows(_ seed: UInt64, _ count: Int) -> (
    targets: [Double], predictions: [Double], weights: [Double]
  ) {
    var random = SplitMix64(seed: seed)
    let targets = (0..<count).map { _ in Double.random(in: -5..<50, using: &random) }
    let predictions = targets.map { $0 + Double.random(in: -3..<3, using: &random) }
    let weights = targets.map { _ in Double(Int.random(in: 0..<4, using: &random)) }
    return (targets, predictions, weights)
  }

  private func values(_ errors: RegressionErrors) -> [Double?] {
    [
      errors.meanAbsoluteError, errors.meanSquaredError, errors.rootMeanSquaredError,
      errors.medianAbsoluteError, errors.maxError, errors.meanAbsolutePercentageError,
      errors.meanSquaredLogError, errors.meanPinballLoss, errors.r2, errors.explainedVariance,
      errors.pearsonCorrelation, errors.spearmanCorrelation,
    ]
  }

  @Test(arguments: 0..<10 as Range<UInt64>, [1, 7, 100, 499])
  func chunksMergeToTheWhole(seed: UInt64, size: Int) {
    let rows = rows(seed, 500)
    var whole = RegressionErrors()
    whole.add(targets: rows.targets, predictions: rows.predictions)
    var merged = RegressionErrors()
    for start in stride(from: 0, to: 500, by: size) {
      let range = start..<min(500, start + size)
      var part = RegressionErrors()
      part.add(targets: Array(rows.targets[range]), predictions: Array(rows.predictions[range]))
      merged.merge(part)
    }
    for (one, other) in zip(values(whole), values(merged)) {
      #expect(isClose(one, other, relative: 1e-12))
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func aWeightIsThatManyRows(seed: UInt64) {
    let rows = rows(seed, 60)
    var weighted = RegressionErrors(isWeighted: true)
    weighted.add(targets: rows.targets, predictions: rows.predictions, weights: rows.weights)
    let copies = rows.weights.indices.flatMap { row in
      [Int](repeating: row, count: Int(rows.weights[row]))
    }
    var repeated = RegressionErrors()
    repeated.add(
      targets: copies.map { rows.targets[$0] }, predictions: copies.map { rows.predictions[$0] })
    // Correlations count rows once each.
    for (one, other) in zip(values(weighted), values(repeated)).prefix(10) {
      #expect(isClose(one, other, relative: 1e-12))
    }
  }

  @Test func theOrderOfRowsDoesNotMatter() {
    let rows = rows(3, 1_000)
    var random = SplitMix64(seed: 9)
    let order = rows.targets.indices.shuffled(using: &random)
    var one = RegressionErrors()
    one.add(targets: rows.targets, predictions: rows.predictions)
    var other = RegressionErrors()
    other.add(
      targets: order.map { rows.targets[$0] }, predictions: order.map { rows.predictions[$0] })
    for (one, other) in zip(values(one), values(other)) {
      #expect(isClose(one, other, relative: 1e-12))
    }
  }

  @Test func undefinedValuesHaveTheirReasons() throws {
    let one = try Evaluation(of: RegressionTable(targets: [2], predictions: [3]))
    #expect(one["r2"] == .undefined(.tooFewRows))
    #expect(one["explained_variance"] == .undefined(.zeroVariance))
    #expect(one["pearson_correlation"] == .undefined(.tooFewRows))
    let constant = try Evaluation(of: RegressionTable(targets: [2, 2], predictions: [3, 1]))
    #expect(constant["r2"] == .undefined(.zeroVariance))
    let negative = try Evaluation(of: RegressionTable(targets: [-1, 2], predictions: [3, 1]))
    #expect(negative["mean_squared_log_error"] == .undefined(.negativeValues))
    let zero = try Evaluation(of: RegressionTable(targets: [0, 2], predictions: [3, 1]))
    #expect(zero.warnings.count == 1)
  }

  @Test func ranksOfEqualValuesAreShared() {
    var errors = RegressionErrors()
    errors.add(targets: [1, 2, 2, 4], predictions: [10, 20, 20, 1_000])
    #expect(errors.spearmanCorrelation == 1)
    #expect((errors.pearsonCorrelation ?? 1) < 1)
  }
}
