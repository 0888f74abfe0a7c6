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

/// Where a report is shown.
public struct Surface: Sendable {
  /// Whether tones are shown by colours and symbols.
  public var isForTerminal: Bool

  /// Describes where a report is shown.
  ///
  /// - Parameter isForTerminal: Whether tones are shown by colours and symbols.
  public init(isForTerminal: Bool = false) {
    self.isForTerminal = isForTerminal
  }
}
