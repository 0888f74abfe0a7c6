extension ReportFormat {
  /// An object that names its schema.
  static let json = ReportFormat("json", "one object that names its schema") { report, _ in
    report.json.text
  }
}
