internal import EvaluationMetrics

extension ReportFormat {
  /// Comma-separated values with a header, by RFC 4180 with LF.
  static let csv = ReportFormat(
    "csv", "a row for each value", of: { $0 is any TabularReport.Type }
  ) { report, _ in (report as? any TabularReport)?.table.csv }
}

extension FlatTable {
  /// Comma-separated values with a header.
  var csv: String {
    ([columns] + rows).map { $0.map(\.csvField).joined(separator: ",") + "\n" }.joined()
  }
}

extension String {
  /// The text as a field of comma-separated values, in quotes where it has to be.
  var csvField: String {
    let isSpecial = utf8.contains { ",\"\n\r".utf8.contains($0) }
    guard isSpecial || first == " " || last == " " else { return self }
    return "\"" + replacing("\"", with: "\"\"") + "\""
  }
}

extension MeasuredReport {
  /// A row for each metric of all rows, then of each slice.
  public var table: FlatTable {
    var rows: [[String]] = []
    func add(_ evaluation: Evaluation, slice: String) {
      for entry in evaluation.entries {
        var reason = ""
        if case .undefined(let undefined) = entry.value { reason = undefined.rawValue }
        let interval = entry.interval
        rows.append([
          slice, entry.metric.id, entry.value.number?.shortest ?? "",
          interval?.low.shortest ?? "", interval?.high.shortest ?? "",
          interval?.level.shortest ?? "", interval?.method.rawValue ?? "", reason,
        ])
      }
    }
    if let measured { add(measured, slice: "") }
    for slice in measuredSlices { add(slice.evaluation, slice: slice.words) }
    return FlatTable(
      columns: ["slice", "metric", "value", "low", "high", "level", "method", "undefined"],
      rows: rows)
  }
}
