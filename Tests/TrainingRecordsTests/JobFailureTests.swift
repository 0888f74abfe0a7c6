import InputReading
import TestSupport
import Testing

@testable import TrainingRecords

@Suite struct JobFailureTests {
  private func failure(_ reason: String, secondary: String = "Failed") throws -> JobFailure? {
    let text =
      #"{"TrainingJobName": "j", "TrainingJobStatus": "Failed", "FailureReason": "\#(reason)", "#
      + #""SecondaryStatus": "\#(secondary)"}"#
    return try JobRecord(Array(text.utf8), from: Place("job.json")).failure
  }

  /// Messages of real jobs, as public reports have them.
  @Test(arguments: [
    (
      "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.",
      "no_capacity"
    ),
    (
      "InternalServerError: We encountered an internal error.  Please try again.", "internal_error"
    ),
    (
      "ClientError: Please use an instance type with more memory, or reduce the size of job data processed on an instance.",
      "out_of_memory"
    ),
    (
      "ClientError: Artifact upload failed:ClientError: Out of Memory. Please use a larger instance",
      "out_of_memory"
    ),
    (
      "ClientError: Artifact upload failed:Error 7: AccessDenied (403): Access Denied",
      "upload_denied"
    ),
    (
      "ClientError: Data download failed:Unable to download object s3://b/k (AccessDenied: Access Denied)",
      "access_denied"
    ),
    ("ClientError: Data download failed:Insufficient disk space", "disk_full"),
    (
      "ClientError: Data download failed:Failed to download data. S3 key: s3://b//k has an illegal char sub-sequence '//' in it",
      "bad_object_key"
    ),
    (
      "AlgorithmError: ExecuteUserScriptError:\\nCommand \\\"/miniconda3/bin/python -m x --a 1\\\"",
      "script_error"
    ),
    (
      "AlgorithmError: ExecuteUserScriptError:\\nExitCode 1\\nErrorMessage \\\"raise EnvironmentError(msg)\\\"\\nCommand \\\"python train.py\\\"",
      "script_error"
    ),
    (
      "AlgorithmError: framework error: \\nTraceback (most recent call last):\\n  File \\\"a.py\\\", line 3",
      "script_error"
    ),
    ("AlgorithmError: Exit Code: 1", "script_error"),
    ("AlgorithmError: Exit Code: 139", "segmentation_fault"),
    ("AlgorithmError: Exit Code: 132", "illegal_instruction"),
    ("AlgorithmError: Exit Code: 137", "out_of_memory"),
    (
      "ClientError: Failed to load libsvm data with exception:\\n[15:05:07] src/data/././strtonum.h:141: Check failed: sign == true (0 vs. 1)",
      "data_format"
    ),
    (
      "ClientError: Blankspace and colon not found in firstline '1 4a4f...' of file 'a'. ContentType by defaullt is in libsvm. Please ensure the file is in libsvm format.",
      "data_format"
    ),
    ("no file found in path /opt/ml/input/data/train", "missing_data"),
    ("ClientError: Please use a GPU instance for training", "gpu_needed"),
    ("AlgorithmError: [SM-111] An error occurred", "script_error"),
    (
      "No S3 objects found under S3 URL \\\"s3://b/p\\\" given in input data source. Please ensure that the bucket exists in the selected region (us-west-2), that objects exist under that S3 prefix, and that the role \\\"arn\\\" has \\\"s3:ListBucket\\\" permissions on bucket \\\"b\\\"",
      "missing_data"
    ),
    (
      "ResourceLimitExceeded: The account-level service limit 'ml.p2.xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please contact AWS support",
      "quota_exceeded"
    ),
    (
      "ClientError: Failed to invoke sagemaker:CreateTrainingJob. Error Details: x", "not_started"
    ),
    // The XGBoost container's.
    ("AlgorithmError: label must be in [0,1] for logistic regression", "bad_labels"),
    ("UserError: label must be in [0, num_class)", "bad_labels"),
    ("UserError: Target is multiclass but average='binary'", "bad_labels"),
    ("UserError: feature_names mismatch: ['f0'] ['f1']", "feature_mismatch"),
    ("Check failed: preds.size() == info.labels_.size() (10 vs. 12)", "bad_labels"),
    (
      "Check failed: !auc_error AUC: the dataset only contains pos or neg samples", "bad_labels"
    ),
    ("base_score must be in (0,1) for logistic loss", "bad_hyperparameter"),
    ("PoissonRegression: label must be nonnegative", "bad_labels"),
    ("TweedieRegression: label must be nonnegative", "bad_labels"),
    ("Parameter reg_lambda should be greater equal to 0", "bad_hyperparameter"),
    ("ClientError: No data in training channel path /opt/ml/input/data/train", "missing_data"),
    ("ClientError: No data in validation channel path /opt/ml/input", "missing_data"),
    ("ClientError: Got input data without labels.", "data_format"),
    ("Hidden file found in the data path! Remove that before training.", "data_format"),
    ("ClientError: Missing required channel: train", "missing_channel"),
    ("ClientError: Hyperparameter eta: value 7 not in range [0, 1]", "bad_hyperparameter"),
    ("AlgorithmError: XGB train call failed with exception:\\n boom", "script_error"),
    // The toolkit's.
    ("AlgorithmError: InstallRequirementsError:\\nExitCode 1", "install_failed"),
    ("AlgorithmError: ImportModuleError:\\nExitCode 1", "import_failed"),
    (
      "AlgorithmError: ExecuteUserScriptError:\\nExitCode 1\\nErrorMessage \\\"ModuleNotFoundError: No module named 'lightgbm'\\\"",
      "import_failed"
    ),
    (
      "AlgorithmError: ExecuteUserScriptError:\\nErrorMessage \\\"RuntimeError: CUDA out of memory. Tried\\\"",
      "gpu_out_of_memory"
    ),
    ("ClientError: CannotPullContainerError: manifest for a/b:1 not found", "wrong_image"),
    ("ClientError: something that nobody has seen", "client_error"),
  ])
  func messagesAreExplained(reason: String, code: String) throws {
    let failure = try failure(reason)
    #expect(failure?.code == code)
    #expect(failure?.advice.isEmpty == false)
  }

  @Test func whatIsNotKnownIsNotExplained() throws {
    #expect(try failure("something else") == nil)
    #expect(try failure("") == nil)
  }

  @Test(arguments: [
    ("Stopped", "MaxRuntimeExceeded", "time_limit"),
    ("Stopped", "MaxWaitTimeExceeded", "spot_interrupted"),
    ("Stopped", "Stopped", nil), ("Completed", "Completed", nil),
    ("InProgress", "Interrupted", nil),
  ])
  func stoppedJobsTellWhy(status: String, secondary: String, code: String?) throws {
    let text =
      #"{"TrainingJobName": "j", "TrainingJobStatus": "\#(status)", "SecondaryStatus": "\#(secondary)"}"#
    let record = try JobRecord(Array(text.utf8), from: Place("job.json"))
    #expect(record.failure?.code == code)
    #expect(record.stage?.rawValue == secondary)
  }

  @Test func everyRuleIsAnExpressionOfItsOwn() {
    let rules = FailureRule.all
    #expect(FailureRules(forLogs: false).count == rules.count)
    #expect(Set(rules.map(\.code)).count == rules.count)
  }

  // MARK: Logs

  private func log(_ text: String) -> LogFile {
    LogFile(Array(text.utf8), from: Place("train.log"))
  }

  @Test(arguments: [
    ("OSError: [Errno 28] No space left on device", "disk_full"), ("Killed", "out_of_memory"),
    ("MemoryError", "out_of_memory"),
    ("RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB", "gpu_out_of_memory"),
    ("Segmentation fault (core dumped)", "segmentation_fault"),
    (
      "2023-02-04 17:09:58,855 sagemaker-training-toolkit ERROR    Reporting training FAILURE",
      "script_error"
    ),
    ("ValueError: Input contains NaN", "diverged"), ("epoch 3 loss: nan", "diverged"),
    ("[2018-01-10:23:52:25:ERROR] Customer Error: Blankspace and colon not found", "data_format"),
  ])
  func signsInLogsAreFound(line: String, code: String) {
    let log = log("started\n\(line)\nended\n")
    #expect(log.failures.map(\.code) == [code])
    #expect(log.failures.first?.place == Place("train.log", .line(2)))
  }

  @Test(arguments: [
    "0 errors, 3 warnings", "[INFO] error handling is on", "validation error: 0.25",
    "Skilled workers: 5", "information", "Reporting training SUCCESS", "failed attempts: 0",
  ])
  func ordinaryLinesAreNoSigns(line: String) {
    #expect(log(line).failures.isEmpty)
  }

  private static let traceback = """
    started
    Traceback (most recent call last):
      File "/opt/ml/code/train.py", line 84, in <module>
        main()
      File "/opt/conda/lib/python3.9/site-packages/numpy/core.py", line 2, in load
        raise e
    ModuleNotFoundError: No module named 'x'
    accuracy: 0.5

    """

  @Test func tracebacksAreFound() {
    let log = log(Self.traceback)
    #expect(log.traceback?.exception == "ModuleNotFoundError: No module named 'x'")
    #expect(log.traceback?.frame == "train.py, line 84, in <module>")
    #expect(log.traceback?.place == Place("train.log", .line(2)))
    #expect(log.failures.map(\.code) == ["import_failed"])
    #expect(log.metrics.map(\.value) == [0.5])
  }

  @Test func tracebacksOfStreamsDoNotMix() {
    let lines = Self.traceback.split(separator: "\n").map { String($0) }
    let events = lines.flatMap { line in
      ["job/algo-1", "job/algo-2"].map { (stream: $0, line: line) }
    }
    let text = events.map { "2026-11-24T06:09:20.000000+00:00 \($0.stream) \($0.line)\n" }.joined()
    let log = log(text)
    #expect(log.traceback?.frame == "train.py, line 84, in <module>")
    #expect(log.series.map(\.stream) == ["job/algo-1", "job/algo-2"])
  }

  @Test func tracebacksThatAreCutOffTellTheirFrame() {
    let cut = log("Traceback (most recent call last):\n  File \"train.py\", line 3, in f\n")
    #expect(cut.traceback?.exception == nil && cut.traceback?.frame == "train.py, line 3, in f")
  }

  @Test func theLogTellsWhatTheServiceCutOff() throws {
    let record = try JobRecord(path: dataset("failed-job/training-job.json"))
    let report = try #require(
      FailureReport(of: record, [try LogFile(path: dataset("failed-job/logs/train.log"))]))
    #expect(report.failure?.code == "script_error")
    #expect(
      report.traceback?.exception
        == "KeyError: \"train.csv has no column 'label' (found 30 columns)\""
    )
    let text =
      #"{"TrainingJobName": "j", "TrainingJobStatus": "Failed", "FailureReason": "AlgorithmError: Exit Code: 1"}"#
    let general = try JobRecord(Array(text.utf8), from: Place("job.json"))
    #expect(FailureReport(of: general, [log(Self.traceback)])?.failure?.code == "import_failed")
  }
}
