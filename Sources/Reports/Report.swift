public import EvaluationMetrics
public import InputReading
public import ModelArtifacts

/// What a command has to say, as a person and a program read it.
///
/// A report that has more to say than that, such as conditions that hold or not, conforms to a
/// protocol that refines this one, and can then be printed in the formats that are made from it.
public protocol Report: Sendable {
  /// The report for people.
  var document: ReportDocument { get }

  /// The report for programs: one object that names its schema.
  var json: JSONText { get }
}

/// A report that can be a page, which has room for more than a terminal.
public protocol IllustratedReport: Report {
  /// What it is about, in a few words.
  var title: String { get }

  /// Everything that is known, with what there is to look at.
  var page: ReportDocument { get }

  /// The files that it is made from.
  var inputs: [String] { get }
}

/// A report with rows that a spreadsheet takes.
public protocol TabularReport: Report {
  /// The rows, without what only people want to know.
  var table: FlatTable { get }
}

/// A report with the metrics of some rows.
public protocol MeasuredReport: TabularReport {
  /// The metrics; `nil` where nothing was evaluated.
  var measured: Evaluation? { get }
  /// The metrics of rows that belong together.
  var measuredSlices: [Slice] { get }
}

/// A report with conditions that hold or not.
public protocol JudgedReport: Report {
  /// The conditions, those of one group behind one another.
  var testCases: [TestCase] { get }
}

/// A report with sentences that each stand for themselves, at a place in a file where they have one.
public protocol AnnotatedReport: Report {
  /// The sentences.
  var annotations: [Annotation] { get }
}

/// A report on an artifact.
public protocol ExaminingReport: Report {
  /// The artifact; `nil` where it was not looked at.
  var examined: Artifact? { get }
}

/// Names of columns, and rows of cells as text; a missing cell is empty.
public struct FlatTable: Hashable, Sendable {
  let columns: [String]
  let rows: [[String]]
}

/// A condition and whether it holds.
public struct TestCase: Hashable, Sendable {
  /// What became of a condition.
  public enum Outcome: Hashable, Sendable {
    /// It holds.
    case holds
    /// It does not, for a reason told as a word for programs and as a sentence.
    case fails(code: String, message: String)
    /// It was not judged, for a reason.
    case notChecked(String)
  }

  /// What kind of condition it is, as a word.
  public let group: String
  /// The condition.
  public let name: String
  /// What became of it.
  public let outcome: Outcome
}

/// A sentence about a place.
public struct Annotation: Hashable, Sendable {
  /// How bad it is.
  public enum Level: String, Hashable, Sendable {
    /// It stands in the way.
    case error
    /// It needs a look.
    case warning
    /// It is for information.
    case notice
  }

  /// How bad it is.
  public let level: Level
  /// What it is, as a word for programs.
  public let code: String
  /// The sentence.
  public let message: String
  /// What it is about.
  public let place: Place?

  init(_ level: Level, _ code: String, _ message: String, at place: Place? = nil) {
    self.level = level
    self.code = code
    self.message = message
    self.place = place
  }
}

/// Where a report is shown, and to whom.
public struct Surface: Sendable {
  /// Whether tones are shown by colours and symbols.
  public var isForTerminal: Bool
  /// The columns that a line of text may take; `nil` where it may be of any length.
  public var width: Int?
  /// How much is told to a person.
  public var detail: ReportDocument.Detail
  /// The command that made the report, as a shell takes it.
  public var commandLine: String
  /// The programs and libraries that took part, with their versions.
  public var versions: [(name: String, version: String)]

  /// Describes where a report is shown.
  ///
  /// - Parameters:
  ///   - isForTerminal: Whether tones are shown by colours and symbols.
  ///   - width: The columns that a line of text may take; `nil` where it may be of any length.
  ///   - detail: How much is told to a person.
  ///   - commandLine: The command that made the report, as a shell takes it.
  ///   - versions: The programs and libraries that took part, with their versions.
  public init(
    isForTerminal: Bool = false, width: Int? = nil, detail: ReportDocument.Detail = .normal,
    commandLine: String = "", versions: [(name: String, version: String)] = []
  ) {
    self.isForTerminal = isForTerminal
    self.width = width
    self.detail = detail
    self.commandLine = commandLine
    self.versions = versions
  }
}
