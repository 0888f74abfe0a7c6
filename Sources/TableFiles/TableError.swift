public import DataTables
public import InputReading

/// What is wrong with a table in a file.
public enum TableError: DiagnosedError, Hashable {
  /// The file cannot be read.
  case input(InputError)
  /// What does not fit into memory cannot be put aside in that folder.
  case scratch(folder: String, reason: String)
  /// The file has no bytes.
  case empty(Place)
  /// Rows are to be put aside on disk, and files of the format are held as a whole.
  case heldWhole(Place)
  /// The file has a header and no rows.
  case noRows(Place)
  /// The file is compressed or binary.
  case notDelimited(Place, kind: String)
  /// The file holds no array of NumPy's that is read.
  case notAnArray(Place, reason: String)
  /// No library of DuckDB's opens; the reason is the system's for one that is there.
  case noDuckDB(reason: String?)
  /// DuckDB refuses a query, in its own words.
  case query(Place, reason: String)
  /// Several files are one table, and one has other columns than the first.
  case otherColumns(Place, first: String, columns: [String])
  /// A row has more or fewer fields than the header, or than the first row.
  case raggedRow(Place, found: Int, expected: Int)
  /// A quoted field goes on behind its closing quote.
  case textAfterQuote(Place)
  /// A quoted field does not end.
  case unterminatedQuote(Place)
  /// A row holds a NUL byte.
  case nulByte(Place)
  /// A row is not UTF-8.
  case notUTF8(Place)
  /// A row is longer than the limit, in bytes.
  case rowTooLong(Place, limit: Int)
  /// The header has more columns than the limit.
  case tooManyColumns(Place, limit: Int)
  /// There is no column of that name.
  case noSuchColumn(Place, name: String, columns: [String])
  /// Several columns have that name.
  case columnNameTwice(Place, name: String)
  /// Several columns have one of the usual names of a role.
  case ambiguousColumn(Place, option: String, candidates: [String])
  /// No column has one of the usual names of the labels.
  case noLabelColumn(Place, columns: [String])
  /// Neither scores nor predictions nor probabilities are there.
  case nothingToEvaluate(Place, columns: [String])
  /// All rows have a faulty cell, and faulty rows are to be left out.
  case allRowsInvalid(Place, count: Int)
  /// A cell is no number; `count` cells of its column are none.
  case notANumber(Place, found: String, NumberFault, count: Int)
  /// A weight is negative; `count` of them are.
  case negativeWeight(Place, found: String, count: Int)
  /// A cell is no label; `count` cells of its column are none.
  case notALabel(Place, found: String, Label.Fault, count: Int)
  /// The predictions are fractions, as scores are.
  case predictionsAreScores(Place, found: String)
  /// Labels are text and predictions numbers, or the other way round.
  case differentKinds(Place, label: Label, prediction: Label)
  /// The labels are more than the limit.
  case tooManyClasses(Place, limit: Int)
  /// The probability columns are not as many as the labels.
  case probabilityColumnCount(Place, columns: Int, labels: Int)
  /// Two files that belong together differ in length.
  case differentLengths(Place, rows: Int, other: String, otherRows: Int)
  /// Both files have that column, and rows would be matched by position.
  case unusedIDs(Place, column: String)
  /// A row's id stands in an earlier row too; `count` rows' do.
  case duplicateID(Place, id: String, count: Int)
  /// A row's id is not in the other file; `count` rows' are not.
  case unknownID(Place, id: String, other: String, count: Int)

  /// Why a cell is no number.
  public enum NumberFault: Hashable, Sendable {
    /// It is empty.
    case empty
    /// It says that it is not a finite number.
    case notFinite
    /// No double is that large.
    case overflow
    /// It is text.
    case text
  }

  /// What is wrong, where, and the mend.
  public var diagnostic: Diagnostic {
    switch self {
    case .input(let error): error.diagnostic
    case .scratch(let folder, let reason):
      Diagnostic(
        "no room for the rows in \(folder): \(reason)",
        hint: "name a folder with more room in TMPDIR")
    case .heldWhole(let place):
      Diagnostic(
        "is held in memory as a whole, whatever is to be put aside on disk", at: place,
        hint: "leave --memory out, or give it as CSV, JSON Lines or Parquet")
    case .empty(let place):
      Diagnostic("is empty", at: place, hint: "a table has a header line and at least one row")
    case .noRows(let place):
      Diagnostic("has a header and no data rows", at: place, hint: "give at least one row")
    case .notDelimited(let place, let kind):
      Diagnostic("is \(kind), not delimited text", at: place, hint: "give it as plain CSV")
    case .notAnArray(let place, let reason):
      Diagnostic(reason, at: place, hint: "save arrays of numbers or text of one or two dimensions")
    case .noDuckDB(let reason):
      Diagnostic(
        reason.map { "DuckDB does not open: \($0)" }
          ?? "Parquet files and --sql are read by DuckDB, which is not found",
        hint: "bring it with: \(DuckDBLibrary.installation)")
    case .query(let place, let reason):
      Diagnostic("DuckDB: " + reason.trimmingWhitespace, at: place)
    case .otherColumns(let place, let first, let columns):
      Diagnostic(
        "has the columns \(Self.list(columns)), others than \(first)", at: place,
        hint: "give files of the same columns")
    case .raggedRow(let place, let found, let expected):
      Diagnostic(
        "has \(String(found, of: "field")) where \(expected) belong", at: place,
        hint: found == 1
          ? "remove blank lines or mend the row" : "quote fields with separators in them")
    case .textAfterQuote(let place):
      Diagnostic(
        "goes on behind a closing quote", at: place, hint: "double the quotes inside a field")
    case .unterminatedQuote(let place):
      Diagnostic("has a quote that does not end", at: place, hint: "close the quote")
    case .nulByte(let place):
      Diagnostic("holds a NUL byte", at: place, hint: "give the table as text")
    case .notUTF8(let place):
      Diagnostic("is not UTF-8", at: place, hint: "save the file as UTF-8")
    case .rowTooLong(let place, let limit):
      Diagnostic(
        "is longer than \(limit) bytes", at: place, hint: "look for a quote that does not end")
    case .tooManyColumns(let place, let limit):
      Diagnostic("has more than \(limit) columns", at: place)
    case .noSuchColumn(let place, let name, let columns):
      Diagnostic(
        "has no column '\(name)'", at: place,
        hint: (NearestName.of(name, among: columns).map { "'\($0)' may be meant; " } ?? "")
          + "its columns are \(Self.list(columns))")
    case .columnNameTwice(let place, let name):
      Diagnostic(
        "has two columns named '\(name)'", at: place, hint: "give columns names of their own")
    case .ambiguousColumn(let place, let option, let candidates):
      Diagnostic(
        "several columns could be meant: \(Self.list(candidates))", at: place,
        hint: "name one with \(option)")
    case .noLabelColumn(let place, let columns):
      Diagnostic(
        "no column is known to hold the labels; its columns are \(Self.list(columns))", at: place,
        hint: "name one with --label-column, or give the labels' file with --labels")
    case .nothingToEvaluate(let place, let columns):
      Diagnostic(
        "no column is known to hold scores or predictions; its columns are \(Self.list(columns))",
        at: place, hint: "name one with --score-column or --prediction-column")
    case .allRowsInvalid(let place, let count):
      Diagnostic(
        "all \(String(count, of: "row")) have a faulty cell, so none is left", at: place,
        hint: "see what is wrong with them without --drop-invalid")
    case .notANumber(let place, let found, let fault, let count):
      Diagnostic(
        Self.sentence(fault, found) + Self.others(count), at: place,
        hint: fault == .overflow ? "write it in the range of doubles" : "write a decimal number")
    case .negativeWeight(let place, let found, let count):
      Diagnostic(
        "the weight \(found) is negative" + Self.others(count), at: place,
        hint: "weights are 0 or more")
    case .notALabel(let place, let found, let fault, let count):
      Diagnostic(
        Self.sentence(fault, found) + Self.others(count), at: place,
        hint: fault == .fractional ? "labels are whole numbers or text" : "every row needs a label")
    case .predictionsAreScores(let place, let found):
      Diagnostic(
        "'\(found)' is a fraction, as scores are, where a predicted label belongs", at: place,
        hint: "name the column with --score-column")
    case .differentKinds(let place, let label, let prediction):
      Diagnostic(
        "labels such as '\(label)' and predictions such as '\(prediction)' do not go together",
        at: place, hint: "write both as names or both as numbers")
    case .tooManyClasses(let place, let limit):
      Diagnostic(
        "there are more than \(limit) different labels", at: place,
        hint: "name the column of the class labels with --label-column")
    case .probabilityColumnCount(let place, let columns, let labels):
      Diagnostic(
        "\(String(columns, of: "probability column")) for \(String(labels, of: "label"))",
        at: place,
        hint: "give one for each class, in the order of the classes")
    case .differentLengths(let place, let rows, let other, let otherRows):
      Diagnostic(
        "has \(String(rows, of: "row")) where \(other) has \(otherRows)", at: place,
        hint: "give files of the same rows")
    case .unusedIDs(let place, let column):
      Diagnostic(
        "both files have a column '\(column)'", at: place,
        hint: "match rows by it with --id-column \(column)")
    case .duplicateID(let place, let id, let count):
      Diagnostic(
        "the id '\(id)' stands in an earlier row too" + Self.others(count), at: place,
        hint: "give each row once")
    case .unknownID(let place, let id, let other, let count):
      Diagnostic(
        "the id '\(id)' is not in \(other)" + Self.others(count), at: place,
        hint: "give both files the same rows")
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 20 ? shown + ", …" : shown
  }

  private static func others(_ count: Int) -> String {
    count > 1 ? " (\(count) such cells in the column)" : ""
  }

  private static func sentence(_ fault: NumberFault, _ found: String) -> String {
    switch fault {
    case .empty: "the cell is empty where a number belongs"
    case .notFinite: "'\(found)' is not a finite number"
    case .overflow: "'\(found)' is too large for a double"
    case .text: "'\(found)' is not a number"
    }
  }

  private static func sentence(_ fault: Label.Fault, _ found: String) -> String {
    switch fault {
    case .empty: "the label is empty"
    case .notANumber: "the label is '\(found)', a missing value"
    case .fractional: "'\(found)' is a fraction where a class label belongs"
    case .overflow: "'\(found)' is too large for a label"
    }
  }
}
