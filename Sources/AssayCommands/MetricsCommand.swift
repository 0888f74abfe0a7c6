internal import ArgumentParser
internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import Reports
internal import TableFiles
internal import Verification

/// The command `assay metrics`.
struct MetricsCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Recomputes metrics from a prediction file.",
    discussion: """
      Without column options the usual names are tried: label, y_true, target, actual, y; score, \
      y_score, probability, prob, y_prob; prediction, y_pred, predicted, predicted_label. A \
      prediction column decides the label metrics; a score column beside it gives the ranking and \
      probability metrics.

      Examples:
        assay metrics predictions.csv
        assay metrics scores.csv --labels truth.csv --id-column id --threshold 0.3
        assay metrics --sql "SELECT label, score FROM 'part-*.parquet' WHERE split = 'test'"
        assay metrics predictions.csv --gate 'f1 >= 0.85' --gate 'log_loss < 0.4' --format json
        assay metrics year.csv.zst --memory 2G

      Exit status: 0 done, 1 a gate failed, 2 could not be computed, 64 wrong usage.
      """)

  @Argument(
    help: """
      Files of CSV, TSV, JSON Lines, NumPy or Parquet, compressed or not, folders or patterns of \
      them; several are one table. - is standard input.
      """)
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "A SELECT statement that DuckDB answers, instead of files.", valueName: "statement"))
  var sql: String?

  @Flag(help: "Leave out rows with a cell that is no number or label, and say how many.")
  var dropInvalid = false

  @OptionGroup var probabilities: ProbabilityOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A second file that holds the labels.", valueName: "file"))
  var labels: String?

  @Flag(
    help: "Leave out predictions whose id has no label in the file of --labels, and say how many.")
  var allowUnmatched = false

  @Flag(
    help: "Of rows with one id take the first, in either file, and say how many are left out.")
  var allowDuplicates = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Keep rows on disk, in the folder that TMPDIR names, and use no more memory than this, such as \
      2G, besides some 64 MB: for files larger than memory. The numbers are the same.
      """, valueName: "size"),
    transform: Word.workingMemory)
  var memory: Int?

  @OptionGroup(title: "Columns") var columns: ColumnOptions
  @OptionGroup(title: "Slices") var slices: SliceOptions
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Input") var input: LayoutOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<EvaluationReport>

  func validate() throws {
    guard files.isEmpty != (sql == nil) else {
      throw ValidationError("give either files or --sql")
    }
    if sql != nil, input.inputFormat != nil || input.separator != nil || input.hasNoHeader {
      throw ValidationError(
        "--input-format, --separator and --no-header belong to files, not to --sql")
    }
    if dropInvalid && labels != nil {
      throw ValidationError(
        "--drop-invalid leaves out rows that have their labels with them, and --labels names others"
      )
    }
    if memory != nil {
      let gates = judging.requirement.gates
      guard judging.confidence == nil, gates.allSatisfy({ $0.level == nil }) else {
        throw ValidationError("intervals draw rows from memory, which --memory keeps them out of")
      }
      guard slices.sliceBy.isEmpty, gates.allSatisfy(\.slice.isEmpty), labels == nil, !dropInvalid
      else {
        throw ValidationError(
          "--memory excludes --slice-by, gates on slices, --labels and --drop-invalid")
      }
    }
    if columns.idColumn == nil && (allowUnmatched || allowDuplicates) {
      throw ValidationError(
        "--allow-unmatched and --allow-duplicates belong to --id-column, which is missing")
    }
    if columns.idColumn != nil && labels == nil {
      throw ValidationError("--id-column matches rows with those of --labels, which is missing")
    }
    if judging.task == .regression, probabilities.areGiven || columns.scoreColumn != nil {
      throw ValidationError("--score-column and --probability-columns tell of classes, not numbers")
    }
    if probabilities.areGiven && columns.scoreColumn != nil {
      throw ValidationError("--score-column and --probability-columns exclude each other")
    }
  }

  func answer(on screen: Screen) throws -> Answer {
    var columns = columns.columns()
    columns.probabilities = probabilities.columns
    columns.slices =
      slices.columns + judging.requirement.gates().sliceColumns(besides: slices.columns)
    let table = sql.map(TableInput.query) ?? .files(files, input.layout(of: files[0]))
    let progress = ReadingProgress()
    if let memory {
      let predictions = try StoredPredictionFile.read(
        table, columns: columns, kind: judging.kind, limits: limits.limits,
        progress: progress.advance)
      progress.end()
      let evaluation = try Evaluation(
        ofStored: predictions.rows, options: judging.evaluation, memory: memory,
        from: Place(table.name))
      return try answer(
        evaluation, source: table.name, usedColumns: predictions.usedColumns,
        warnings: predictions.warnings, judging: judging, report: report, on: screen)
    }
    let predictions = try PredictionFile.read(
      table, columns: columns, kind: judging.kind,
      labels: labels.map { .files([$0], input.labelLayout(of: $0)) },
      matching: LabelMatching(
        allowsUnmatched: allowUnmatched, allowsDuplicates: allowDuplicates),
      dropsInvalidRows: dropInvalid, limits: limits.limits, progress: progress.advance)
    progress.end()
    let name = table.name
    return try answer(
      predictions.rows, slicings: predictions.slicings, shownSlices: slices.columns.count,
      source: name,
      usedColumns: predictions.usedColumns, warnings: predictions.warnings, judging: judging,
      report: report, on: screen)
  }
}

extension LimitedCommand {
  /// What a command that evaluates rows has to say.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - slicings: What they belong to.
  ///   - shownSlices: How many of these, from the first, are reported; the others are gates' alone.
  ///   - source: The file.
  ///   - usedColumns: The columns that the rows are from.
  ///   - warnings: What reading the file warned of.
  ///   - judging: How rows are evaluated and judged.
  ///   - report: How the answer is printed.
  ///   - screen: Where it is shown.
  /// - Returns: the answer.
  /// - Throws: `VerificationError`.
  func answer(
    _ rows: PredictionRows, slicings: [Categories], shownSlices: Int = 0, source: String,
    usedColumns: [PredictionFile.UsedColumn], warnings: [String], judging: JudgingOptions,
    report: ReportOptions<EvaluationReport>, on screen: Screen
  ) throws -> Answer {
    let evaluation = try Evaluation(of: rows, options: judging.evaluation, from: Place(source))
    let shown = try Evaluation.slices(
      of: rows, by: Array(slicings.prefix(shownSlices)), options: judging.evaluation,
      from: Place(source))
    return try answer(
      evaluation, of: rows, slicings: slicings, slices: shown, source: source,
      usedColumns: usedColumns, warnings: warnings, judging: judging, report: report, on: screen)
  }

  /// What a command that has evaluated rows has to say.
  ///
  /// - Parameters:
  ///   - evaluation: The metrics of all rows.
  ///   - rows: The rows, for gates on slices and intervals.
  ///   - slicings: What they belong to.
  ///   - slices: The slices that are reported, whether gates are on them or not.
  ///   - source: The file.
  ///   - usedColumns: The columns that the rows are from.
  ///   - warnings: What reading the file warned of.
  ///   - judging: How rows were evaluated and are judged.
  ///   - report: How the answer is printed.
  ///   - screen: Where it is shown.
  /// - Returns: the answer.
  /// - Throws: `VerificationError`.
  func answer(
    _ evaluation: Evaluation, of rows: PredictionRows? = nil, slicings: [Categories] = [],
    slices: [Slice] = [], source: String, usedColumns: [PredictionFile.UsedColumn],
    warnings: [String], judging: JudgingOptions, report: ReportOptions<EvaluationReport>,
    on screen: Screen
  ) throws -> Answer {
    let requirement = judging.requirement
    let baseline = try Baseline.of(
      requirement.baseline, isFirstRun: requirement.firstRun, limits: limits.limits)
    let evidence = Evidence(
      evaluation, rows: rows, slicings: slicings, options: judging.evaluation, baseline: baseline,
      isFirstRun: requirement.firstRun)
    let (gates, asked) = evidence.judge(requirement.gates())
    let others = asked.filter { slice in
      !slices.contains { $0.columns == slice.columns && $0.values == slice.values }
    }
    let warnings = warnings + GateResult.warnings(of: gates)
    let made = EvaluationReport(
      evaluation, slices: slices + others, source: source, rows: rows, usedColumns: usedColumns,
      gates: gates, warnings: warnings)
    return report.answer(
      made, isNo: gates.contains(where: \.fails),
      notes: (warnings + evaluation.warnings).map { "warning: \($0)" },
      on: screen)
  }
}
