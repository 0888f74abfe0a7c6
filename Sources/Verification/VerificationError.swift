public import DataTables
public import EvaluationMetrics
public import InputReading
public import PredictiveModels
public import TableFiles
public import TrainingRecords

/// What keeps a question from being answered.
public enum VerificationError: DiagnosedError {
  /// A file cannot be read.
  case input(InputError)
  /// A table is malformed.
  case table(TableError)
  /// The job's description is none.
  case job(JobRecordError)
  /// The settings are malformed.
  case settings(SettingsError)
  /// The rows cannot be evaluated.
  case evaluation(EvaluationError, Place)
  /// The rows cannot be predicted.
  case prediction(PredictionError, Place, features: [String]?)
  /// The model cannot be used; what is wrong is said already.
  case artifact(Diagnostic)
  /// A file that is needed is not there.
  case missingFile(folder: String, name: String, option: String)
  /// Several files could be meant.
  case ambiguousFile(folder: String, candidates: [String], option: String)
  /// What is to be compared with states no metrics.
  case baselineWithoutMetrics(Place)
  /// There is nothing to recompute metrics from.
  case nothingToEvaluate(folder: String)

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .input(let error): error.diagnostic
    case .table(let error): error.diagnostic
    case .job(let error): error.diagnostic
    case .settings(let error): error.diagnostic
    case .evaluation(let error, let place):
      Diagnostic(error.message, at: place, hint: error.hint)
    case .prediction(let error, let place, let features):
      Self.diagnostic(error, place, features)
    case .artifact(let diagnostic): diagnostic
    case .missingFile(let folder, let name, let option):
      Diagnostic(
        "has no \(name)", at: Place(folder), hint: "put it there, or name it with \(option)")
    case .ambiguousFile(let folder, let candidates, let option):
      Diagnostic(
        "several files could be meant: \(candidates.joined(separator: ", "))", at: Place(folder),
        hint: "name one with \(option)")
    case .baselineWithoutMetrics(let place):
      Diagnostic(
        "states no metrics to compare with", at: place,
        hint: "give what 'assay metrics --format json' prints, or a job's metrics")
    case .nothingToEvaluate(let folder):
      Diagnostic(
        "has neither predictions nor a holdout file, and no gates are set: nothing would be checked",
        at: Place(folder), hint: "add predictions.csv or holdout.csv, and gates in assay.yaml")
    }
  }

  private static func diagnostic(
    _ error: PredictionError, _ place: Place, _ features: [String]?
  ) -> Diagnostic {
    switch error {
    case .columnCount(let found, let expected):
      var hint = "give the features in the order of training"
      if let features {
        let shown = features.prefix(8).joined(separator: ", ")
        hint = "the model's features are \(shown)\(features.count > 8 ? ", …" : "")"
      }
      return Diagnostic(
        "has \(String(found, of: "feature column")) where the model takes \(expected)", at: place,
        hint: hint)
    case .featureTwice(let name):
      return Diagnostic(
        "two columns are named '\(name)', which is a feature of the model", at: place,
        hint: "give each feature once")
    case .infinity(let row, let column):
      return Diagnostic(
        "the value is infinite", at: place.at(.row(row, column: column)),
        hint: "give a finite number, or leave the cell empty if the value is missing")
    case .missingValue(let row, let column, let predictor):
      return Diagnostic(
        "the value is missing, and \(predictor) takes no missing values",
        at: place.at(.row(row, column: column)), hint: "fill it in")
    case .tooLargeForSinglePrecision(let row, let column):
      return Diagnostic(
        "the value is too large for single precision, in which the model compares",
        at: place.at(.row(row, column: column)), hint: "give a number below 3.4e38")
    case .resultNotANumber(let row):
      return Diagnostic(
        "the model's result is not a number", at: place.at(.row(row, column: nil)),
        hint: "look for values far beyond those of training")
    case .outsideDomain(let row, let column, let step):
      return Diagnostic(
        "\(step) has no result for the value", at: place.at(.row(row, column: column)),
        hint: "give a value of the range that the model was trained on")
    case .notAWholeNumber(let row, let column):
      return Diagnostic(
        "the value is not a whole number, which the model takes",
        at: place.at(.row(row, column: column)), hint: "give a whole number")
    case .noResult(let row, let node, let reason):
      return Diagnostic(
        "\(node) has no result: \(reason)",
        at: row.map { place.at(.row($0, column: nil)) } ?? place,
        hint: "give rows as the model was trained on")
    case .unknownCategory(let row, let column, let value, let step):
      return Diagnostic(
        "'\(value)' is no category that \(step) was trained on",
        at: place.at(.row(row, column: column)), hint: "give one that it was trained on")
    }
  }
}

extension Evaluation {
  /// Evaluates the rows of a file.
  public init(
    of rows: PredictionRows, options: EvaluationOptions, from place: Place
  ) throws(VerificationError) {
    do throws(EvaluationError) {
      try self.init(of: rows, options: options)
    } catch { throw .evaluation(error, place) }
  }

  /// Evaluates the rows of a file that need not fit into memory.
  public init(
    ofStored rows: StoredPredictions, options: EvaluationOptions, memory: Int, from place: Place
  ) throws(VerificationError) {
    do throws(EvaluationError) {
      try self.init(ofStored: rows, options: options, memory: memory)
    } catch { throw .evaluation(error, place) }
  }

  /// Evaluates the rows of a file by what they belong to.
  public static func slices(
    of rows: PredictionRows, by slicings: [Categories], options: EvaluationOptions,
    from place: Place
  ) throws(VerificationError) -> [Slice] {
    guard !slicings.isEmpty else { return [] }
    do throws(EvaluationError) {
      return try slices(of: rows, by: slicings, options: options)
    } catch { throw .evaluation(error, place) }
  }
}

extension PredictionFile {
  /// Reads a prediction file.
  public static func read(
    _ input: TableInput, columns: PredictionColumns, kind: Kind = .found,
    labels: TableInput? = nil, matching: LabelMatching = LabelMatching(),
    dropsInvalidRows: Bool = false, limits: Limits,
    progress: RowProgress? = nil
  ) throws(VerificationError) -> PredictionFile {
    do throws(TableError) {
      return try PredictionFile(
        input, columns: columns, kind: kind, labels: labels, matching: matching,
        dropsInvalidRows: dropsInvalidRows, limits: limits, progress: progress)
    } catch { throw .table(error) }
  }
}

extension StoredPredictionFile {
  /// Reads a prediction file whose rows need not fit into memory.
  public static func read(
    _ input: TableInput, columns: PredictionColumns, kind: PredictionFile.Kind, limits: Limits,
    progress: RowProgress? = nil
  ) throws(VerificationError) -> StoredPredictionFile {
    do throws(TableError) {
      return try StoredPredictionFile(
        input, columns: columns, kind: kind, limits: limits, progress: progress)
    } catch { throw .table(error) }
  }
}
