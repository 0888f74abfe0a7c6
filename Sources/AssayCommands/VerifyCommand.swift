internal import ArgumentParser
internal import DataTables
internal import InputReading
internal import Reports
internal import TableFiles
internal import Verification

/// The command `assay verify`.
struct VerifyCommand: AnsweringCommand {
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

      Exit status: 0 approved, 1 rejected, 2 could not be decided, 64 wrong usage.
      """)

  @Argument(help: "The folder with what the job left behind.")
  var jobFolder: String

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
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if let tolerance, tolerance < 0 { throw ValidationError("--tolerance is 0 or more") }
  }

  func answer(on screen: Screen) throws -> Answer {
    let settings = try settings()
    let verification = try Verification(folder: jobFolder, settings: settings)
    let made = VerificationReport(verification)
    return report.answer(
      made.document, made.json, isNo: verification.verdict == .rejected,
      notes: verification.warnings.map { "warning: \($0)" }, on: screen,
      fallback: settings.output)
  }

  /// What assay.yaml says, with the options before it.
  private func settings() throws -> Settings {
    let file = jobFolder + (jobFolder.hasSuffix("/") ? "" : "/") + "assay.yaml"
    var settings = FileKind(path: file) == .file ? try Settings(path: file) : Settings()
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
