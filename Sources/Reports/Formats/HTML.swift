extension ReportFormat {
  /// A page of its own.
  static let html = ReportFormat(
    "html", "a page with curves, whole by itself", of: { $0 is any IllustratedReport.Type }
  ) { report, surface in
    guard let report = report as? any IllustratedReport else { return nil }
    let provenance = Page.Provenance(
      commandLine: surface.commandLine, versions: surface.versions,
      inputs: report.inputs.map { Page.Provenance.Input(path: $0) })
    return Page(title: report.title, document: report.page, provenance: provenance).html
  }
}
