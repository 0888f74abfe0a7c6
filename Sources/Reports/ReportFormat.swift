/// A form in which reports are printed.
///
/// Each format stands in a file of its own and says from which reports it can be made, so that a
/// new one is a new file and a row of ``all``.
public struct ReportFormat: Sendable {
  /// What people call it, in small letters.
  public let name: String
  /// What it is for, in a few words.
  public let meaning: String
  private let isMadeFrom: @Sendable (any Report.Type) -> Bool
  private let write: @Sendable (any Report, Surface) -> String?

  /// Creates a format of every report.
  ///
  /// - Parameters:
  ///   - name: What people call it.
  ///   - meaning: What it is for, in a few words.
  ///   - write: Writes a report as it is shown somewhere.
  init(
    _ name: String, _ meaning: String, write: @escaping @Sendable (any Report, Surface) -> String
  ) {
    self.init(name, meaning, of: { _ in true }, write: write)
  }

  /// Creates a format of those reports that have what it takes.
  ///
  /// - Parameters:
  ///   - name: What people call it.
  ///   - meaning: What it is for, in a few words.
  ///   - isMadeFrom: Whether it can be made from reports of a type.
  ///   - write: Writes a report as it is shown somewhere; `nil` for one of other types.
  init(
    _ name: String, _ meaning: String, of isMadeFrom: @escaping @Sendable (any Report.Type) -> Bool,
    write: @escaping @Sendable (any Report, Surface) -> String?
  ) {
    self.name = name
    self.meaning = meaning
    self.isMadeFrom = isMadeFrom
    self.write = write
  }

  /// Every format, in the order in which they are listed.
  public static let all = [
    table, json, markdown, html, csv, junit, github, sarif, sagemaker, mlflow,
  ]

  /// The formats of a type of reports.
  public static func formats(of report: any Report.Type) -> [ReportFormat] {
    all.filter { $0.isMadeFrom(report) }
  }

  /// A report in this format.
  ///
  /// - Parameters:
  ///   - report: The report, of a type that has this format.
  ///   - surface: Where it is shown.
  /// - Returns: the text.
  public func text(of report: any Report, on surface: Surface = Surface()) -> String {
    guard let text = write(report, surface) else {
      preconditionFailure("\(name) is no format of \(type(of: report))")
    }
    return text
  }
}
