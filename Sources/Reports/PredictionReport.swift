internal import DataTables
internal import InputReading
public import Verification

/// A model's outputs as text for programs and people.
public struct PredictionReport: Sendable {
  private let table: OutputTable

  /// Creates a report.
  public init(_ table: OutputTable) {
    self.table = table
  }

  /// The object of the schema `assay.predictions/1`.
  public var json: JSONText {
    .object([
      ("schema", .string("assay.predictions/1")),
      ("columns", .array(table.columns.map { .string($0.name) })),
      (
        "rows",
        .array(
          (0..<table.rowCount).map { row in
            .array(
              table.columns.map { column in
                switch column.values {
                case .labels(let labels): labels[row].json
                case .numbers(let numbers): .number(numbers[row])
                }
              })
          })
      ),
    ])
  }

  /// Comma-separated values with a header, by RFC 4180 with LF.
  public var csv: String {
    var text = table.columns.map { Self.field($0.name) }.joined(separator: ",") + "\n"
    for row in 0..<table.rowCount {
      let cells = table.columns.map { column in
        switch column.values {
        case .labels(let labels): Self.field(labels[row].description)
        case .numbers(let numbers): numbers[row].shortest
        }
      }
      text += cells.joined(separator: ",") + "\n"
    }
    return text
  }

  private static func field(_ text: String) -> String {
    let isSpecial = text.utf8.contains { ",\"\n\r".utf8.contains($0) }
    guard isSpecial || text.first == " " || text.last == " " else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

/// How a model's outputs compare with recorded ones, as a report.
public struct ComparisonReport: Sendable {
  private let comparison: RecordedOutputs.Comparison

  /// Creates a report.
  public init(_ comparison: RecordedOutputs.Comparison) {
    self.comparison = comparison
  }

  /// The cells that differ, a line each; one line where none does.
  public var lines: [String] {
    guard !comparison.agrees else {
      return [
        "\(String(comparison.rowCount, of: "row")) as recorded; the greatest difference is "
          + comparison.greatestDifference.shortest
      ]
    }
    let shown = comparison.mismatches.prefix(20).map {
      "row \($0.row), column '\($0.column)': \($0.found) where \($0.recorded) is recorded"
    }
    let rest = comparison.mismatches.count - shown.count
    return shown + (rest > 0 ? ["and \(rest) more"] : [])
  }
}
