import DataTables
import EvaluationMetrics
import TestSupport
import Testing

@Suite struct MetricTests {
  @Test func namesAreUniqueAndFound() {
    let names = Metric.all.map(\.id)
    #expect(Set(names).count == names.count)
    for name in names { #expect(Metric.named(name)?.id == name) }
    #expect(Metric.named("accuarcy") == nil)
    #expect(Metric.named("") == nil)
  }

  @Test func namesAreScikitLearnsOwnInSnakeCase() {
    for metric in Metric.all {
      let isSnakeCase = metric.id.allSatisfy {
        ("a"..."z").contains($0) || "_0123456789".contains($0)
      }
      #expect(isSnakeCase, "\(metric.id)")
      #expect(!metric.scikitLearn.isEmpty && !metric.tasks.isEmpty)
    }
  }

  @Test func onlyLossesAreBetterWhenLower() {
    let lower = Metric.all.filter { $0.direction == .lowerIsBetter }.map(\.id)
    #expect(
      lower.allSatisfy { name in ["loss", "error", "score"].contains { name.hasSuffix($0) } })
    #expect(Set(lower).isSuperset(of: ["log_loss", "brier_score", "mean_absolute_error"]))
    #expect(lower.count { $0.hasSuffix("score") } == 1)
  }

  @Test func everyMetricOfTheOraclesIsInTheTable() throws {
    let names =
      try BinaryCase.all.flatMap { $0.expected.keys }
      + MulticlassCase.all.flatMap { $0.expected.keys }
      + Oracle<RegressionCase>(named: "regression").cases.flatMap { $0.expected.keys }
    #expect(Set(names) == Set(Metric.all.map(\.id)))
  }

  @Test func everyValueOfTheOraclesLiesInItsRange() throws {
    let tables =
      try BinaryCase.all.map { $0.table(withPredictions: false) }.filter { $0.scores != nil }
      + BinaryCase.all.map { $0.table(withPredictions: true) }
      + MulticlassCase.all.map { try $0.table(withPredictions: true) }
    for table in tables {
      let task: Task = table.classes.count > 2 ? .multiclass : .binary
      for entry in try Evaluation(of: table, options: EvaluationOptions(task: task)).entries {
        guard let value = entry.value.number else { continue }
        #expect(entry.metric.range.contains(value), "\(entry.metric.id) \(value)")
      }
    }
  }

  @Test func reasonsAreWordsInSnakeCase() {
    let reasons: [UndefinedReason] = [.singleClass, .absentClass, .noPositives, .notProbabilities]
    #expect(
      reasons.map(\.rawValue) == [
        "single_class", "absent_class", "no_positives", "not_probabilities",
      ])
    for reason in reasons { #expect(!reason.sentence.isEmpty && !reason.sentence.hasSuffix(".")) }
  }

  @Test func undefinedValuesAreNoNumbers() {
    #expect(MetricValue.value(0.5).number == 0.5)
    #expect(MetricValue.zeroDivision(0).number == 0)
    #expect(MetricValue.undefined(.singleClass).number == nil)
  }
}
