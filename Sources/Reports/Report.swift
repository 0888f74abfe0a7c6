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
