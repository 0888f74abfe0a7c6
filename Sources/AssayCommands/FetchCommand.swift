internal import ArgumentParser
internal import InputReading
internal import Reports
internal import SageMakerJobs
internal import TrainingRecords

/// How the user's AWS CLI is asked.
struct AWSOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The profile of the AWS CLI; passed on to it.", valueName: "name"))
  var profile: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The region; passed on to it.", valueName: "name"))
  var region: String?

  @Option(
    name: .customLong("endpoint-url"), parsing: .unconditional,
    help: ArgumentHelp("Another address of the services; passed on to it.", valueName: "url"))
  var endpointURL: String?

  /// The command line that they describe.
  var commandLine: AWSCommandLine {
    AWSCommandLine(profile: profile, region: region, endpointURL: endpointURL)
  }

  /// Whether any of them is given.
  var areGiven: Bool { profile != nil || region != nil || endpointURL != nil }
}

/// The command `assay fetch`.
struct FetchCommand: AnsweringCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch",
    abstract: "Fetches what a SageMaker training job left behind, for verify to read.",
    discussion: """
      Runs the AWS CLI that you have, version 1 or 2; credentials, profiles and regions are its \
      business. Into the folder go training-job.json, logs/, model.tar.gz and, where there is one, \
      output.tar.gz. What is there and whole is not fetched again; fetched.json vouches for each \
      file by its size and SHA-256.

      Examples:
        assay fetch --training-job churn-2026-11-24
        assay fetch --training-job churn-2026-11-24 --output-dir job --profile prod

      Exit status: 0 done, 2 not fetched, 64 wrong usage.
      """)

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The job's name.", valueName: "name"),
    transform: Word.jobName)
  var trainingJob: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The folder to fetch into (default: one of the job's name, here).", valueName: "folder"))
  var outputDir: String?

  @OptionGroup(title: "AWS") var aws: AWSOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if outputDir?.isEmpty == true { throw ValidationError("--output-dir names no folder") }
  }

  func answer(on screen: Screen) async throws -> Answer {
    let folder = outputDir ?? trainingJob
    let fetched = try await TrainingJob(name: trainingJob, aws: aws.commandLine)
      .fetch(into: folder)
    var document = ReportDocument()
    document.blocks = [
      .facts([
        ("Job", ReportDocument.Cell("\(trainingJob): \(fetched.record.status.rawValue)")),
        ("Folder", ReportDocument.Cell(folder)),
      ]),
      .table(
        columns: [("file", .left), ("bytes", .right), ("", .left), ("from", .left)],
        rows: fetched.parts.map { part in
          [
            ReportDocument.Cell(part.path), ReportDocument.Cell("\(part.size)"),
            part.wasThere
              ? ReportDocument.Cell("was there") : ReportDocument.Cell("fetched", .good),
            ReportDocument.Cell(part.source),
          ]
        }),
    ]
    if !fetched.notes.isEmpty {
      document.blocks.append(.list(fetched.notes.map { ReportDocument.Cell($0, .doubtful) }))
    }
    document.blocks.append(.list([ReportDocument.Cell("now verify it: assay verify \(folder)")]))
    return report.answer(document, fetched.json(folder: folder), isNo: false, on: screen)
  }
}

extension TrainingJob.Fetched {
  fileprivate func json(folder: String) -> JSONText {
    .object([
      ("schema", .string("assay.fetch/1")), ("job", .string(record.name)),
      ("status", .string(record.status.rawValue)), ("folder", .string(folder)),
      (
        "files",
        .array(
          parts.map { part in
            .object([
              ("path", .string(part.path)), ("size", .integer(part.size)),
              ("sha256", part.sha256.map { .string($0) } ?? .null),
              ("source", .string(part.source)), ("was_there", .bool(part.wasThere)),
            ])
          })
      ),
      ("notes", .array(notes.map { .string($0) })),
    ])
  }
}

extension Word {
  /// A training job's name.
  static func jobName(_ text: String) throws -> String {
    guard TrainingJob.isName(text) else {
      throw ValidationError("a job's name has letters, digits and hyphens within, 63 at most")
    }
    return text
  }
}
