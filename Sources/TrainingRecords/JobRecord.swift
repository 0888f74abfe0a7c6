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

/// How far a training job has come within its status.
///
/// The service adds words to these at will, so an unknown one is no error.
public enum JobStage: String, Hashable, Sendable, CaseIterable {
  /// It starts.
  case starting = "Starting"
  /// It waits for capacity.
  case pending = "Pending"
  /// Instances are launched; a word of older jobs.
  case launchingInstances = "LaunchingMLInstances"
  /// Instances are made ready; a word of older jobs.
  case preparing = "PreparingTrainingStack"
  /// Its input is downloaded.
  case downloading = "Downloading"
  /// Its image is downloaded; a word of older jobs.
  case downloadingImage = "DownloadingTrainingImage"
  /// It trains.
  case training = "Training"
  /// Its artifact is uploaded.
  case uploading = "Uploading"
  /// Its spot instance was taken away, and it waits for another.
  case interrupted = "Interrupted"
  /// It starts again after an error of the service.
  case restarting = "Restarting"
  /// Its settings are changed while it runs.
  case updating = "Updating"
  /// It is being stopped.
  case stopping = "Stopping"
  /// Somebody stopped it.
  case stopped = "Stopped"
  /// It ran into its time limit.
  case exceededRuntime = "MaxRuntimeExceeded"
  /// Spot capacity did not come within its limit.
  case exceededWait = "MaxWaitTimeExceeded"
  /// It completed.
  case completed = "Completed"
  /// It failed.
  case failed = "Failed"

  /// The stage in a sentence about the job.
  public var sentence: String {
    switch self {
    case .starting: "it is starting"
    case .pending: "it waits for capacity"
    case .launchingInstances: "its instances are being launched"
    case .preparing: "its instances are being made ready"
    case .downloading: "it downloads its input"
    case .downloadingImage: "it downloads its image"
    case .training: "it is training"
    case .uploading: "it uploads its artifact"
    case .interrupted: "its spot instance was taken away, and it waits for another"
    case .restarting: "it starts again"
    case .updating: "its settings are being changed"
    case .stopping: "it is being stopped"
    case .stopped: "it was stopped on request"
    case .exceededRuntime: "it ran into its time limit, MaxRuntimeInSeconds"
    case .exceededWait: "it waited for spot capacity longer than MaxWaitTimeInSeconds"
    case .completed: "it completed"
    case .failed: "it failed"
    }
  }
}

/// What `aws sagemaker describe-training-job` says of a job.
public struct JobRecord: Hashable, Sendable {
  /// The job's name.
  public let name: String
  /// How far it has come.
  public let status: JobStatus
  /// How far within that; the service adds words to these at will.
  public let secondaryStatus: String?
  /// The last message of the job's transitions, which says more than the status at times.
  public let statusMessage: String?
  /// Why it failed, in the service's words.
  public let failureReason: String?
  /// Where the service put the artifact.
  public let artifactLocation: String?
  /// The image that it trained with.
  public let trainingImage: String?
  /// The metrics that it defines by regular expressions.
  public let metricDefinitions: [MetricDefinition]
  /// The last value of each of the job's metrics, in single precision.
  public let finalMetrics: [LoggedMetric]
  /// The file that says so.
  public let place: Place

  /// The secondary status, where it is a known one.
  public var stage: JobStage? { secondaryStatus.flatMap(JobStage.init(rawValue:)) }

  /// The library that it trains with, as far as the image tells.
  public var framework: Framework? { trainingImage.flatMap(Framework.init(image:)) }

  /// Reads the JSON or YAML that the AWS CLI and boto3 print; keys that are not known are passed over.
  ///
  /// - Throws: ``JobRecordError`` if the file cannot be read, the name or the status is missing, or
  ///   the status is unknown.
  public init(path: String, limits: Limits = .standard) throws(JobRecordError) {
    try self.init(RecordNode(path: path, limits: limits), at: Place(path))
  }

  /// Reads the bytes of a description.
  ///
  /// - Throws: ``JobRecordError`` as for a file.
  public init(
    _ bytes: [UInt8], from place: Place, limits: Limits = .standard
  ) throws(JobRecordError) {
    try self.init(RecordNode(bytes, from: place, limits: limits), at: place)
  }

  private init(_ root: RecordNode, at place: Place) throws(JobRecordError) {
    guard root.isMapping else { throw .notAnObject(place) }
    func text(_ key: String) throws(JobRecordError) -> String {
      guard let value = root[key]?.string else { throw .missingKey(place, key: key) }
      return value
    }
    self.place = place
    name = try text("TrainingJobName")
    let word = try text("TrainingJobStatus")
    guard let status = JobStatus(rawValue: word) else {
      throw .unknownStatus(
        root["TrainingJobStatus"].map { place.at(.line($0.line)) } ?? place, found: word)
    }
    self.status = status
    secondaryStatus = root["SecondaryStatus"]?.string
    statusMessage = root["SecondaryStatusTransitions"]?.elements.last?["StatusMessage"]?.string
    failureReason = root["FailureReason"]?.string
    artifactLocation = root["ModelArtifacts"]?["S3ModelArtifacts"]?.string
    let algorithm = root["AlgorithmSpecification"]
    let image = algorithm?["TrainingImage"]?.string
    trainingImage = image
    metricDefinitions = MetricDefinition.all(in: algorithm?["MetricDefinitions"])
    let framework = image.flatMap(Framework.init(image:))
    finalMetrics =
      FinalMetricList(
        root["FinalMetricDataList"]?.elements ?? [], framework: framework, at: place
      ).metrics
  }
}

/// What keeps a file from being a job's description.
public enum JobRecordError: DiagnosedError, Hashable {
  /// The file cannot be read, or is not JSON.
  case input(InputError)
  /// The file is not YAML.
  case notYAML(Place, reason: String)
  /// The file's value is not an object.
  case notAnObject(Place)
  /// The file is what Python shows of a dictionary.
  case pythonRepresentation(Place)
  /// The file holds what the CLI said instead of a description.
  case serviceError(Place, message: String)
  /// The file defines no metrics.
  case noDefinitions(Place)
  /// A key that every description has is missing.
  case missingKey(Place, key: String)
  /// The status is none that a training job has.
  case unknownStatus(Place, found: String)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    let hint = "give what 'aws sagemaker describe-training-job' prints"
    return switch self {
    case .input(let error): error.diagnostic
    case .notYAML(let place, let reason):
      Diagnostic("is not YAML: \(reason)", at: place, hint: hint)
    case .notAnObject(let place):
      Diagnostic("is not a training job's description", at: place, hint: hint)
    case .pythonRepresentation(let place):
      Diagnostic(
        "is what Python prints of a dictionary, not JSON", at: place,
        hint: "write it with json.dumps(description, default=str)")
    case .serviceError(let place, let message):
      Diagnostic("holds an error and no description: '\(message)'", at: place, hint: hint)
    case .noDefinitions(let place):
      Diagnostic(
        "defines no metrics", at: place,
        hint: "give a job's description with MetricDefinitions, or a list of Name and Regex")
    case .missingKey(let place, let key):
      Diagnostic("has no '\(key)'", at: place, hint: hint)
    case .unknownStatus(let place, let found):
      Diagnostic(
        "'\(found)' is no status of a training job", at: place,
        hint: "known are \(JobStatus.allCases.map(\.rawValue).joined(separator: ", "))")
    }
  }
}
