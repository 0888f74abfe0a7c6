import EvaluationMetrics
import TestSupport
import Testing

@Suite struct RankedScoresTests {
  private struct Rows {
    var isPositive: [Bool]
    var scores: [Double]
    var weights: [Double]

    /// Random rows with many ties; weights are 0 to 3.
    init(_ count: Int, seed: UInt64) {
      var random = SplitMix64(seed: seed)
      isPositive = (0..<count).map { _ in Bool.random(using: &random) }
      scores = (0..<count).map { _ in Double(Int.random(in: -10...10, using: &random)) / 4 }
      weights = (0..<count).map { _ in Double(Int.random(in: 0...3, using: &random)) }
    }

    var ranked: RankedScores { RankedScores(isPositive: isPositive, scores: scores) }

    var weightedRanked: RankedScores {
      RankedScores(isPositive: isPositive, scores: scores, weights: weights)
    }

    /// How often a positive outranks a negative, pair by pair.
    func rocArea(weights: [Double]) -> Double? {
      var (wins, pairs) = (0.0, 0.0)
      for i in scores.indices where isPositive[i] {
        for j in scores.indices where !isPositive[j] {
          let weight = weights[i] * weights[j]
          pairs += weight
          wins += scores[i] > scores[j] ? weight : scores[i] == scores[j] ? weight / 2 : 0
        }
      }
      return pairs == 0 ? nil : wins / pairs
    }

    /// The precision at each positive's own score, averaged over the positives.
    func averagePrecision(weights: [Double]) -> Double? {
      var (sum, total) = (0.0, 0.0)
      for i in scores.indices where isPositive[i] && weights[i] > 0 {
        let above = scores.indices.filter { scores[$0] >= scores[i] }
        let positives = above.filter { isPositive[$0] }.reduce(0) { $0 + weights[$1] }
        sum += weights[i] * positives / above.reduce(0) { $0 + weights[$1] }
        total += weights[i]
      }
      return total == 0 ? nil : sum / total
    }
  }

  private static let seeds = 0..<40 as Range<UInt64>

  @Test(arguments: seeds)
  func areasAreThoseOfCountingPairs(seed: UInt64) {
    let rows = Rows(Int(seed) + 1, seed: seed)
    let ones = [Double](repeating: 1, count: rows.scores.count)
    #expect(rows.ranked.rocArea == rows.rocArea(weights: ones), "seed \(seed)")
    #expect(
      isClose(rows.weightedRanked.rocArea, rows.rocArea(weights: rows.weights)), "seed \(seed)")
    #expect(
      isClose(rows.ranked.averagePrecision, rows.averagePrecision(weights: ones)), "seed \(seed)")
    #expect(
      isClose(rows.weightedRanked.averagePrecision, rows.averagePrecision(weights: rows.weights)),
      "seed \(seed)")
  }

  @Test(arguments: seeds)
  func onlyTheOrderOfScoresMatters(seed: UInt64) {
    var rows = Rows(100, seed: seed)
    let before = [rows.ranked, rows.weightedRanked]
    rows.scores = rows.scores.map { $0 * $0 * $0 - 7 }
    let after = [rows.ranked, rows.weightedRanked]
    #expect(after.map(\.rocArea) == before.map(\.rocArea), "seed \(seed)")
    #expect(after.map(\.averagePrecision) == before.map(\.averagePrecision), "seed \(seed)")
  }

  @Test(arguments: seeds)
  func exchangingTheClassesMirrorsTheArea(seed: UInt64) throws {
    var rows = Rows(60, seed: seed)
    let area = try #require(rows.ranked.rocArea)
    let weighted = try #require(rows.weightedRanked.rocArea)
    rows.isPositive = rows.isPositive.map { !$0 }
    #expect(isClose(rows.ranked.rocArea, 1 - area, relative: 1e-15), "seed \(seed)")
    #expect(isClose(rows.weightedRanked.rocArea, 1 - weighted), "seed \(seed)")
    rows.scores = rows.scores.map { -$0 }
    #expect(rows.ranked.rocArea == area, "seed \(seed)")
  }

  @Test(arguments: seeds)
  func theOrderOfRowsDoesNotMatter(seed: UInt64) {
    let rows = Rows(80, seed: seed)
    var random = SplitMix64(seed: seed)
    var shuffled = rows
    let order = rows.scores.indices.shuffled(using: &random)
    shuffled.scores = order.map { rows.scores[$0] }
    shuffled.isPositive = order.map { rows.isPositive[$0] }
    shuffled.weights = order.map { rows.weights[$0] }
    #expect(shuffled.ranked.rocArea == rows.ranked.rocArea, "seed \(seed)")
    #expect(shuffled.ranked.averagePrecision == rows.ranked.averagePrecision, "seed \(seed)")
    #expect(isClose(shuffled.weightedRanked.rocArea, rows.weightedRanked.rocArea), "seed \(seed)")
  }

  @Test(arguments: seeds)
  func aWeightIsThatManyRows(seed: UInt64) {
    let rows = Rows(50, seed: seed)
    var repeated = rows
    let order = rows.weights.indices.flatMap { repeatElement($0, count: Int(rows.weights[$0])) }
    repeated.scores = order.map { rows.scores[$0] }
    repeated.isPositive = order.map { rows.isPositive[$0] }
    #expect(isClose(rows.weightedRanked.rocArea, repeated.ranked.rocArea), "seed \(seed)")
    #expect(
      isClose(rows.weightedRanked.averagePrecision, repeated.ranked.averagePrecision),
      "seed \(seed)")
  }

  @Test(arguments: seeds)
  func partsMergeToTheWholeBitForBit(seed: UInt64) {
    let rows = Rows(90, seed: seed)
    func part(_ range: Range<Int>, isWeighted: Bool) -> RankedScores {
      RankedScores(
        isPositive: Array(rows.isPositive[range]), scores: Array(rows.scores[range]),
        weights: isWeighted ? Array(rows.weights[range]) : nil)
    }
    for isWeighted in [false, true] {
      var merged = part(0..<20, isWeighted: isWeighted)
      for range in [20..<20, 20..<21, 21..<90] { merged.merge(part(range, isWeighted: isWeighted)) }
      // Whole weights add up exactly in any order.
      let whole = isWeighted ? rows.weightedRanked : rows.ranked
      #expect(merged.rocArea == whole.rocArea, "seed \(seed)")
      #expect(merged.averagePrecision == whole.averagePrecision, "seed \(seed)")
    }
  }

  @Test func largeInputsAreRanked() {
    // 100 000 rows are sorted on two cores; scores fall into 64 ties, which are counted apart here.
    var random = SplitMix64(seed: 5)
    let isPositive = (0..<100_000).map { _ in Bool.random(using: &random) }
    let bins = isPositive.map { Int.random(in: 0..<64, using: &random) / ($0 ? 1 : 2) }
    var (up, down) = ([Int](repeating: 0, count: 64), [Int](repeating: 0, count: 64))
    for (bin, isPositive) in zip(bins, isPositive) {
      if isPositive { up[bin] += 1 } else { down[bin] += 1 }
    }
    var halfWins = 0
    for bin in 0..<64 { halfWins += up[bin] * (2 * down[..<bin].reduce(0, +) + down[bin]) }
    let naive = Double(halfWins) / Double(2 * up.reduce(0, +) * down.reduce(0, +))
    let ranked = RankedScores(isPositive: isPositive, scores: bins.map { Double($0) / 64 })
    #expect(ranked.rocArea == naive)
  }

  @Test func neighbouringDoublesAreApartAndZerosTie() {
    #expect(RankedScores(positives: [0.1 + 0.2], negatives: [0.3]).rocArea == 1)
    #expect(RankedScores(positives: [0.0], negatives: [-0.0]).rocArea == 0.5)
    #expect(RankedScores(positives: [-0.0], negatives: [0.0]).rocArea == 0.5)
    #expect(RankedScores(positives: [.leastNonzeroMagnitude], negatives: [0]).rocArea == 1)
  }

  @Test func infinitiesAreTheExtremes() {
    let ranked = RankedScores(
      positives: [.infinity, .greatestFiniteMagnitude],
      negatives: [-.infinity, .greatestFiniteMagnitude])
    #expect(ranked.rocArea == 0.875)
    #expect(RankedScores(positives: [-.infinity], negatives: [-.infinity]).rocArea == 0.5)
  }

  @Test func areasOfOneClassAreUndefined() {
    #expect(RankedScores(positives: [1, 2], negatives: []).rocArea == nil)
    #expect(RankedScores(positives: [], negatives: [1]).rocArea == nil)
    #expect(RankedScores(positives: [], negatives: []).rocArea == nil)
    #expect(RankedScores(positives: [1, 2], negatives: []).averagePrecision == 1)
    #expect(RankedScores(positives: [], negatives: [1]).averagePrecision == nil)
    let weightless = RankedScores(isPositive: [true, false], scores: [1, 0], weights: [0, 1])
    #expect(weightless.rocArea == nil)
    #expect(weightless.averagePrecision == nil)
  }

  @Test(arguments: [1e-300, 1e-160, 1e160, 1e300])
  func theUnitOfWeightsDoesNotMatter(unit: Double) {
    let isPositive = [true, false, true, false]
    let scores = [0.9, 0.8, 0.4, 0.1]
    let unweighted = RankedScores(isPositive: isPositive, scores: scores)
    let weighted = RankedScores(
      isPositive: isPositive, scores: scores, weights: [unit, unit, unit, unit])
    #expect(isClose(weighted.rocArea, unweighted.rocArea))
    #expect(isClose(weighted.averagePrecision, unweighted.averagePrecision))
  }

  @Test func rowsWithAndWithoutWeightsDoNotMerge() async {
    await #expect(processExitsWith: .failure) {
      var ranked = RankedScores(isPositive: [true], scores: [1])
      ranked.merge(RankedScores(isPositive: [true], scores: [1], weights: [1]))
    }
  }
}
