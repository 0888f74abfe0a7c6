internal import DataTables
internal import TestSupport
internal import Testing

@testable internal import EvaluationMetrics

@Suite struct EvaluationCurvesTests {
  /// Every cut lies within the resolution of a kept one that comes before it, so the line does too.
  @Test(arguments: [1, 2, 50, 5_000, 60_000], [false, true])
  func theKeptCutsAreCloseToAllCuts(rowCount: Int, isWeighted: Bool) throws {
    var random = SplitMix64(seed: UInt64(rowCount))
    let labels = (0..<rowCount).map { _ in Int32(random.next() % 4 == 0 ? 1 : 0) }
    let scores = labels.map { Double(random.next() % 9_973) / 9_973 * ($0 == 1 ? 1 : 0.8) }
    let weights = isWeighted ? labels.map { _ in Double(random.next() % 5 + 1) / 3 } : nil
    let ranked = RankedScores(labels: labels, positive: 1, scores: scores, weights: weights)
    let all = ranked.cuts
    let distance = EvaluationCurves.resolution
    let kept = ranked.cuts(within: distance, scoreRange: 1)
    #expect(kept.first == all.first && kept.last == all.last)
    #expect(kept.count <= 12_000)
    let (positives, negatives) = ranked.totals
    func precision(_ cut: CutCounts) -> Double {
      let predicted = cut.truePositives + cut.falsePositives
      return predicted > 0 ? cut.truePositives / predicted : 1
    }
    var place = 0
    for cut in all {
      while place + 1 < kept.count, kept[place + 1].threshold >= cut.threshold { place += 1 }
      let near = kept[place]
      let slack = distance * (1 + 1e-9)
      #expect(cut.truePositives - near.truePositives <= slack * positives)
      #expect(cut.falsePositives - near.falsePositives <= slack * negatives)
      #expect(abs(precision(cut) - precision(near)) <= slack)
    }
  }

  @Test func countsOfScoresAddUp() throws {
    let rows = PredictionRows.classes(
      PredictionTable(
        classes: [.integer(0), .integer(1)], labels: [0, 1, 1, 0, 1],
        scores: [0, 1, 0.5, 0.25, 0.99], weights: [1, 2, 0, 3, 0.5]))
    let curves = try EvaluationCurves(of: rows)
    let ranking = try #require(curves.rankings.first)
    #expect(ranking.positiveScores.counts.reduce(0, +) == 2.5)
    #expect(ranking.negativeScores.counts.reduce(0, +) == 4)
    #expect(ranking.positiveScores.counts.last == 2.5)
    #expect(ranking.label == .integer(1))
  }

  @Test func ofManyClassesThoseWithTheMostRowsAreShown() throws {
    let count = 12
    let labels = (0..<count).flatMap { label in [Int32](repeating: Int32(label), count: label + 1) }
    let probabilities = labels.flatMap { label in
      (0..<count).map { $0 == Int(label) ? 1.0 : 0 }
    }
    let curves = try EvaluationCurves(
      of: .classes(
        PredictionTable(
          classes: (0..<count).map { .integer(Int64($0)) }, labels: labels,
          probabilities: probabilities)))
    #expect(curves.rankings.map(\.label) == (2..<count).map { .integer(Int64($0)) })
    #expect(curves.rankings.allSatisfy { $0.rocArea == 1 })
  }

  @Test func numbersThatAreFarApartStayCounted() throws {
    let huge = Double.greatestFiniteMagnitude
    let curves = try EvaluationCurves(
      of: .numbers(RegressionTable(targets: [-huge, huge, 0], predictions: [huge, -huge, 0])))
    let numbers = try #require(curves.numbers)
    #expect(numbers.residuals.counts.reduce(0, +) == 3)
    #expect(numbers.groups.count == 3)
  }
}
