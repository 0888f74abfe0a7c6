internal import InputReading
internal import TestSupport
internal import Testing

@testable internal import Reports

@Suite struct RegistryRecordTests {
  private func record(_ text: String) throws -> RegistryRecord {
    try RegistryRecord(JSONDocument(Array(text.utf8), from: Place("verification.json")))
  }

  private func report(
    verdict: String = "approved", reasons: String = "[]", metrics: String
  ) -> String {
    """
    {"schema": "assay.verification/1", "verdict": "\(verdict)", "reasons": \(reasons),
     "job": {"name": "j", "artifact": "s3://b/j/output/model.tar.gz"},
     "artifact": {"sha256": "abc"}, "metrics": \(metrics),
     "gates": [{"passed": true}, {"passed": null}, {"passed": true}]}
    """
  }

  private let binary = """
    {"rows": 10, "task": "binary", "metrics": {"accuracy": 0.75, "recall": 0.5, "specificity": null,
     "roc_auc": 0.875, "f1": 1}, "confusion_matrix": {"labels": ["no", "yes"], "counts": [[4, 1], [2, 3]]}}
    """

  /// The names are those of the developer guide's "Model quality metrics"; what is undefined is left
  /// out.
  @Test func binaryMetricsHaveTheSchemasNames() throws {
    let record = try record(report(metrics: binary))
    let text = try #require(record.statistics?.text)
    let root = try JSONDocument(Array(text.utf8), from: Place("")).root
    #expect(root["version"]?.number?.value == 0)
    #expect(root["dataset"]?["item_count"]?.number?.value == 10)
    let metrics = try #require(root["binary_classification_metrics"])
    #expect(
      metrics.object?.map(\.key) == [
        "confusion_matrix", "recall", "accuracy", "true_positive_rate", "auc", "f1",
        "false_negative_rate",
      ])
    #expect(metrics["auc"]?["value"]?.number?.value == 0.875)
    #expect(metrics["auc"]?["standard_deviation"]?.string == "NaN")
    #expect(metrics["confusion_matrix"]?["no"]?["yes"]?.number?.value == 1)
    #expect(metrics["false_negative_rate"]?["value"]?.number?.value == 0.5)
  }

  @Test(arguments: [
    (
      "multiclass", #""accuracy": 1, "recall_weighted": 0.5, "f1_macro": 1"#,
      "multiclass_classification_metrics", ["accuracy", "weighted_recall"]
    ),
    (
      "regression", #""mean_absolute_error": 1, "r2": 0.5, "max_error": 1"#, "regression_metrics",
      ["mae", "r2"]
    ),
  ])
  func otherProblemsHaveTheirOwn(
    task: String, values: String, name: String, keys: [String]
  ) throws {
    let record = try record(
      report(metrics: #"{"rows": 2, "task": "\#(task)", "metrics": {\#(values)}}"#))
    let text = try #require(record.statistics?.text)
    let root = try JSONDocument(Array(text.utf8), from: Place("")).root
    #expect(root[name]?.object?.map(\.key) == keys)
  }

  @Test func theVerdictIsDescribed() throws {
    let approved = try record(report(metrics: binary))
    #expect(approved.isApproved)
    #expect(
      approved.approvalDescription
        == "assay: approved: every check of the job j holds, 2 gates among them; the artifact's "
        + "SHA-256 is abc")
    let rejected = try record(
      report(
        verdict: "rejected", reasons: #"[{"code": "a", "message": "one"}, {"message": "two"}]"#,
        metrics: "null"))
    #expect(!rejected.isApproved && rejected.statistics == nil)
    #expect(rejected.approvalDescription == "assay: rejected: one; two")
  }

  @Test func onlyVerificationsAreRegistered() throws {
    #expect(throws: RegistryError.noVerification(Place("verification.json"))) {
      try record(#"{"schema": "assay.metrics/1"}"#)
    }
    #expect(throws: RegistryError.noVerification(Place("verification.json"))) {
      try record(#"{"schema": "assay.verification/1", "verdict": "maybe"}"#)
    }
    #expect(throws: RegistryError.noMetrics(Place("verification.json"))) {
      try record(report(metrics: "null"))
    }
  }

  @Test func damageNeverTraps() throws {
    let bytes = Array(report(metrics: binary).utf8)
    var random = SplitMix64(seed: 11)
    for end in bytes.indices {
      #expect(throws: (any Error).self) {
        try record(String(decoding: bytes[..<end], as: UTF8.self))
      }
    }
    for _ in 0..<500 {
      var flipped = bytes
      flipped[Int.random(in: flipped.indices, using: &random)] ^=
        1 << UInt8.random(in: 0..<7, using: &random)
      _ = try? record(String(decoding: flipped, as: UTF8.self)).statistics?.text
    }
  }
}
