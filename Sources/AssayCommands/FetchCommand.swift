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
  @OptionGroup(title: "Report") var report: ReportOptions<FetchReport>

  func validate() throws {
    if outputDir?.isEmpty == true { throw ValidationError("--output-dir names no folder") }
  }

  func answer(on screen: Screen) async throws -> Answer {
    let folder = outputDir ?? trainingJob
    let fetched = try await TrainingJob(name: trainingJob, aws: aws.commandLine)
      .fetch(into: folder)
    return report.answer(FetchReport(fetched, into: folder), isNo: false, on: screen)
  }
}

/// What was fetched of a training job, as a report.
struct FetchReport: Report {
  private let fetched: TrainingJob.Fetched
  private let folder: String

  init(_ fetched: TrainingJob.Fetched, into folder: String) {
    self.fetched = fetched
    self.folder = folder
  }

  var document: ReportDocument {
    let record = fetched.record
    var document = ReportDocument()
    document.blocks = [
      .facts([
        ("Job", ReportDocument.Cell("\(record.name): \(record.status.rawValue)")),
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
    return document
  }

  var json: JSONText {
    .object([
      ("schema", .string("assay.fetch/1")), ("job", .string(fetched.record.name)),
      ("status", .string(fetched.record.status.rawValue)), ("folder", .string(folder)),
      (
        "files",
        .array(
          fetched.parts.map { part in
            .object([
              ("path", .string(part.path)), ("size", .integer(part.size)),
              ("sha256", part.sha256.map { .string($0) } ?? .null),
              ("source", .string(part.source)), ("was_there", .bool(part.wasThere)),
            ])
          })
      ),
      ("notes", .array(fetched.notes.map { .string($0) })),
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
