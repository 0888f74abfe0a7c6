internal import Foundation
internal import TestSupport

@testable internal import SageMakerJobs

/// A program named `aws` that answers from files, and keeps what it was asked.
struct RecordedAWS {
  private let folder: TemporaryFolder
  /// Where the job is fetched to.
  let target: String

  /// Puts the program into a folder, with a job that completed.
  init() throws {
    folder = try TemporaryFolder()
    target = folder.path + "/job"
    let program = try folder.write(Self.script, to: "aws")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    try answer(
      "describe-training-job",
      """
      {"TrainingJobName": "job", "TrainingJobStatus": "Completed",
       "ModelArtifacts": {"S3ModelArtifacts": "s3://bucket/job/output/model.tar.gz"},
       "OutputDataConfig": {"S3OutputPath": "s3://bucket/"}}
      """)
    try answer("describe-log-streams", #"{"logStreams": [{"logStreamName": "job/algo-1-17"}]}"#)
    try page(after: "", ["accuracy: 0.5"], next: "f/1")
    try page(after: "f/1", ["accuracy: 0.75", "Traceback:\n  two lines\n"], next: "f/2")
    try page(after: "f/2", [], next: "f/2")
    try object("model.tar.gz", "the model")
  }

  /// The command line that runs the program.
  var commandLine: AWSCommandLine {
    var commandLine = AWSCommandLine()
    commandLine.searchPath = folder.path + ":/usr/bin:/bin"
    return commandLine
  }

  /// The job that is fetched.
  func fetch(_ job: String = "job") async throws -> TrainingJob.Fetched {
    try await TrainingJob(name: job, aws: commandLine).fetch(into: target)
  }

  /// What an operation answers.
  func answer(_ operation: String, _ text: String) throws {
    _ = try folder.write(text, to: operation)
  }

  /// What an operation complains of instead of an answer; `nil` for nothing.
  func refuse(_ operation: String, _ complaint: String?) throws {
    let file = "\(operation).error"
    if let complaint {
      _ = try folder.write("\n\(complaint)\n", to: file)
    } else {
      try FileManager.default.removeItem(atPath: folder.path + "/" + file)
    }
  }

  /// Some events of the stream, told after a place.
  func page(after place: String, _ messages: [String], next: String) throws {
    let events = messages.enumerated().map {
      ["timestamp": 1_700_000_000_000 + $0, "message": $1, "ingestionTime": 1] as [String: Any]
    }
    let bytes = try JSONSerialization.data(withJSONObject: [
      "events": events, "nextForwardToken": next, "nextBackwardToken": "b/0",
    ])
    _ = try folder.write(bytes, to: "page-" + place.replacing("/", with: "_"))
  }

  /// An object of S3, with the size and tag that it is said to have.
  func object(_ name: String, _ text: String, size: Int? = nil, tag: String = "1") throws {
    _ = try folder.write(text, to: "object-" + name)
    try answer(
      "head-" + name, #"{"ContentLength": \#(size ?? text.utf8.count), "ETag": "\"\#(tag)\""}"#)
  }

  /// The commands that were run since this was last asked.
  func calls() throws -> [String] {
    let file = folder.path + "/calls"
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: file)
    return text.split(separator: "\n").map(String.init)
  }

  /// A file of the job's folder.
  func text(_ path: String) -> String? {
    try? String(contentsOfFile: target + "/" + path, encoding: .utf8)
  }

  /// The files in the job's folder.
  func files() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: target).sorted()
  }

  /// Replaces a file of the job's folder.
  func replace(_ path: String, _ text: String) throws {
    try text.write(toFile: target + "/" + path, atomically: true, encoding: .utf8)
  }

  private static let script = #"""
    #!/bin/sh
    here=$(dirname "$0")
    echo "$*" >> "$here/calls"
    operation=$2
    if [ -f "$here/$operation.error" ]; then
      cat "$here/$operation.error" >&2
      # What is cut off in the middle leaves something behind.
      [ "$operation" = cp ] && printf half > "$5"
      exit 254
    fi
    place= key=
    [ "$operation" = cp ] && { cp "$here/object-${4##*/}" "$5"; exit; }
    while [ $# -gt 0 ]; do
      case $1 in
        --next-token) place=$(printf %s "$2" | tr / _) ;;
        --key) key=${2##*/} ;;
      esac
      shift
    done
    case $operation in
      get-log-events) answer=page-$place ;;
      head-object) answer=head-$key ;;
      update-model-package) exit 0 ;;
      *) answer=$operation ;;
    esac
    [ -f "$here/$answer.error" ] && { cat "$here/$answer.error" >&2; exit 254; }
    [ -f "$here/$answer" ] && exec cat "$here/$answer"
    printf '\nAn error occurred (404) when calling the HeadObject operation: Not Found\n' >&2
    exit 254
    """#
}
