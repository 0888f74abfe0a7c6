import DataTables
import EvaluationMetrics
import TestSupport
import Testing

@Suite struct ComparisonTests {
  private let options = EvaluationOptions(confidence: Confidence(replicateCount: 400, seed: 3))

  /// Two models' scores of the same rows, the second one the better by `gain`.
  private func models(
    _ count: Int, gain: Double, isWeighted: Bool = false, seed: UInt64 = 1
  ) -> (PredictionTable, PredictionTable) {
    var random = SplitMix64(seed: seed)
    let labels = (0..<count).map { _ in Int32.random(in: 0...1, using: &random) }
    let noise = labels.map { _ in Double.random(in: 0..<1, using: &random) }
    let weights = labels.map { _ in Double(Int.random(in: 1...3, using: &random)) }
    func table(_ shift: Double) -> PredictionTable {
      let scores = labels.indices.map { row in
        let own = 0.7 * noise[row] + 0.3 * Double.random(in: 0..<1, using: &random)
        return (own + shift * Double(labels[row])) / (1 + shift)
      }
      return PredictionTable(
        classes: [.integer(0), .integer(1)], labels: labels, scores: scores,
        weights: isWeighted ? weights : nil)
    }
    return (table(0.3), table(0.3 + gain))
  }

  @Test(arguments: [false, true])
  func aBetterModelIsFoundToBeBetter(isWeighted: Bool) throws {
    let (first, second) = models(1_500, gain: 0.5, isWeighted: isWeighted)
    let comparison = try Comparison(of: .classes(first), and: .classes(second), options: options)
    for name in ["accuracy", "roc_auc", "average_precision", "f1"] {
      let entry = try #require(comparison.entries.first { $0.metric.id == name })
      let interval = try #require(entry.interval)
      let difference = try #require(entry.difference)
      #expect(interval.low > 0 && interval.low <= difference && difference <= interval.high)
      #expect(try #require(entry.pValue) < 0.01, "\(name)")
    }
    let tests = comparison.entries.compactMap(\.test)
    #expect(tests.contains(.mcNemar) == !isWeighted)
    #expect(tests.contains(.deLong) == !isWeighted)
    let agreement = try #require(comparison.agreement)
    #expect(agreement.onlySecond > agreement.onlyFirst)
  }

  @Test func aModelIsNoBetterThanItself() throws {
    let (first, _) = models(300, gain: 0)
    let comparison = try Comparison(of: .classes(first), and: .classes(first), options: options)
    for entry in comparison.entries {
      #expect(entry.difference == 0 && entry.pValue == 1, "\(entry.metric.id)")
      #expect(entry.interval?.low == 0 && entry.interval?.high == 0)
    }
  }

  @Test func swappedModelsHaveMirroredDifferences() throws {
    let (first, second) = models(400, gain: 0.1)
    let forth = try Comparison(of: .classes(first), and: .classes(second), options: options)
    let back = try Comparison(of: .classes(second), and: .classes(first), options: options)
    for (one, other) in zip(forth.entries, back.entries) {
      #expect(one.difference == other.difference.map { -$0 })
      #expect(isClose(one.pValue, other.pValue, relative: 1e-12))
      #expect(isClose(one.interval?.low, other.interval.map { -$0.high }, relative: 1e-9))
    }
  }

  @Test func classesAndNumbersAreComparedToo() throws {
    let classes: [Label] = [.text("a"), .text("b"), .text("c")]
    let labels: [Int32] = (0..<90).map { Int32($0 % 3) }
    let first = PredictionTable(classes: classes, labels: labels, predictions: labels)
    // The second model never says "c", and knows a class of its own.
    let second = PredictionTable(
      classes: classes + [.text("d")], labels: labels,
      predictions: labels.map { $0 == 2 ? 3 : $0 })
    let comparison = try Comparison(
      of: .classes(first), and: .classes(second),
      options: EvaluationOptions(task: .multiclass, confidence: Confidence(replicateCount: 50)))
    let accuracy = try #require(comparison.entries.first { $0.metric.id == "accuracy" })
    #expect(isClose(accuracy.difference, -1.0 / 3, relative: 1e-12))

    let targets = (0..<60).map { Double($0) + 0.5 }
    let numbers = try Comparison(
      of: .numbers(RegressionTable(targets: targets, predictions: targets.map { $0 + 1 })),
      and: .numbers(RegressionTable(targets: targets, predictions: targets.map { $0 - 2 })),
      options: EvaluationOptions(confidence: Confidence(replicateCount: 50)))
    let error = try #require(numbers.entries.first { $0.metric.id == "mean_absolute_error" })
    #expect(error.difference == 1 && error.test == .bootstrap)
  }

  @Test func differentRowsAreRefused() throws {
    let (first, second) = models(50, gain: 0)
    func error(_ change: (inout PredictionTable) -> Void) -> EvaluationError? {
      var changed = second
      change(&changed)
      do throws(EvaluationError) {
        _ = try Comparison(of: .classes(first), and: .classes(changed), options: options)
        return nil
      } catch { return error }
    }
    #expect(error { $0.labels[7] = 1 - $0.labels[7] } == .differentLabels(row: 8))
    #expect(error { $0.weights = $0.labels.map { _ in 2 } } == .differentWeights(row: 1))
    #expect(
      error {
        $0.labels.removeLast()
        $0.scores?.removeLast()
      } == .differentRowCounts(50, 49))
    #expect(error { $0.classes = [.text("no"), .text("yes")] } != nil)
  }
}
