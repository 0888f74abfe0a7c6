internal import DataTables
internal import InputReading
internal import NumericKernels
public import Verification

/// A model's outputs as text for programs and people, rows behind rows.
public struct PredictionReport: Sendable {
  /// A way to write them.
  public enum Format: String, CaseIterable, Sendable {
    /// Comma-separated values with a header, by RFC 4180 with LF.
    case csv
    /// An object of the schema `assay.predictions/1`.
    case json
  }

  private let format: Format
  /// Whether rows were written before.
  private var hasBegun = false

  /// Creates a report without rows.
  public init(_ format: Format) {
    self.format = format
  }

  /// The text of the next rows.
  public mutating func text(of table: OutputTable) -> String {
    let head = hasBegun ? "" : head(of: table)
    let format = format
    let isFirst = !hasBegun
    hasBegun = true
    let blocks = Chunks.map(table.rowCount, size: 2_048) { rows in
      var text = ""
      for row in rows {
        switch format {
        case .csv:
          for (index, column) in table.columns.enumerated() {
            if index > 0 { text += "," }
            switch column.values {
            case .labels(let labels): text += labels[row].description.csvField
            case .numbers(let numbers): text += numbers[row].shortest
            }
          }
          text += "\n"
        case .json:
          text += isFirst && row == 0 ? "\n    [" : ",\n    ["
          for (index, column) in table.columns.enumerated() {
            if index > 0 { text += ", " }
            switch column.values {
            case .labels(let labels): text += labels[row].json.inline
            case .numbers(let numbers): text += JSONText.number(numbers[row]).inline
            }
          }
          text += "]"
        }
      }
      return text
    }
    return head + blocks.joined()
  }

  /// The text behind the last row.
  public var end: String {
    switch format {
    case .csv: ""
    case .json: "\n  ]\n}\n"
    }
  }

  private func head(of table: OutputTable) -> String {
    let names = table.columns.map(\.name)
    switch format {
    case .csv: return names.map(\.csvField).joined(separator: ",") + "\n"
    case .json:
      let columns = JSONText.array(names.map { .string($0) }).inline
      return "{\n  \"schema\": \"assay.predictions/1\",\n  \"columns\": \(columns),\n  \"rows\": ["
    }
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
