internal import ArgumentParser
internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import ModelArtifacts
internal import PredictiveModels
internal import Reports
internal import TableFiles
internal import Verification

extension Artifact {
  /// Reads an artifact whose model is needed.
  ///
  /// - Throws: `VerificationError` if the artifact is not loadable.
  static func model(at path: String, trees: TreeOptions, limits: Limits) throws -> Model {
    let artifact = try Artifact(path: path, trees: trees.choice, limits: limits)
    guard let model = artifact.model else {
      throw VerificationError.artifact(
        artifact.fault ?? Diagnostic("holds no model", at: Place(path)))
    }
    return model
  }
}

/// Which trees of an early-stopped booster predict.
struct TreeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The trees of an early-stopped XGBoost model: those up to the best round, or all. Without it, \
      those that XGBoost's own predict uses.
      """, valueName: "best|all"),
    transform: Self.choice)
  var trees: TreeChoice?

  /// The choice.
  var choice: TreeChoice { trees ?? .library }

  private static func choice(_ text: String) throws -> TreeChoice {
    guard let choice = TreeChoice(rawValue: text), choice != .library else {
      throw ValidationError("it is 'best' or 'all'")
    }
    return choice
  }
}

extension FeatureFile {
  /// Reads one row of a model's features that a person typed, parted by commas.
  ///
  /// - Throws: `TableError` with the column.
  static func row(_ text: String, of model: Model, at place: Place) throws -> FeatureMatrix {
    let cells = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let texts = cells.indices.filter { model.textColumns.contains($0) }
    let names = model.featureNames.flatMap { $0.count == cells.count ? $0 : nil }
    guard !texts.isEmpty else { return try row(text, names: names, at: place) }
    let others = cells.indices.filter { !model.textColumns.contains($0) }
    let numbers =
      others.isEmpty
      ? FeatureMatrix(values: [], columnCount: 0)
      : try row(
        others.map { cells[$0] }.joined(separator: ","),
        names: others.map { names?[$0] ?? "\($0 + 1)" }, at: place)
    return FeatureMatrix(
      numbers: numbers, textColumns: texts.map { ($0, names?[$0], [cells[$0]]) })
  }
}

/// The command `assay inspect`.
struct InspectCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Says what is in an artifact, without executing anything in it.",
    discussion: """
      Examples:
        assay inspect model.tar.gz
        assay inspect model.joblib --format json

      Exit status: 0 loadable, 1 unsafe, broken or unsupported, 2 could not be read, 64 wrong usage.
      """)

  @Argument(help: "model.tar.gz or another archive, a folder, or one model file.")
  var artifact: String

  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<ArtifactReport>

  func answer(on screen: Screen) throws -> Answer {
    let artifact = try Artifact(path: artifact, limits: limits.limits)
    return report.answer(
      ArtifactReport(artifact), isNo: artifact.condition != .loadable, on: screen)
  }
}

/// The command `assay predict`.
struct PredictCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predicts rows with an artifact's model.",
    discussion: """
      Columns are matched by the features' names where the model has names and all of them are \
      there, otherwise by position. Empty cells and "nan" are missing values. The output has a \
      column 'prediction' and, for a classifier, 'probability_<class>' for every class, or for one \
      without probabilities 'decision_<class>'. Several targets are numbered: 'prediction_0'.

      Examples:
        assay predict model.tar.gz --row 5.1,3.5,1.4,0.2
        assay predict model.tar.gz rows.csv --output predictions.csv
        assay predict model.tar.gz sample.csv --expect sample.csv

      Exit status: 0 done, 1 --expect differs, 2 could not be predicted, 64 wrong usage.
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument {
    case csv
    case json
  }

  @Argument(help: "model.tar.gz or another archive, a folder, or one model file.")
  var artifact: String

  @Argument(
    help: """
      A file of features: CSV, TSV, JSON, JSON Lines, NumPy or Parquet; - is standard input.
      """)
  var input: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "One row of features, parted by commas, instead of a file.", valueName: "values"))
  var row: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("A file of recorded outputs to compare with.", valueName: "file"))
  var expect: String?

  @Option(
    parsing: .unconditional,
    help: "How far a number may lie from the recorded one, besides --rtol (default: 1e-9).",
    transform: Word.number)
  var atol: Double?

  @Option(
    parsing: .unconditional,
    help: "The same as a fraction of the recorded number (default: 1e-6).",
    transform: Word.number)
  var rtol: Double?

  @OptionGroup(title: "Model") var trees: TreeOptions
  @OptionGroup(title: "Input") var layout: LayoutOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions

  @Option(help: "How to print: csv or json.")
  var format = Format.csv

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Write to this file, whole or not at all, instead of standard output.", valueName: "file"))
  var output: String?

  func validate() throws {
    if output?.isEmpty == true { throw ValidationError("--output names no file") }
    guard (input == nil) != (row == nil) else {
      throw ValidationError("give either a file of rows or --row")
    }
    if row != nil, layout.inputFormat != nil || layout.separator != nil || layout.hasNoHeader {
      throw ValidationError(
        "--input-format, --separator and --no-header belong to a file, not to --row")
    }
    if expect == nil, atol != nil || rtol != nil {
      throw ValidationError("--atol and --rtol belong to --expect, which is missing")
    }
    guard (atol ?? 0) >= 0, (rtol ?? 0) >= 0 else {
      throw ValidationError("--atol and --rtol are 0 or more")
    }
  }

  func answer(on screen: Screen) throws -> Answer {
    let model = try Artifact.model(at: artifact, trees: trees, limits: limits.limits)
    guard let expect else {
      let isShown = screen.isTerminal && output == nil
      var answer = Answer(file: output)
      answer.rest = { write in
        var report = PredictionReport(format == .csv ? .csv : .json)
        try eachBlock(of: model) { predictions in
          let text = report.text(of: OutputTable(predictions))
          // A class's name must not steer the terminal.
          try write(isShown ? Self.printable(text) : text)
        }
        try write(report.end)
      }
      return answer
    }
    var blocks: [ModelOutput] = []
    try eachBlock(of: model) { blocks.append($0) }
    let predictions = ModelOutput(joining: blocks)
    var report = PredictionReport(format == .csv ? .csv : .json)
    let text = report.text(of: OutputTable(predictions)) + report.end
    var answer = Answer(
      text: screen.isTerminal && output == nil ? Self.printable(text) : text, file: output)
    var tolerance = RecordedOutputs.Tolerance()
    if let atol { tolerance.absolute = atol }
    if let rtol { tolerance.relative = rtol }
    let recorded = try FeatureFile.opened(
      path: expect, layout: TableLayout(path: expect), limits: limits.limits)
    let names = recorded.columns
    let expected = recorded.place
    let cells = try recorded.rows(features: [], texts: Array(names.indices)).texts
    let comparison = try RecordedOutputs.compare(
      predictions, with: Array(zip(names, cells)).map { (name: $0, cells: $1) },
      tolerance: tolerance, at: expected)
    answer.isNo = !comparison.agrees
    answer.notes = ComparisonReport(comparison).lines.map { "\(expected): \($0)" }
    return answer
  }

  private static func printable(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).printable }.joined(separator: "\n")
  }

  /// Predicts all rows, and gives what is said of some while later ones are read.
  private func eachBlock(of model: Model, _ body: (ModelOutput) throws -> Void) throws {
    if let row {
      let place = Place("--row")
      try body(try model.predict(FeatureFile.row(row, of: model, at: place), from: place))
      return
    }
    let path = input ?? "-"
    let file = try FeatureFile.opened(
      path: path, layout: layout.layout(of: path), limits: limits.limits)
    let columns = try model.columns(in: file.columns, of: file.place)
    let progress = ReadingProgress()
    var failure: (any Error)?
    _ = try file.predict(with: model, features: columns, progress: progress.advance) { output in
      do {
        try body(output)
        return true
      } catch {
        failure = error
        return false
      }
    }
    progress.end()
    if let failure { throw failure }
  }
}

/// The command `assay evaluate`.
struct EvaluateCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Predicts rows with an artifact's model and computes metrics.",
    discussion: """
      Examples:
        assay evaluate model.tar.gz holdout.csv --label-column y
        assay evaluate model.tar.gz holdout.csv --label-column y --gate 'roc_auc > 0.9'
        assay evaluate model.tar.gz holdout.csv --label-column y --slice-by region

      Exit status: 0 done, 1 a gate failed, 2 could not be computed, 64 wrong usage.
      """)

  @Argument(help: "model.tar.gz or another archive, a folder, or one model file.")
  var artifact: String

  @Argument(
    help: """
      A file of features and labels: CSV, TSV, JSON, JSON Lines, NumPy or Parquet; - is standard input.
      """)
  var holdout: String

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The column of true labels.", valueName: "name"))
  var labelColumn: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The column of weights.", valueName: "name"))
  var weightColumn: String?

  @OptionGroup(title: "Model") var trees: TreeOptions
  @OptionGroup(title: "Slices") var slices: SliceOptions
  @OptionGroup(title: "Judging") var judging: JudgingOptions
  @OptionGroup(title: "Input") var input: LayoutOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions
  @OptionGroup(title: "Report") var report: ReportOptions<EvaluationReport>

  func answer(on screen: Screen) throws -> Answer {
    let model = try Artifact.model(at: artifact, trees: trees, limits: limits.limits)
    let progress = ReadingProgress()
    let rows = try Holdout(
      path: holdout, model: model, layout: input.layout(of: holdout), labelColumn: labelColumn,
      weightColumn: weightColumn,
      slices: slices.columns + judging.requirement.gates().sliceColumns(besides: slices.columns),
      progress: progress.advance, limits: limits.limits)
    progress.end()
    return try answer(
      rows.rows, slicings: rows.slicings, shownSlices: slices.columns.count,
      source: rows.place.description,
      usedColumns: rows.usedColumns, warnings: [], judging: judging, report: report, on: screen)
  }
}
