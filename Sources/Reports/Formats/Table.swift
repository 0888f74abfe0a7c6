extension ReportFormat {
  /// Aligned text.
  public static let table = ReportFormat("table", "aligned text") { report, surface in
    report.document.text(
      isForTerminal: surface.isForTerminal, width: surface.width, detail: surface.detail)
  }
}
