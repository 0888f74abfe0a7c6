public import InputReading
internal import TextSearch

/// What kept a job from doing its work, or may have.
public struct JobFailure: Hashable, Sendable {
  /// What a program can rely on: `out_of_memory`.
  public let code: String
  /// What happened, in a sentence.
  public let cause: String
  /// What to do about it.
  public let advice: String
  /// The words that tell of it, cut where they are many.
  public let evidence: String
  /// Where they stand.
  public let place: Place

  init(_ rule: FailureRule, evidence: String, place: Place) {
    code = rule.code
    cause = rule.cause
    advice = rule.advice
    self.evidence = evidence
    self.place = place
  }

  /// Characters of evidence that are kept.
  static let longestEvidence = 240
}

/// A row of the table of failures: how one is known, what it is, and what helps.
struct FailureRule: Sendable {
  let code: String
  /// A regular expression; letters match in either case.
  let pattern: String
  let cause: String
  let advice: String
  /// Whether a line of a log that matches is a sign of it too; some words are too common there.
  let isKnownByLog: Bool

  init(_ code: String, _ pattern: String, _ cause: String, _ advice: String, byLog: Bool = true) {
    self.code = code
    self.pattern = pattern
    self.cause = cause
    self.advice = advice
    isKnownByLog = byLog
  }

  /// Every failure, what is particular before what is general; the first that fits is the cause.
  ///
  /// Sources: the messages that jobs and the service print, collected from public reports; the
  /// training toolkit's errors.py; the XGBoost container's constants/xgb_constants.py.
  static let all: [FailureRule] = [
    // What the service could not give.
    FailureRule(
      "no_capacity", "CapacityError|Unable to provision requested ML compute|InsufficientCapacity",
      "the service had no instance of that type to give",
      "try again later, in another zone or region, or with another instance type"),
    FailureRule(
      "quota_exceeded", "ResourceLimitExceeded|account-level service limit",
      "the account's quota for that instance type is used up",
      "ask for a higher quota, or use another instance type"),
    FailureRule(
      "gpu_needed", "Please use a GPU instance", "the algorithm needs a GPU",
      "choose an instance type with a GPU, of the ml.g or ml.p families"),
    FailureRule(
      "spot_interrupted", "MaxWaitTimeExceeded|spot (capacity|instance).{0,40}interrupt",
      "spot capacity did not last long enough",
      "raise MaxWaitTimeInSeconds, use checkpoints, or train on demand"),
    FailureRule(
      "time_limit", "MaxRuntimeExceeded|exceeded.{0,30}(max ?runtime|MaxRuntimeInSeconds)",
      "the job ran into its time limit",
      "raise MaxRuntimeInSeconds, use a faster instance, or train for fewer rounds"),
    // The image.
    FailureRule(
      "wrong_image",
      "CannotPullContainer|manifest (unknown|for \\S+ not found)|exec format error"
        + "|(training )?image \\S*.{0,60}(does not exist|not found|cannot be pulled)"
        + "|repository .{0,80}does not exist in the registry|ECR.{0,60}(denied|not found)",
      "the training image could not be pulled, or is of another architecture",
      "check the image's name, tag and region, and that the job's role may pull it"),
    // Permissions.
    FailureRule(
      "upload_denied", "upload failed.*(AccessDenied|Access Denied|403)",
      "the job's role may not write to the output bucket",
      "allow s3:PutObject on the output path, and the use of its key, to the job's role"),
    FailureRule(
      "access_denied",
      "AccessDenied|Access Denied|is not authorized to perform|\\b403\\b.{0,20}Forbidden",
      "the job's role may not read what it needs",
      "allow s3:GetObject and s3:ListBucket on the input, and the use of its key, to the job's role"
    ),
    // The disk.
    FailureRule(
      "disk_full", "No space left on device|Insufficient disk space|Disk quota exceeded",
      "the disk was full", "raise VolumeSizeInGB, or write and download less"),
    // Memory.
    FailureRule(
      "gpu_out_of_memory",
      "CUDA out of memory|CUDA_ERROR_OUT_OF_MEMORY|cuda\\.OutOfMemoryError|CUBLAS_STATUS_ALLOC_FAILED"
        + "|cudaErrorMemoryAllocation|OOM when allocating tensor",
      "the GPU's memory was used up",
      "use a smaller batch, mixed precision, or an instance with more GPU memory"),
    FailureRule(
      "out_of_memory",
      "instance type with more memory|Out of ?Memory|MemoryError|Cannot allocate memory"
        + "|std::bad_alloc|oom-kill|can't allocate memory|exit ?code:? 137|ResourceExhausted"
        + "|returned non-zero exit status 137|died with <Signals.SIGKILL|^\\s*Killed\\s*$",
      "the memory was used up", "use an instance with more memory, or load less data at a time"),
    // Data and channels.
    FailureRule(
      "bad_object_key", "illegal char sub-sequence", "an object's key is one that cannot be a file",
      "rename the object: two slashes in a row are not allowed"),
    FailureRule(
      "missing_channel",
      "Missing required channel|channel .{0,60}(is (missing|not provided)|not found)",
      "a channel that the algorithm needs is not there",
      "give the channel in InputDataConfig under the name that the algorithm expects"),
    FailureRule(
      "missing_data",
      "No S3 objects found|no file found in path|No data in \\w+ channel|No training data"
        + "|NoSuch(Key|Bucket)|FileNotFoundError.*/opt/ml/input|/opt/ml/input/\\S+.{0,40}No such file",
      "there is no data where the job looks for it",
      "check the S3 prefix, its region, and the channel's name"),
    FailureRule(
      "data_format",
      "Failed to load (libsvm|csv|parquet|recordio)|Blankspace and colon not found"
        + "|input data without labels|Hidden file found in the data path|ContentType by defau"
        + "|Content-?type .{0,60}(not supported|invalid)|ParserError|UnicodeDecodeError",
      "the data is not in the format that the algorithm was told to read",
      "set the channel's ContentType to what the files are, and look at their first lines"),
    FailureRule(
      "bad_labels",
      "label must be in \\[0|label must be non-?negative|Target is multiclass but average"
        + "|dataset only contains pos or neg samples|Check failed: preds\\.size\\(\\) == info\\.labels"
        + "|only one class (is )?(present|in)|number of classes has to be greater than one"
        + "|y_true contains only one label",
      "the labels do not fit the objective",
      "check the label column, the number of classes, and that every split has all classes"),
    FailureRule(
      "feature_mismatch",
      "feature_names mismatch|Feature shape mismatch|X has \\d+ features, but"
        + "|feature names (should match|must be in the same order)",
      "two sets of data do not have the same features",
      "give train, validation and test the same columns in the same order"),
    FailureRule(
      "bad_hyperparameter",
      "Hyperparameter .{1,200}(not in range|is not|unknown|extraneous)|base_score must be in"
        + "|Parameter \\S+ should be|Invalid (hyper)?parameter|error: unrecognized arguments"
        + "|error: argument --",
      "a hyperparameter has a value that the algorithm does not take",
      "mend the hyperparameter; values are texts, and scripts get them as arguments"),
    // The script.
    FailureRule(
      "install_failed",
      "InstallRequirementsError|InstallModuleError|Could not find a version that satisfies"
        + "|No matching distribution found|ResolutionImpossible",
      "a package that the script needs could not be installed",
      "pin versions in requirements.txt that are there for the image's Python; mind network isolation"
    ),
    FailureRule(
      "import_failed", "ImportModuleError|ModuleNotFoundError|ImportError|No module named",
      "a module that the script imports is not there",
      "add it to requirements.txt or to the source folder, or use another image"),
    FailureRule(
      "segmentation_fault", "exit ?code:? 139|Segmentation fault|SIGSEGV",
      "native code crashed",
      "look for mismatched versions of compiled packages, and read the log's end"),
    FailureRule(
      "illegal_instruction", "exit ?code:? 132|Illegal instruction|SIGILL",
      "native code was built for another processor",
      "use another instance type, or rebuild the package"),
    FailureRule(
      "not_started", "Failed to invoke \\S*CreateTrainingJob", "the job could not be created",
      "read the error's details, mend the request, and start the job again"),
    FailureRule(
      "diverged", "\\bloss\\b\\W{0,6}(nan|inf)\\b|Input contains NaN|NaN loss encountered",
      "the loss became infinite or no number",
      "lower the learning rate, and look for missing or huge values"),
    FailureRule(
      "internal_error", "InternalServerError|We encountered an internal error",
      "the service failed", "start the job again; if it fails again, tell the service's support"),
    FailureRule(
      "script_error",
      "ExecuteUserScriptError|framework error|Traceback \\(most recent call last\\)"
        + "|Reporting training FAILURE|XGB train call failed|exit ?code:? [1-9]\\d*"
        + "|Encountered exit_code [1-9]|\\[SM-\\d+\\]|Algorithm ?Error",
      "the training script ended with an error",
      "read the traceback, mend the script, and train again"
    ),
    FailureRule(
      "client_error", "ClientError|ValidationException", "the service refused the job's input",
      "read the message, mend what it names, and start the job again", byLog: false),
  ]
}

/// The table of failures, ready to be matched.
final class FailureRules {
  private let rows: [(rule: FailureRule, expression: RegularExpression)]

  init(forLogs: Bool) {
    rows = FailureRule.all.filter { $0.isKnownByLog || !forLogs }.compactMap { rule in
      (try? RegularExpression(rule.pattern, ignoresCase: true)).map { (rule, $0) }
    }
  }

  /// The rows.
  var count: Int { rows.count }

  /// The first row that fits a part of a text.
  func first(in text: Span<UInt8>, _ range: Range<Int>) -> FailureRule? {
    rows.first { $0.expression.matches(text, in: range) }?.rule
  }
}

extension FailureRule {
  /// Words of the log that a failure's line has, in lower case; the others are not looked at.
  static let hints = [
    "reporting training", "error", "exception", "traceback", "failed", "failure", "killed",
    "no space left", "denied",
    "out of memory", "oom", "cannot allocate", "can't allocate", "bad_alloc", "sigkill", "sigsegv",
    "segmentation fault", "illegal instruction", "exit code", "exitcode", "exit_code",
    "exit status", "no module named", "loss: nan", "loss=nan", "loss': nan", "nan loss",
    "contains nan",
    "not found", "no data in", "no file found",
    "without labels", "hidden file", "missing required channel", "mismatch", "must be in",
    "exec format", "insufficient", "blankspace", "gpu instance",
  ]
}

extension JobRecord {
  /// What kept the job from completing, by its status and the service's words.
  ///
  /// `nil` for a job that completed, and for one that somebody stopped.
  public var failure: JobFailure? {
    let words = [failureReason, secondaryStatus, statusMessage].compactMap { $0 }
    guard status == .failed || status == .stopped else { return nil }
    let rules = FailureRules(forLogs: false)
    for text in words {
      let bytes = Array(text.utf8)
      let span = bytes.span
      guard let rule = rules.first(in: span, 0..<bytes.count) else { continue }
      return JobFailure(
        rule, evidence: String(text.prefix(JobFailure.longestEvidence)), place: place)
    }
    return nil
  }

  /// The end of the traceback in the service's words, which it cuts after 1024 characters.
  public var traceback: Traceback? {
    failureReason.flatMap { Traceback(in: $0, at: place) }
  }
}

/// Why a job failed, from the service's words and the job's logs.
public struct FailureReport: Hashable, Sendable, CustomStringConvertible {
  /// What kept the job from completing; the logs tell it where the service's words are general.
  public let failure: JobFailure?
  /// The Python traceback, of the logs where the service's words have none that is whole.
  public let traceback: Traceback?

  /// Explains a job; `nil` where neither its words nor its logs tell anything.
  public init?(of job: JobRecord, _ logs: [LogFile]) {
    let stated = job.failure
    let found = logs.flatMap(\.failures)
    let isGeneral = stated.map { FailureRule.generalCodes.contains($0.code) } ?? true
    failure =
      (isGeneral ? found.last { !FailureRule.generalCodes.contains($0.code) } : nil)
      ?? stated ?? found.last
    let own = job.traceback
    traceback = (own?.exception == nil ? logs.lazy.compactMap(\.traceback).last : nil) ?? own
    if failure == nil && traceback == nil { return nil }
  }

  /// The cause and its place, the traceback's end, and what to do.
  public var description: String {
    var lines: [String] = []
    if let failure {
      lines.append("cause: \(failure.cause) (\(failure.code), \(failure.place))")
    }
    if let traceback { lines.append("raised: \(traceback.sentence), \(traceback.place)") }
    if let failure { lines.append("what to do: \(failure.advice)") }
    return lines.joined(separator: "\n")
  }
}

extension FailureRule {
  /// Failures that say that something failed, and not what.
  static let generalCodes: Set<String> = ["script_error", "client_error", "internal_error"]
}
