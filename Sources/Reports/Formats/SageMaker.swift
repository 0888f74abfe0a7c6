extension ReportFormat {
  /// SageMaker's evaluation.json.
  static let sagemaker = ReportFormat(
    "sagemaker", "evaluation.json, SageMaker's model quality",
    of: { $0 is any MeasuredReport.Type }
  ) { report, _ in
    (report as? any MeasuredReport).map { report in
      (report.measured.flatMap { ModelQuality($0).json } ?? .object([])).text
    }
  }
}
