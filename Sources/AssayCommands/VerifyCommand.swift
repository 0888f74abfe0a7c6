internal import ArgumentParser
internal import DataTables
internal import InputReading
internal import Reports
internal import SageMakerJobs
internal import TableFiles
internal import Verification

/// The command `assay verify`.
struct VerifyCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Checks a training job from its status to its gates: approved or rejected.",
    discussion: """
      In the job's folder these are found by convention: assay.yaml, training-job.json (what 'aws \
      sagemaker describe-training-job' prints), model.tar.gz, logs/ and *.log, metrics.json (also \
      inside output.tar.gz and model.tar.gz), predictions.*, holdout.* and sample.*. Options come \
      before assay.yaml, and that before convention; gates of both are applied.

      Examples:
        assay verify Datasets/breast-cancer
        assay verify job --gate 'accuracy > 0.90' --format json
        assay verify --training-job churn-2026-11-24

      Exit status: 0 approved, 1 rejected, 2 could not be decided, 64 wrong usage.
      """)

  @Argument(
    help: "The folder with what the job left behind; with --training-job it may be left out.")
  var jobFolder: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A SageMaker job that is fetched first, as 'assay fetch' does, into the folder.",
      valueName: "name"), transform: Word.jobName)
  var trainingJob: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The job's description.", valueName: "file"))
  var job: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The model's artifact.", valueName: "file"))
  var artifact: String?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A log, or a folder of logs; repeatable.", valueName: "path"))
  var logs: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A JSON file of metrics, or an archive with one; repeatable.", valueName: "file"))
  var metrics: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("The predictions.", valueName: "file"))
  var predictions: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Features and labels, to predict and evaluate.", valueName: "file"))
  var holdout: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The rows of training; a holdout row that is among them is a reason to reject.",
      valueName: "file"))
  var trainingData: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Features with the outputs recorded for them.", valueName: "file"))
  var sample: String?

  @Option(
    parsing: .unconditional,
    help: "How far a stated value may lie from the recomputed one, besides its rounding.",
    transform: Word.number)
  var tolerance: Double?

  @Option(
    help: "Whether the model must run: required or optional.", transform: Word.choice)
  var inference: Settings.Inference?

  @Flag(help: "A job that was stopped may be approved.")
  var allowStopped = false

  @OptionGroup(title: "Columns") var columns: ColumnOptions
  @OptionGroup(title: "Judging") var requirement: RequirementOptions
  @OptionGroup(title: "AWS") var aws: AWSOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<VerificationReport>

  func validate() throws {
    if jobFolder == nil && trainingJob == nil {
      throw ValidationError("give a job's folder, or --training-job")
    }
    if aws.areGiven && trainingJob == nil {
      throw ValidationError("--profile, --region and --endpoint-url belong to --training-job")
    }
    if let tolerance, tolerance < 0 { throw ValidationError("--tolerance is 0 or more") }
  }

  func answer(on screen: Screen) async throws -> Answer {
    let folder = jobFolder ?? trainingJob ?? "."
    var notes: [String] = []
    if let trainingJob {
      notes = try await TrainingJob(name: trainingJob, aws: aws.commandLine).fetch(into: folder)
        .notes
    }
    let settings = try settings(in: folder)
    let verification = try Verification(
      folder: folder, settings: settings, limits: limits.limits)
    return report.answer(
      VerificationReport(verification), isNo: verification.verdict == .rejected,
      notes: (notes + verification.warnings).map { "warning: \($0)" }, on: screen,
      fallback: settings.output)
  }

  /// What a folder's assay.yaml says.
  static func settings(ofFolder folder: String, limits: Limits) throws -> Settings {
    let file = folder + (folder.hasSuffix("/") ? "" : "/") + "assay.yaml"
    return FileKind(path: file) == .file ? try Settings(path: file, limits: limits) : Settings()
  }

  /// What assay.yaml says, with the options before it.
  private func settings(in folder: String) throws -> Settings {
    var settings = try Self.settings(ofFolder: folder, limits: limits.limits)
    settings.job = job ?? settings.job
    settings.artifact = artifact ?? settings.artifact
    if !logs.isEmpty { settings.logs = logs }
    if !metrics.isEmpty { settings.metrics = metrics }
    settings.predictions = predictions ?? settings.predictions
    settings.holdout = holdout ?? settings.holdout
    settings.trainingData = trainingData ?? settings.trainingData
    settings.sample = sample ?? settings.sample
    settings.columns = columns.columns(before: settings.columns)
    settings.positiveLabel = requirement.positiveLabel ?? settings.positiveLabel
    settings.threshold = requirement.threshold ?? settings.threshold
    settings.gates = requirement.gates(after: settings.gates)
    settings.baseline = requirement.baseline ?? settings.baseline
    settings.isFirstRun = requirement.firstRun
    settings.tolerance = tolerance ?? settings.tolerance
    settings.inference = inference ?? settings.inference
    settings.allowsStopped = allowStopped
    return settings
  }
}
