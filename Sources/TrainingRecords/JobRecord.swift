public import InputReading

/// How far a training job has come.
public enum JobStatus: String, Hashable, Sendable, CaseIterable {
  /// The job is running.
  case inProgress = "InProgress"
  /// The job ended by itself, with exit status 0.
  case completed = "Completed"
  /// The job ended with an error.
  case failed = "Failed"
  /// The job is being stopped.
  case stopping = "Stopping"
  /// The job was stopped, by a person or a limit.
  case stopped = "Stopped"
  /// The job is being removed.
  case deleting = "Deleting"
}

/// What `aws sagemaker describe-training-job` says of a job.
public struct JobRecord: Hashable, Sendable {
  /// The job's name.
  public let name: String
  /// How far it has come.
  public let status: JobStatus
  /// How far within that; the service adds words to these at will.
  public let secondaryStatus: String?
  /// Why it failed, in the service's words.
  public let failureReason: String?
  /// Where the service put the artifact.
  public let artifactLocation: String?
  /// The last value of each of the job's metrics, in single precision.
  public let finalMetrics: [LoggedMetric]

  /// Reads the JSON that the AWS CLI and boto3 print; keys that are not known are passed over.
  ///
  /// - Throws: ``JobRecordError`` if the name or the status is missing, or the status unknown.
  public init(_ document: JSONDocument) throws(JobRecordError) {
    let root = document.root
    guard root.object != nil else { throw .notAnObject(document.place) }
    func text(_ key: String) throws(JobRecordError) -> String {
      guard let value = root[key]?.string, !value.isEmpty else {
        throw .missingKey(document.place, key: key)
      }
      return value
    }
    name = try text("TrainingJobName")
    let word = try text("TrainingJobStatus")
    guard let status = JobStatus(rawValue: word) else {
      throw .unknownStatus(
        root["TrainingJobStatus"].map(document.place(of:)) ?? document.place, found: word)
    }
    self.status = status
    secondaryStatus = root["SecondaryStatus"]?.string
    failureReason = root["FailureReason"]?.string
    artifactLocation = root["ModelArtifacts"]?["S3ModelArtifacts"]?.string
    finalMetrics =
      (root["FinalMetricDataList"]?.array ?? []).compactMap { entry in
        guard let name = entry["MetricName"]?.string, let metric = MetricName(name),
          let value = entry["Value"], let number = value.number
        else { return nil }
        // The service stores single precision; its shortest digits are those that the log had.
        let printed = PrintedNumber("\(Float(number.value))")
        return LoggedMetric(
          name: name, metric: metric, value: printed?.value ?? number.value,
          resolution: printed?.resolution ?? 0, isSinglePrecision: true,
          place: document.place(of: value))
      }.withSharedResolution
  }
}

/// What keeps a file from being a job's description.
public enum JobRecordError: DiagnosedError, Hashable {
  /// The file's value is not an object.
  case notAnObject(Place)
  /// A key that every description has is missing.
  case missingKey(Place, key: String)
  /// The status is none that a training job has.
  case unknownStatus(Place, found: String)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    let hint = "give what 'aws sagemaker describe-training-job' prints"
    return switch self {
    case .notAnObject(let place):
      Diagnostic("is not a training job's description", at: place, hint: hint)
    case .missingKey(let place, let key):
      Diagnostic("has no '\(key)'", at: place, hint: hint)
    case .unknownStatus(let place, let found):
      Diagnostic(
        "'\(found)' is no status of a training job", at: place,
        hint: "known are \(JobStatus.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }
}
