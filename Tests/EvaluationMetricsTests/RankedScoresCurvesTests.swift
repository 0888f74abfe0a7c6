import EvaluationMetrics
import TestSupport
import Testing

@Suite struct RankedScoresCurvesTests {
  /// Rows with many ties.
  private func rows(_ seed: UInt64, weighted: Bool = false) -> (
    isPositive: [Bool], scores: [Double], weights: [Double]?
  ) {
    var random = SplitMix64(seed: seed)
    let isPositive = (0..<60).map { _ in Bool.random(using: &random) }
    let scores = isPositive.map { Double(Int.random(in: ($0 ? 3 : 0)..<12, using: &random)) / 8 }
    let weights = isPositive.map { _ in Double(Int.random(in: 1..<5, using: &random)) }
    return (isPositive, scores, weighted ? weights : nil)
  }

  private func counts(
    _ rows: (isPositive: [Bool], scores: [Double], weights: [Double]?), at cut: Double
  ) -> (hits: Double, alarms: Double) {
    var (hits, alarms) = (0.0, 0.0)
    for row in rows.scores.indices where rows.scores[row] >= cut {
      if rows.isPositive[row] {
        hits += rows.weights?[row] ?? 1
      } else {
        alarms += rows.weights?[row] ?? 1
      }
    }
    return (hits, alarms)
  }

  @Test(arguments: 0..<20 as Range<UInt64>, [false, true])
  func cutsAreCountsOfRows(seed: UInt64, weighted: Bool) {
    let rows = rows(seed, weighted: weighted)
    let ranked = RankedScores(
      isPositive: rows.isPositive, scores: rows.scores, weights: rows.weights)
    let cuts = ranked.cuts
    #expect(cuts.first?.threshold == .infinity)
    #expect(cuts.dropFirst().map(\.threshold) == Set(rows.scores).sorted(by: >))
    for cut in cuts {
      let expected = counts(rows, at: cut.threshold)
      #expect(cut.truePositives == expected.hits && cut.falsePositives == expected.alarms)
    }
    for threshold in [-1, 0.5, 0.625, 2] {
      for isInclusive in [false, true] {
        let cut = Threshold(threshold, isInclusive: isInclusive)
        let expected = counts(rows, at: isInclusive ? threshold : threshold.nextUp)
        let matrix = ranked.matrix(at: cut)
        #expect(matrix[1, 1] == expected.hits && matrix[0, 1] == expected.alarms)
        #expect(matrix.total == rows.weights?.reduce(0, +) ?? 60)
      }
    }
  }

  /// The area is the trapezoids' under the curve, and the statistic its greatest height.
  @Test(arguments: 0..<20 as Range<UInt64>, [false, true])
  func curvesAgreeWithTheirSummaries(seed: UInt64, weighted: Bool) throws {
    let rows = rows(seed, weighted: weighted)
    let ranked = RankedScores(
      isPositive: rows.isPositive, scores: rows.scores, weights: rows.weights)
    let curve = try #require(ranked.rocCurve)
    #expect(curve.first?.truePositiveRate == 0 && curve.last?.truePositiveRate == 1)
    #expect(curve.first?.falsePositiveRate == 0 && curve.last?.falsePositiveRate == 1)
    var area = 0.0
    for (before, point) in zip(curve, curve.dropFirst()) {
      area +=
        (point.falsePositiveRate - before.falsePositiveRate)
        * (point.truePositiveRate + before.truePositiveRate) / 2
    }
    #expect(isClose(area, ranked.rocArea, relative: 1e-12))
    let heights = curve.map { abs($0.truePositiveRate - $0.falsePositiveRate) }
    #expect(isClose(heights.max(), ranked.kolmogorovSmirnov))
    let points = try #require(ranked.precisionRecallCurve)
    var precision = 0.0
    for (index, point) in points.enumerated() {
      precision += (point.recall - (index > 0 ? points[index - 1].recall : 0)) * point.precision
    }
    #expect(isClose(precision, ranked.averagePrecision, relative: 1e-12))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func theBestCutIsTheBestOfAll(seed: UInt64) {
    let rows = rows(seed)
    let ranked = RankedScores(isPositive: rows.isPositive, scores: rows.scores)
    let positives = Double(rows.isPositive.count { $0 })
    func f1(_ cut: CutCounts) -> Double {
      2 * cut.truePositives / (positives + cut.truePositives + cut.falsePositives)
    }
    func youden(_ cut: CutCounts) -> Double {
      cut.truePositives / positives - cut.falsePositives / (60 - positives)
    }
    func cost(_ cut: CutCounts) -> Double {
      cut.falsePositives * 3 + (positives - cut.truePositives)
    }
    #expect(f1(ranked.bestCut(for: .f1)) == ranked.cuts.map(f1).max())
    #expect(isClose(youden(ranked.bestCut(for: .youden)), ranked.cuts.map(youden).max()))
    let best = ranked.bestCut(for: .cost(falsePositive: 3, falseNegative: 1))
    #expect(cost(best) == ranked.cuts.map(cost).min())
  }

  @Test func curvesOfOneClassAreUndefined() {
    let ranked = RankedScores(isPositive: [false, false], scores: [0.1, 0.2])
    #expect(ranked.rocCurve == nil && ranked.precisionRecallCurve == nil)
    #expect(ranked.kolmogorovSmirnov == nil && ranked.gini == nil)
    #expect(ranked.bestCut(for: .f1).threshold == .infinity)
  }
}
