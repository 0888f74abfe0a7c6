import EvaluationMetrics
import TestSupport
import Testing

@Suite struct CalibrationBinsTests {
  @Test func binsHaveTheirLowerEndAndTheLastBoth() {
    var bins = CalibrationBins(count: 4)
    bins.add(
      isPositive: [false, true, true, false, true],
      probabilities: [0, 0.25, 0.5, 0.7499, 1])
    #expect(bins.bins.map(\.weight) == [1, 1, 2, 1])
    #expect(bins.bins[2].positiveFraction == 0.5)
    #expect(bins.bins[2].meanScore == (0.5 + 0.7499) / 2)
    #expect(CalibrationBins().bins.allSatisfy { $0.meanScore == nil && $0.positiveFraction == nil })
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func chunksMergeToTheWhole(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let isPositive = (0..<200).map { _ in Bool.random(using: &random) }
    let scores = (0..<200).map { _ in Double.random(in: 0...1, using: &random) }
    var whole = CalibrationBins()
    whole.add(isPositive: isPositive, probabilities: scores)
    var merged = CalibrationBins()
    for range in [0..<50, 50..<51, 51..<200] {
      var part = CalibrationBins()
      part.add(isPositive: Array(isPositive[range]), probabilities: Array(scores[range]))
      merged.merge(part)
    }
    #expect(
      isClose(whole.expectedCalibrationError, merged.expectedCalibrationError, relative: 1e-12))
    #expect(whole.bins.map(\.weight) == merged.bins.map(\.weight))
  }

  @Test func certainAndRightScoresHaveNoError() {
    var bins = CalibrationBins()
    bins.add(isPositive: [true, false, true], probabilities: [1, 0, 1])
    #expect(bins.expectedCalibrationError == 0)
  }
}
