import EvaluationMetrics
import Foundation
import TestSupport
import Testing

@Suite struct ProbabilityLossesTests {
  private static func binaryRows(
    _ count: Int, seed: UInt64
  ) -> (isPositive: [Bool], probabilities: [Double], weights: [Double]) {
    var random = SplitMix64(seed: seed)
    return (
      (0..<count).map { _ in Bool.random(using: &random) },
      (0..<count).map { _ in Double.random(in: 0...1, using: &random) },
      (0..<count).map { _ in Double.random(in: 0...3, using: &random) }
    )
  }

  @Test(arguments: [1, 2, 100, 70_000])
  func lossesAreTheirDefinitions(count: Int) {
    let (isPositive, probabilities, weights) = Self.binaryRows(count, seed: UInt64(count))
    for weights in [nil, weights] {
      var (logarithms, squares, total) = (0.0, 0.0, 0.0)
      for row in 0..<count {
        let weight = weights?[row] ?? 1
        let truth = isPositive[row] ? 1.0 : 0.0
        logarithms -= weight * log(abs(1 - truth - probabilities[row]))
        squares += weight * (probabilities[row] - truth) * (probabilities[row] - truth)
        total += weight
      }
      var losses = ProbabilityLosses()
      losses.add(isPositive: isPositive, probabilities: probabilities, weights: weights)
      #expect(isClose(losses.weight, total, relative: 1e-12))
      #expect(isClose(losses.logLoss, logarithms / total, relative: 1e-12))
      #expect(isClose(losses.brierScore, squares / total, relative: 1e-12))
    }
  }

  @Test func twoClassesAreTheBinaryProblem() {
    let (isPositive, probabilities, weights) = Self.binaryRows(50, seed: 3)
    var binary = ProbabilityLosses()
    binary.add(isPositive: isPositive, probabilities: probabilities, weights: weights)
    var multiclass = ProbabilityLosses()
    multiclass.add(
      labels: isPositive.map { $0 ? 1 : 0 }, probabilities: probabilities.flatMap { [1 - $0, $0] },
      classCount: 2, weights: weights)
    #expect(isClose(binary.logLoss, multiclass.logLoss))
    // Both columns miss the truth by the same.
    #expect(isClose(2 * binary.brierScore, multiclass.brierScore))
  }

  @Test(arguments: [1, 500, 65_536])
  func partsMergeToTheWhole(cut: Int) {
    let (isPositive, probabilities, weights) = Self.binaryRows(70_000, seed: 4)
    var whole = ProbabilityLosses()
    whole.add(isPositive: isPositive, probabilities: probabilities, weights: weights)
    var merged = ProbabilityLosses()
    for range in [0..<cut, cut..<70_000] {
      var part = ProbabilityLosses()
      part.add(
        isPositive: Array(isPositive[range]), probabilities: Array(probabilities[range]),
        weights: Array(weights[range]))
      merged.merge(part)
    }
    #expect(isClose(merged.logLoss, whole.logLoss, relative: 1e-12))
    #expect(isClose(merged.brierScore, whole.brierScore, relative: 1e-12))
    #expect(isClose(merged.weight, whole.weight, relative: 1e-12))
  }

  @Test func certaintyIsClippedInDoublePrecision() {
    #expect(ProbabilityLosses.clip == 0x1p-52)
    func loss(_ isPositive: Bool, _ probability: Double) -> Double {
      var losses = ProbabilityLosses()
      losses.add(isPositive: [isPositive], probabilities: [probability])
      return losses.logLoss
    }
    let most = 52 * log(2.0)
    #expect(isClose(loss(true, 0), most))
    #expect(isClose(loss(false, 1), most))
    #expect(isClose(loss(true, 1e-300), most))
    #expect(isClose(loss(true, 0x1p-51), 51 * log(2.0)))
    #expect(isClose(loss(true, 1), 0x1p-52))
    #expect(isClose(loss(false, 0), 0x1p-52))
  }
}
