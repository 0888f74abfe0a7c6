extension ReportFormat {
  /// GitHub's Markdown.
  static let markdown = ReportFormat("markdown", "GitHub's, for a comment") { report, _ in
    report.document.markdown
  }
}
