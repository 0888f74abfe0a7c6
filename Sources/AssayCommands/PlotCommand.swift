internal import ArgumentParser
internal import DataTables
internal import EvaluationMetrics
internal import InputReading
internal import PictureDrawing
internal import Reports
internal import TableFiles
internal import Verification

/// The command `assay plot`.
struct PlotCommand: LimitedCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draws the curves of prediction files.",
    discussion: """
      Several files are several models: their curves stand in one plot, each named by --name or by \
      its file. Without --output the plot is drawn in characters. Of classes there are roc, pr, \
      calibration, confusion, threshold and histogram; of numbers predictions and residuals.

      Examples:
        assay plot roc predictions.csv
        assay plot roc old.csv new.csv --name 'last year' --name now --output roc.svg
        assay plot confusion predictions.csv --output confusion.png

      Exit status: 0 done, 2 could not be drawn, 64 wrong usage.
      """)

  @Argument(
    help: """
      What is drawn: roc, pr (precision and recall), calibration, confusion, threshold, histogram, \
      predictions or residuals.
      """, transform: Word.choice)
  var kind: FigureKind

  @Argument(help: "Prediction files, one for each model; - is standard input.")
  var files: [String]

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What a file's model is called, in the files' order.", valueName: "text"))
  var name: [String] = []

  @Option(
    name: [.customLong("output"), .customShort("o")], parsing: .unconditional,
    help: ArgumentHelp(
      "Draw into this file, whole or not at all: a name that ends in .svg or .png.",
      valueName: "file"))
  var output: String?

  @OptionGroup var probabilities: ProbabilityOptions
  @OptionGroup var cut: CutOptions
  @OptionGroup(title: "Columns") var columns: ColumnOptions
  @OptionGroup(title: "Input") var input: LayoutOptions
  @OptionGroup(title: "Limits") var limits: LimitOptions

  /// The kinds of files that pictures are.
  private enum Kind: String, CaseIterable {
    case svg
    case png
  }

  private static func kind(of path: String) -> Kind? {
    Kind.allCases.first { path.lowercased().hasSuffix(".\($0.rawValue)") }
  }

  func validate() throws {
    if files.isEmpty { throw ValidationError("name at least one prediction file") }
    if let output, Self.kind(of: output) == nil {
      throw ValidationError("--output is the name of a picture: it ends in .svg or .png")
    }
    if !name.isEmpty && name.count != files.count {
      throw ValidationError("give --name as often as there are files, or not at all")
    }
    if columns.idColumn != nil {
      throw ValidationError("--id-column matches rows with those of another file, and none is read")
    }
    let areNumbers = kind == .predictions || kind == .residuals
    if areNumbers, cut.positiveLabel != nil || cut.threshold != nil || probabilities.areGiven {
      throw ValidationError(
        "--positive-label, --threshold and --probability-columns tell of classes, not numbers")
    }
  }

  func answer(on screen: Screen) throws -> Answer {
    let drawn = try files.indices.map { try curves(at: $0) }
    let figures = Figure.figures(kind, of: drawn)
    guard !figures.isEmpty else {
      throw PlotError.nothingToDraw(kind, files[0], hasScores: !drawn[0].curves.rankings.isEmpty)
    }
    guard let output, let format = Self.kind(of: output) else {
      var document = ReportDocument()
      document.blocks = figures.map { .figure($0) }
      return Answer(text: document.text(isForTerminal: screen.hasColors, width: screen.width))
    }
    guard figures.count == 1, let figure = figures.first else {
      throw PlotError.severalFigures(kind, figures.count)
    }
    let drawing = SVGDrawing(figure)
    switch format {
    case .svg: return Answer(text: drawing.file, file: output)
    case .png:
      do throws(PictureError) {
        var answer = Answer(file: output)
        answer.picture = try PNG.bytes(ofSVG: drawing.print, width: 960, height: 680)
        return answer
      } catch { throw PlotError.picture(error, output) }
    }
  }

  private func curves(at index: Int) throws -> EvaluatedCurves {
    let file = files[index]
    var columns = columns.columns()
    columns.probabilities = probabilities.columns
    let areNumbers = kind == .predictions || kind == .residuals
    let progress = ReadingProgress()
    let predictions = try PredictionFile.read(
      .files([file], input.layout(of: file)), columns: columns,
      kind: areNumbers ? .numbers : .found, labels: nil, dropsInvalidRows: false,
      limits: limits.limits, progress: progress.advance)
    progress.end()
    let options = EvaluationOptions(
      positiveLabel: cut.positiveLabel, threshold: cut.threshold.map { Threshold($0) })
    let evaluation = try Evaluation(of: predictions.rows, options: options, from: Place(file))
    do throws(EvaluationError) {
      return try EvaluatedCurves(
        name: name.isEmpty ? shortName(of: file) : name[index], evaluation: evaluation,
        rows: predictions.rows)
    } catch { throw VerificationError.evaluation(error, Place(file)) }
  }

  /// The file's name without folder and ending; where two are the same, the path.
  private func shortName(of file: String) -> String {
    func stem(_ path: String) -> String {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      return name.split(separator: ".").first.map(String.init) ?? name
    }
    return files.count { stem($0) == stem(file) } > 1 ? file : stem(file)
  }
}

/// What keeps a plot from being drawn.
enum PlotError: DiagnosedError {
  case nothingToDraw(FigureKind, String, hasScores: Bool)
  case severalFigures(FigureKind, Int)
  case picture(PictureError, String)

  var diagnostic: Diagnostic {
    switch self {
    case .nothingToDraw(let kind, let file, let hasScores):
      Diagnostic(
        "there is nothing to draw for '\(kind.rawValue)'", at: Place(file),
        hint: hasScores
          ? "rows of more than one class are needed, or scores between 0 and 1 for calibration"
          : "curves take a column of scores or probabilities, 'confusion' few predicted labels")
    case .severalFigures(let kind, let count):
      Diagnostic(
        "'\(kind.rawValue)' draws \(count) pictures of these files, and a file holds one",
        hint: "draw one file at a time, or leave --output out")
    case .picture(let error, let output):
      Diagnostic(
        "the picture could not be drawn: \(error.message)", at: Place(output),
        hint: "install librsvg (apt install librsvg2-2), or write a .svg")
    }
  }
}
