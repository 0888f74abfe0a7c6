internal import ArgumentParser
internal import InputReading
internal import OutputWriting
internal import Reports
internal import SageMakerJobs
internal import Verification

/// The command `assay register`.
struct RegisterCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "register",
    abstract: "Writes what a Model Registry takes of a verification, and sets the approval.",
    discussion: """
      Takes a job's folder, which is verified, or the report that 'assay verify --format json' \
      printed. Writes statistics.json, the metrics in SageMaker's model-quality schema, and \
      model-metrics.json, which refers to it with its SHA-256 for 'aws sagemaker \
      create-model-package --model-metrics'. Nothing leaves this machine without --apply, which sets \
      the approval status of a model package to Approved or Rejected, with the reasons as its \
      description.

      Examples:
        assay register job --s3-uri s3://bucket/churn/evaluation
        assay register verification.json --apply --model-package-arn ARN

      Exit status: 0 approved and done, 1 rejected and done, 2 not done, 64 wrong usage.
      """)

  @Argument(help: "The job's folder, or a report of its verification in JSON.")
  var verification: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The folder to write into (default: the job's, or the one of the report).",
      valueName: "folder"))
  var outputDir: String?

  @Option(
    name: .customLong("s3-uri"), parsing: .unconditional,
    help: ArgumentHelp(
      "The folder in S3 that statistics.json will be in (default: the artifact's).",
      valueName: "uri"))
  var location: String?

  @Flag(help: "Set the approval status of --model-package-arn.")
  var apply = false

  @Option(
    name: .customLong("model-package-arn"), parsing: .unconditional,
    help: ArgumentHelp("The version in the registry.", valueName: "arn"))
  var packageARN: String?

  @OptionGroup(title: "AWS") var aws: AWSOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<RegistrationReport>

  func validate() throws {
    if outputDir?.isEmpty == true { throw ValidationError("--output-dir names no folder") }
    guard apply == (packageARN != nil) else {
      throw ValidationError("--apply and --model-package-arn belong together")
    }
    if let packageARN, !packageARN.hasPrefix("arn:") {
      throw ValidationError("--model-package-arn begins with arn:")
    }
    if let location, !location.hasPrefix("s3://") {
      throw ValidationError("--s3-uri begins with s3://")
    }
    if aws.areGiven && !apply {
      throw ValidationError("--profile, --region and --endpoint-url belong to --apply")
    }
  }

  func answer(on screen: Screen) async throws -> Answer {
    var files: [(name: String, text: String)] = []
    let document: JSONDocument
    var folder = outputDir ?? "."
    if FileKind(path: verification) == .folder {
      let made = try VerificationReport(
        Verification(
          folder: verification,
          settings: VerifyCommand.settings(
            ofFolder: verification, limits: limits.limits), limits: limits.limits))
      let text = made.json.text
      files.append(("verification.json", text))
      document = try JSONDocument(Array(text.utf8), from: Place(verification))
      folder = outputDir ?? verification
    } else {
      document = try JSONDocument(path: verification, limits: limits.limits)
      if outputDir == nil, let slash = verification.lastIndex(of: "/") {
        folder = String(verification[...slash])
      }
    }
    let record = try RegistryRecord(document)
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    var upload: RegistrationReport.Upload?
    if let statistics = record.statistics?.text {
      let digest = SHA256.hex(of: Array(statistics.utf8))
      let uri = try statisticsLocation(record, document.place)
      upload = RegistrationReport.Upload(file: prefix + "statistics.json", uri: uri, digest: digest)
      files += [
        ("statistics.json", statistics),
        ("model-metrics.json", RegistryRecord.modelMetrics(location: uri, digest: digest).text),
      ]
    }
    try OutputFile.makeFolder(folder)
    for file in files { try OutputFile.write(file.text, toFile: prefix + file.name) }
    let status: ModelPackage.ApprovalStatus = record.isApproved ? .approved : .rejected
    if let packageARN {
      try await ModelPackage(arn: packageARN, aws: aws.commandLine)
        .set(status, description: record.approvalDescription)
    }
    let made = RegistrationReport(
      record: record, status: status, files: files.map { prefix + $0.name }, upload: upload,
      packageARN: packageARN)
    return report.answer(made, isNo: !record.isApproved, on: screen)
  }

  /// Where the statistics will be in S3.
  private func statisticsLocation(_ record: RegistryRecord, _ place: Place) throws -> String {
    let artifact = record.artifactLocation.flatMap { location in
      location.lastIndex(of: "/").map { String(location[..<$0]) }
    }
    guard var folder = location ?? artifact, folder.hasPrefix("s3://") else {
      throw RegistryError.noLocation(place)
    }
    while folder.hasSuffix("/") { folder.removeLast() }
    return folder + "/statistics.json"
  }
}

/// What was written down of a verification for the registry, as a report.
struct RegistrationReport: Report {
  /// The statistics, and where they belong.
  struct Upload {
    let file: String
    let uri: String
    let digest: String
  }

  let record: RegistryRecord
  let status: ModelPackage.ApprovalStatus
  let files: [String]
  let upload: Upload?
  let packageARN: String?

  var document: ReportDocument {
    var document = ReportDocument()
    document.blocks = [
      .facts([
        ("Job", ReportDocument.Cell(record.job)),
        (
          "Statistics",
          upload.map { ReportDocument.Cell("\($0.file), SHA-256 \($0.digest)") }
            ?? ReportDocument.Cell("none: nothing was evaluated", .doubtful)
        ),
      ]),
      .list(files.map { ReportDocument.Cell("wrote \($0)") }),
      .conclusion(
        packageARN.map { "\($0):" } ?? "Verdict:",
        ReportDocument.Cell(status.rawValue, record.isApproved ? .good : .bad)),
      .list([ReportDocument.Cell(record.approvalDescription)]),
    ]
    if let upload {
      var next = ["upload the statistics: aws s3 cp \(upload.file) \(upload.uri)"]
      if packageARN == nil, record.isApproved {
        next.append(
          "register the model: aws sagemaker create-model-package --model-metrics "
            + "file://\(files.last ?? "") …")
      }
      document.blocks += [.heading("Next"), .list(next.map { ReportDocument.Cell($0) })]
    }
    return document
  }

  var json: JSONText {
    .object([
      ("schema", .string("assay.registration/1")), ("job", .string(record.job)),
      ("status", .string(status.rawValue)),
      ("description", .string(record.approvalDescription)),
      ("files", .array(files.map { .string($0) })),
      ("statistics_uri", upload.map { .string($0.uri) } ?? .null),
      ("statistics_sha256", upload.map { .string($0.digest) } ?? .null),
      ("model_package_arn", packageARN.map { .string($0) } ?? .null),
    ])
  }
}
