internal import DataTables
internal import EvaluationMetrics
internal import Testing

@testable internal import Verification

@Suite struct GateTests {
  /// Rows of which `right` are predicted rightly.
  private func evaluation(right: Int, of count: Int) throws -> Evaluation {
    let labels = (0..<count).map { Int32($0 % 2) }
    let predictions = labels.enumerated().map { $0 < right ? $1 : 1 - $1 }
    return try Evaluation(
      of: PredictionTable(
        classes: [.integer(0), .integer(1)], labels: labels, predictions: predictions))
  }

  @Test(arguments: [
    ("accuracy > 0.90", "accuracy", Gate.Comparison.greater, 0.9),
    ("accuracy>=.9", "accuracy", .greaterOrEqual, 0.9),
    ("log_loss < 4e-1", "log_loss", .less, 0.4),
    (" brier_score <= +0.25 ", "brier_score", .lessOrEqual, 0.25),
    ("matthews_corrcoef > -0.5", "matthews_corrcoef", .greater, -0.5),
    ("Accuracy > 0.9", "accuracy", .greater, 0.9),
    ("auc > 0.9", "auc", .greater, 0.9),
    ("beauty > 1", "beauty", .greater, 1),
  ])
  func conditionsAreRead(
    text: String, metric: String, comparison: Gate.Comparison, threshold: Double
  ) throws {
    let gate = try Gate(text)
    #expect(gate.metric == metric)
    #expect(gate.comparison == comparison)
    #expect(gate.threshold == threshold)
  }

  @Test(arguments: [
    ("accuracy", GateError.noComparison("accuracy")),
    ("accuracy = 0.9", .noComparison("accuracy = 0.9")),
    ("accuracy => 0.9", .noComparison("accuracy => 0.9")),
    ("accuracy >< 0.9", .noComparison("accuracy >< 0.9")),
    ("accuracy >== 0.9", .noComparison("accuracy >== 0.9")),
    ("> 0.9", .noMetric("> 0.9")),
    ("0.9 < accuracy", .noThreshold("0.9 < accuracy")),
    ("two words > 0.9", .noMetric("two words > 0.9")),
    ("accuracy >", .noThreshold("accuracy >")),
    ("accuracy > nan", .noThreshold("accuracy > nan")),
    ("accuracy > 0x1p3", .noThreshold("accuracy > 0x1p3")),
    ("accuracy > 1e999", .noThreshold("accuracy > 1e999")),
    ("accuracy > 90%", .noThreshold("accuracy > 90%")),
  ])
  func malformedConditionsAreRefused(text: String, error: GateError) {
    #expect(throws: error) { try Gate(text) }
  }

  /// A condition means what it says: 0.90 is not above 0.90.
  @Test(arguments: [
    ("accuracy > 0.90", 9, 10, false), ("accuracy >= 0.90", 9, 10, true),
    ("accuracy < 0.90", 9, 10, false), ("accuracy <= 0.90", 9, 10, true),
    ("accuracy > 0.3", 3, 10, false), ("accuracy >= 0.3", 3, 10, true),
    ("accuracy > 0.90", 91, 100, true), ("accuracy > 0.90", 9_000, 10_000, false),
  ])
  func strictnessIsKept(text: String, right: Int, count: Int, passed: Bool) throws {
    let result = try Gate(text).judge(evaluation(right: right, of: count))
    #expect(result.passed == passed)
  }

  /// Counts are compared as exactly as integers would be: right · 10^k against threshold · count.
  @Test func quotientsOfCountsCompareExactly() throws {
    for count in 1...60 {
      for right in 0...count {
        let evaluation = try evaluation(right: right, of: count)
        for hundredths in stride(from: 0, through: 100, by: 5) {
          let text = "accuracy > 0." + (hundredths < 10 ? "0" : "") + "\(hundredths)"
          let gate = try Gate(hundredths == 100 ? "accuracy > 1.00" : text)
          #expect(gate.judge(evaluation).passed == (right * 100 > hundredths * count))
        }
      }
    }
  }

  @Test func undefinedAndUnknownMetricsFail() throws {
    let table = PredictionTable(
      classes: [.integer(0)], labels: [0, 0], predictions: nil, scores: [0.2, 0.4])
    let evaluation = try Evaluation(of: table)
    let undefined = try Gate("roc_auc > 0").judge(evaluation)
    #expect(!undefined.passed && undefined.reason?.code == "single_class")
    let unknown = try Gate("beauty > 0").judge(evaluation)
    #expect(!unknown.passed && unknown.reason?.code == "unknown_metric")
    let alias = try Gate("auc > 0").judge(evaluation)
    #expect(!alias.passed && alias.reason == .unknownMetric(meant: "roc_auc"))
    for text in ["foo_f1 >= 0", "pr_auc > 0", "train_accuracy > 0", "top5_accuracy > 0"] {
      let result = try Gate(text).judge(evaluation)
      #expect(!result.passed && result.reason == .unknownMetric(meant: nil), "\(text)")
    }
    let other = try Gate("f1_macro < 2").judge(evaluation)
    #expect(!other.passed && other.reason?.code == "not_computed")
    let nothing = try Gate("accuracy >= 0").judge(nil)
    #expect(!nothing.passed && nothing.reason?.code == "not_computed")
  }

  @Test func zeroDivisionsCountAsZero() throws {
    let table = PredictionTable(
      classes: [.integer(0), .integer(1)], labels: [0, 1], predictions: [0, 0])
    let result = try Gate("precision >= 0").judge(Evaluation(of: table))
    #expect(result.passed && result.value == 0)
  }
}
