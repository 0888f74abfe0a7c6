internal import ArgumentParser
internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import ModelArtifacts
internal import Reports
internal import TableFiles
internal import Verification

/// The command `assay compare`.
struct CompareCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compares two models on the same rows.",
    discussion: """
      Two prediction files, whose rows are matched by their order or by --id-column; or two artifacts \
      that predict the rows of --holdout. Differences are the second less the first, each with an \
      interval of the same rows (level 0.95 unless --confidence says otherwise) and a p-value: \
      McNemar's exact test of accuracy, DeLong's of ROC areas, resampling of the rest. Gates decide \
      on the second; 'baseline' in them is the first, unless --baseline names a file.

      Examples:
        assay compare old.csv new.csv --id-column id
        assay compare old.tar.gz new.tar.gz --holdout holdout.csv --label-column y
        assay compare old.csv new.csv --gate 'roc_auc >= baseline - 0.01'

      Exit status: 0 done, 1 a gate fails with the second, 2 could not be compared, 64 wrong usage.
      """)

  @Argument(help: "The model that is there: a prediction file, or an artifact with --holdout.")
  var first: String

  @Argument(help: "The model that may take its place, likewise.")
  var second: String

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Features and labels, for both artifacts to predict.", valueName: "file"))
  var holdout: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The most rows shown of those predicted otherwise (default: 20).", valueName: "count"),
    transform: Self.rowLimit)
  var disagreements: Int?

  @OptionGroup(title: "Model") var trees: TreeOptions
  @OptionGroup(title: "Columns") var columns: ColumnOptions
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Input") var input: LayoutOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<ModelComparisonReport>

  func validate() throws {
    if holdout == nil, trees.trees != nil {
      throw ValidationError("--trees belongs to --holdout, which is missing")
    }
    if holdout != nil, columns.scoreColumn != nil || columns.predictionColumn != nil {
      throw ValidationError("--score-column and --prediction-column belong to prediction files")
    }
    if judging.requirement.firstRun {
      throw ValidationError("--first-run has no meaning here: the first model is a baseline")
    }
  }

  func answer(on screen: Screen) throws -> Answer {
    let requirement = judging.requirement
    let slices = requirement.gates().sliceColumns()
    let (one, slicings) = try candidate(first, slices: slices)
    let (other, _) = try candidate(second, slices: [])
    let made = try ModelComparison(
      of: one, and: other, gates: requirement.gates(), slicings: slicings,
      options: judging.evaluation,
      baseline: try requirement.baseline.map { path throws(VerificationError) in
        try Baseline(path: path, limits: limits.limits)
      },
      disagreementLimit: disagreements ?? 20)
    return report.answer(
      ModelComparisonReport(made), isNo: made.verdict == .rejected,
      notes: made.comparison.warnings.map { "warning: \($0)" }, on: screen)
  }

  /// One model's rows, and what they belong to.
  private func candidate(
    _ path: String, slices: [[String]]
  ) throws -> (ModelComparison.Candidate, [Categories]) {
    let progress = ReadingProgress()
    defer { progress.end() }
    if let holdout {
      let rows = try Holdout(
        path: holdout, model: Artifact.model(at: path, trees: trees, limits: limits.limits),
        layout: input.layout(of: holdout), labelColumn: columns.labelColumn,
        weightColumn: columns.weightColumn, idColumn: columns.idColumn, slices: slices,
        progress: progress.advance, limits: limits.limits)
      return (ModelComparison.Candidate(rows.rows, at: Place(path)), rows.slicings)
    }
    var wanted = columns.columns()
    wanted.slices = slices
    let file = try PredictionFile.read(
      .files([path], input.layout(of: path)), columns: wanted, kind: judging.kind,
      limits: limits.limits, progress: progress.advance)
    return (
      ModelComparison.Candidate(file.rows, ids: file.ids, at: Place(path)), file.slicings
    )
  }

  private static func rowLimit(_ text: String) throws -> Int {
    guard let count = Int(text), (0...1_000_000).contains(count) else {
      throw ValidationError("a whole number from 0 to 1000000 belongs here")
    }
    return count
  }
}
