internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import Testing
internal import TrainingRecords

@testable internal import Verification

@Suite struct CrossCheckTests {
  /// Eight rows, six of them right: an accuracy of 0.75.
  private let evaluation: Evaluation

  init() throws {
    evaluation = try Evaluation(
      of: PredictionTable(
        classes: [.integer(0), .integer(1)], labels: [0, 0, 0, 0, 1, 1, 1, 1],
        predictions: [0, 0, 0, 1, 1, 1, 1, 0]))
  }

  private func claims(_ log: String) -> [LoggedMetric] {
    LogFile(Array(log.utf8), from: Place("train.log")).metrics
  }

  private func check(_ log: String, tolerance: Double = 0) -> [CrossCheck] {
    CrossCheck.check(claims(log), against: evaluation, tolerance: tolerance)
  }

  @Test(arguments: [
    ("accuracy: 0.75", true), ("accuracy: 0.750", true), ("accuracy: 0.8", true),
    ("accuracy: 0.7", true), ("accuracy: 0.76", false), ("accuracy: 0.7501", false),
    ("accuracy: 75%", true), ("accuracy: 75.0%", true), ("accuracy: 75.1%", false),
    ("accuracy: 75.0", true), ("accuracy: 7.5e-01", true), ("accuracy: 1.0", false),
    ("accuracy: 1", false), ("accuracy: 0", false),
  ])
  func aClaimHoldsWhereTheValueRoundsToIt(log: String, passed: Bool) throws {
    let checks = check(log)
    #expect(checks.count == 1)
    #expect(checks.first?.passed == passed)
    #expect(checks.first?.computed == 0.75)
  }

  @Test func differenceIsRecomputedLessStated() throws {
    let difference = try #require(check("accuracy: 0.80").first?.difference)
    #expect(abs(difference + 0.05) < 1e-15)
  }

  @Test func toleranceIsAllowedBesides() {
    #expect(check("accuracy: 0.76", tolerance: 0.001).first?.passed == false)
    #expect(check("accuracy: 0.76", tolerance: 0.01).first?.passed == true)
  }

  @Test func theLastValueOfAFileCounts() {
    let checks = check("accuracy: 0.10\naccuracy: 0.50\naccuracy: 0.75\n")
    #expect(checks.map(\.passed) == [true])
    #expect(checks.first?.claim.line == 3)
  }

  @Test func claimsOfTrainingDataAreNotChecked() {
    let checks = check("train accuracy: 0.99\nvalidation accuracy: 0.75\n")
    #expect(checks.map(\.passed) == [nil, true])
  }

  @Test func testClaimsComeBeforeValidationClaims() {
    let checks = check("validation accuracy: 0.99\ntest accuracy: 0.75\n")
    #expect(checks.map(\.passed) == [nil, true])
  }

  @Test func nothingIsCheckedWithoutPredictions() {
    let checks = CrossCheck.check(claims("accuracy: 0.75"), against: nil)
    #expect(checks.map(\.passed) == [nil])
  }

  @Test func metricsThatPredictionsDoNotTellAreNotChecked() {
    #expect(check("roc_auc: 0.9").map(\.passed) == [nil])
  }

  @Test func anUndefinedMetricIsNotChecked() throws {
    let oneClass = try Evaluation(
      of: PredictionTable(classes: [.integer(0)], labels: [0, 0], scores: [0.1, 0.2]))
    let checks = CrossCheck.check(claims("roc_auc: 0.5"), against: oneClass)
    #expect(checks.map(\.passed) == [nil])
  }

  @Test func aNameWithoutAverageIsAnyAverage() throws {
    let evaluation = try Evaluation(
      of: PredictionTable(
        classes: [.text("a"), .text("b"), .text("c")], labels: [0, 0, 0, 1, 1, 2],
        predictions: [0, 0, 1, 1, 1, 1]))
    let weighted = try #require(evaluation["f1_weighted"]?.number)
    let checks = CrossCheck.check(claims("f1: \(weighted)"), against: evaluation)
    #expect(checks.first?.passed == true)
    #expect(checks.first?.explanation == "equals f1_weighted")
    let other = CrossCheck.check(claims("f1: 0.123"), against: evaluation)
    #expect(other.first?.passed == false)
  }

  @Test func singlePrecisionIsAllowedFor() throws {
    let third = try Evaluation(
      of: PredictionTable(
        classes: [.integer(0), .integer(1)], labels: [0, 1, 1], predictions: [0, 0, 0]))
    func check(_ value: Double) throws -> Bool? {
      let text = """
        {"TrainingJobName": "j", "TrainingJobStatus": "Completed",
         "FinalMetricDataList": [{"MetricName": "accuracy", "Value": \(value)}]}
        """
      let job = try JobRecord(Array(text.utf8), from: Place("training-job.json"))
      return CrossCheck.check(job.finalMetrics, against: third).first?.passed
    }
    #expect(try check(Double(Float(1.0 / 3))) == true)
    #expect(try check(Double(Float(0.333))) == true)
    #expect(try check(Double(Float(0.334))) == false)
  }
}
