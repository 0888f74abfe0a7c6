public import InputReading
public import OutputWriting
public import TrainingRecords

/// What keeps a job from being fetched, or an approval from being set.
public enum SageMakerError: DiagnosedError {
  /// There is no AWS CLI.
  case notInstalled
  /// The AWS CLI could not be run.
  case notRun(command: String, reason: String)
  /// The AWS CLI, or the service behind it, says no.
  case refused(command: String, message: String)
  /// An answer has not what it should have.
  case incompleteAnswer(command: String, missing: String)
  /// The folder holds another job.
  case otherJob(folder: String, job: String)
  /// An address is none of an object in S3.
  case badLocation(String)
  /// The service says of an object that it has so many bytes, and others came.
  case incompleteDownload(String, size: Int, expected: Int)
  /// A file cannot be read, or an answer is not JSON.
  case input(InputError)
  /// A file cannot be written.
  case output(OutputError)
  /// The description is none of a training job.
  case job(JobRecordError)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .notInstalled:
      Diagnostic(
        "no program 'aws' is on the PATH",
        hint: "install the AWS CLI, or put what it would fetch into the folder by hand")
    case .notRun(let command, let reason):
      Diagnostic("could not be run: \(reason)", at: Place(command))
    case .refused(let command, let message):
      Diagnostic(message, at: Place(command), hint: Self.hint(message))
    case .incompleteAnswer(let command, let missing):
      Diagnostic(
        "the answer has no '\(missing)'", at: Place(command),
        hint: "see what the command prints by itself")
    case .otherJob(let folder, let job):
      Diagnostic(
        "holds what was fetched of the job '\(job)'", at: Place(folder),
        hint: "name another folder")
    case .badLocation(let location):
      Diagnostic("'\(location)' is no object in S3", hint: "an address is s3://bucket/key")
    case .incompleteDownload(let path, let size, let expected):
      Diagnostic(
        "has \(size) bytes, and S3 says \(expected)", at: Place(path), hint: "fetch again")
    case .input(let error): error.diagnostic
    case .output(let error): error.diagnostic
    case .job(let error): error.diagnostic
    }
  }

  /// Whether the service says that there is no such thing.
  var saysNotFound: Bool {
    guard case .refused(_, let message) = self else { return false }
    return ["ResourceNotFoundException", "(404)", "NoSuchKey"].contains { message.contains($0) }
  }

  /// Whether the service says that the user may not, or that there is no such thing, without telling
  /// which: S3 does so to who may not list a bucket.
  var saysForbidden: Bool {
    guard case .refused(_, let message) = self else { return false }
    return ["(403)", "AccessDenied"].contains { message.contains($0) }
  }

  /// Whether a place in a log is no longer known.
  var saysBadToken: Bool {
    guard case .refused(_, let message) = self else { return false }
    return message.contains("InvalidParameterException")
  }

  /// What to do about a complaint, by a word in it; the first that fits.
  private static func hint(_ message: String) -> String? {
    hints.first { message.contains($0.word) }?.hint
  }

  private static let hints: [(word: String, hint: String)] = [
    ("Unable to locate credentials", "sign in with the AWS CLI, or name a --profile"),
    ("ExpiredToken", "sign in anew with the AWS CLI"),
    ("expired", "sign in anew with the AWS CLI"),
    ("UnrecognizedClient", "check the credentials of the profile"),
    ("InvalidClientTokenId", "check the credentials of the profile"),
    ("SignatureDoesNotMatch", "check the credentials of the profile"),
    ("config profile", "name a --profile that the AWS CLI knows"),
    ("must specify a region", "name a --region"),
    ("Could not connect to the endpoint", "check the region, the network and --endpoint-url"),
    ("AccessDenied", "ask for the right to do that in this account"),
    ("(403)", "ask for the right to do that in this account"),
    ("(404)", "check that the object is still there"),
    ("Could not find training job", "check the job's name, the region and the account"),
    ("Requested resource not found", "check the name, the region and the account"),
    ("Throttling", "wait a moment, and try again"),
  ]
}
