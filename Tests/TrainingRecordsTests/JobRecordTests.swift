import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct JobRecordTests {
  private func record(_ text: String) throws -> JobRecord {
    try JobRecord(Array(text.utf8), from: Place("job.json"))
  }

  private func record(metrics: String) throws -> [LoggedMetric] {
    try record(
      #"{"TrainingJobName": "j", "TrainingJobStatus": "Completed", "FinalMetricDataList": \#(metrics)}"#
    ).finalMetrics
  }

  private func refusal(_ text: String) -> JobRecordError? {
    #expect(throws: JobRecordError.self) { try record(text) }
  }

  // MARK: What AWS's tools print

  @Test(arguments: [
    "sagemaker-describe-training-job.json", "sagemaker-describe-training-job.awscli-v2.json",
    "boto3-describe-training-job.default-str.json",
    "sagemaker-describe-training-job.awscli-v2.yaml",
  ])
  func everyToolsAnswerIsRead(name: String) throws {
    let record = try JobRecord(path: fixture(name))
    #expect(record.name == "demo-xgb-2026-01-01")
    #expect(record.status == .completed && record.secondaryStatus == "Completed")
    #expect(record.failureReason == nil && record.stage == .completed)
    #expect(record.framework == .xgboost)
    #expect(
      record.metricDefinitions == [
        MetricDefinition(
          name: "test:dcg", pattern: #"#quality_metric: host=\S+, test dcg <score>=(\S+)"#)
      ])
    #expect(
      record.artifactLocation == "s3://my-ml-bucket/out/demo-xgb-2026-01-01/output/model.tar.gz")
    // Its only metric is train:progress, which is no metric of a model.
    #expect(record.finalMetrics.isEmpty)
  }

  @Test func otherFormsAreRefusedWithTheMend() {
    #expect {
      try JobRecord(path: fixture("sagemaker-describe-training-job-missing.err"))
    } throws: { error in
      guard case .serviceError(_, let message)? = error as? JobRecordError else { return false }
      return message.hasPrefix("An error occurred (ValidationException)")
    }
    #expect(
      refusal("{'TrainingJobName': 'j', 'CreationTime': datetime.datetime(2026, 1, 1)}")
        == .pythonRepresentation(Place("job.json")))
    #expect(refusal("TrainingJobName: j\n  x: [") != nil)
    let anchors =
      "a: &a [1]\n"
      + (1..<40).map {
        "b\($0): &b\($0) [*\($0 == 1 ? "a" : "b\($0 - 1)"), *\($0 == 1 ? "a" : "b\($0 - 1)")]\n"
      }.joined()
    guard case .notYAML? = refusal(anchors) else {
      Issue.record("anchors must not multiply")
      return
    }
  }

  @Test func sampleJobsAreRead() throws {
    let record = try JobRecord(path: dataset("breast-cancer/training-job.json"))
    #expect(record.status == .completed)
    #expect(
      record.finalMetrics.map { "\($0.metric.split?.rawValue ?? "") \($0.metric.id) \($0.value)" }
        == [
          "train accuracy 0.988", "validation accuracy 0.986", "validation precision 0.989",
          "validation recall 0.989", "validation f1 0.989", "validation roc_auc 0.998",
        ])
    #expect(record.finalMetrics.allSatisfy { $0.isSinglePrecision && $0.resolution == 1e-3 })
    #expect(record.finalMetrics.allSatisfy { $0.place.file.hasSuffix("training-job.json") })
    #expect(record.finalMetrics.first?.line == 129)
    let failed = try JobRecord(path: dataset("failed-job/training-job.json"))
    #expect(failed.status == .failed && failed.failureReason?.contains("KeyError") == true)
  }

  // MARK: Keys

  @Test(arguments: JobStatus.allCases)
  func allStatusesAreKnown(status: JobStatus) throws {
    let record = try record(
      #"{"TrainingJobName": "j", "TrainingJobStatus": "\#(status.rawValue)", "New": [1]}"#)
    #expect(record.status == status)
    #expect(record.secondaryStatus == nil && record.artifactLocation == nil)
    #expect(record.finalMetrics.isEmpty)
  }

  @Test func statusesAreTheServices() {
    #expect(
      JobStatus.allCases.map(\.rawValue) == [
        "InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting",
      ])
  }

  @Test func secondaryStatusesMayBeNew() throws {
    let record = try record(
      """
      {"TrainingJobName": "j", "TrainingJobStatus": "Stopped",
       "SecondaryStatus": "MaxRuntimeExceeded", "FailureReason": "x"}
      """)
    #expect(record.status == .stopped && record.secondaryStatus == "MaxRuntimeExceeded")
    #expect(record.failureReason == "x")
  }

  @Test(arguments: ["completed", "Complete", "COMPLETED", "Done", " Completed"])
  func unknownStatusesAreRefusedWithTheirPlace(word: String) throws {
    let error = try #require(
      refusal("{\"TrainingJobName\": \"j\",\n \"TrainingJobStatus\": \"\(word)\"}"))
    #expect(error == .unknownStatus(Place("job.json", .line(2)), found: word))
    #expect(
      error.diagnostic.description
        == "job.json:2: '\(word)' is no status of a training job; known are InProgress, Completed, "
        + "Failed, Stopping, Stopped, Deleting")
  }

  @Test(arguments: [
    ("{}", "TrainingJobName"), (#"{"TrainingJobName": ""}"#, "TrainingJobName"),
    (#"{"TrainingJobName": 5, "TrainingJobStatus": "Completed"}"#, "TrainingJobName"),
    (#"{"TrainingJobName": "j"}"#, "TrainingJobStatus"),
    (#"{"TrainingJobName": "j", "TrainingJobStatus": null}"#, "TrainingJobStatus"),
    (#"{"TrainingJobName": "j", "TrainingJobStatus": ""}"#, "TrainingJobStatus"),
    (#"{"trainingJobName": "j", "trainingJobStatus": "Completed"}"#, "TrainingJobName"),
  ])
  func missingKeysAreTold(text: String, key: String) throws {
    let error = try #require(refusal(text))
    #expect(error == .missingKey(Place("job.json"), key: key))
    #expect(
      error.diagnostic.description
        == "job.json: has no '\(key)'; give what 'aws sagemaker describe-training-job' prints")
  }

  @Test(arguments: ["[]", "1", "null", "\"Completed\"", "[{\"TrainingJobName\": \"j\"}]"])
  func otherValuesAreNoDescription(text: String) {
    #expect(refusal(text) == .notAnObject(Place("job.json")))
  }

  // MARK: Metrics

  /// The service keeps single precision: 0.905 comes back as 0.9049999713897705.
  @Test(arguments: [
    ("0.9049999713897705", 0.905, 1e-3), ("0.9860000014305115", 0.986, 1e-3),
    ("0.9976939558982849", 0.99769396, 1e-8), ("0.3730885982513428", 0.3730886, 1e-7),
    ("2.3155300617218018", 2.31553, 1e-5), ("9.999999747378752e-06", 1e-5, 1e-6),
    ("0.25", 0.25, 1e-2), ("-0.5", -0.5, 0), ("0.8999999761581421", 0.9, 0), ("1.0", 1, 0),
    ("1", 1, 0), ("0.0", 0, 0),
  ])
  func valuesAreReadAsTheLogPrintedThem(digits: String, value: Double, resolution: Double) throws {
    let metric = try #require(
      try record(metrics: #"[{"MetricName": "validation:accuracy", "Value": \#(digits)}]"#).first)
    #expect(metric.value == value)
    #expect(metric.isSinglePrecision && metric.name == "validation:accuracy")
    #expect(metric.metric == MetricName("validation accuracy"))
    if resolution > 0 && value != 1e-5 { #expect(metric.resolution == resolution) }
  }

  @Test func roundValuesAreAsFineAsTheOthers() throws {
    let metrics = try record(
      metrics: """
        [{"MetricName": "accuracy", "Value": 0.9049999713897705},
         {"MetricName": "recall", "Value": 1.0}, {"MetricName": "f1", "Value": 0.8999999761581421}]
        """)
    #expect(metrics.map(\.value) == [0.905, 1, 0.9])
    #expect(metrics.map(\.resolution) == [1e-3, 1e-3, 1e-3])
  }

  @Test func valuesBeyondSinglePrecisionAndNoNumbersAreKept() throws {
    let metrics = try record(
      metrics: """
        [{"MetricName": "accuracy", "Value": NaN}, {"MetricName": "recall", "Value": 1e300},
         {"MetricName": "f1", "Value": -Infinity}]
        """)
    #expect(metrics.map(\.metric.id) == ["accuracy", "recall", "f1"])
    #expect(metrics[0].value.isNaN && metrics[1].value == 1e300 && metrics[2].value == -.infinity)
  }

  @Test func entriesThatAreNoMetricsArePassedOver() throws {
    for list in [
      "null", "{}", "\"x\"", "[]", "[1, null, []]", #"[{"MetricName": "accuracy"}]"#,
      #"[{"Value": 0.9}]"#, #"[{"MetricName": "accuracy", "Value": "0.9"}]"#,
      #"[{"MetricName": "train:progress", "Value": 100.0}]"#,
      #"[{"MetricName": "ObjectiveMetric", "Value": 0.5}]"#,
    ] {
      #expect(try record(metrics: list).isEmpty, "\(list)")
    }
  }

  @Test func everyCutIsRefused() throws {
    let bytes = [UInt8](try datasetBytes("iris-tree/training-job.json"))
    let length = bytes.lastIndex(of: UInt8(ascii: "}")) ?? 0
    for count in stride(from: 0, through: length, by: 7) {
      #expect(throws: InputError.self) {
        try JSONDocument(Array(bytes[..<count]), from: Place("job.json"))
      }
    }
  }
}
