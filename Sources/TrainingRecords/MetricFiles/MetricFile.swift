public import InputReading

/// The metrics that a file or folder states, in any of the forms that training leaves behind.
public struct MetricFile: Sendable {
  /// What the job ends with, in the order of the file.
  public let metrics: [LoggedMetric]
  /// The metrics whose values are told step by step.
  public let series: [MetricSeries]

  /// Reads a JSON document, in whatever nesting.
  public init(_ document: JSONDocument) {
    self.init(
      metrics: FinalMetricList(document)?.metrics ?? NestedMetrics(document).metrics, series: [])
  }

  /// Reads a file or folder.
  ///
  /// | form | known by |
  /// |---|---|
  /// | metrics in any nesting, `evaluation.json`, statistics of Model Monitor, DVC's `metrics.json` | JSON |
  /// | FinalMetricDataList | JSON: objects with MetricName and Value |
  /// | Keras's and Lightning's CSV logs, DVCLive's plots | a header with names of metrics |
  /// | scikit-learn's classification_report | its header |
  /// | a run of MLflow | a folder with a folder `metrics` |
  /// | a folder of DVCLive | a folder with `metrics.json` |
  ///
  /// - Throws: `InputError` if it cannot be read.
  public init(path: String, limits: Limits = .standard) throws(InputError) {
    if FileKind(path: path) == .folder {
      let names = try InputFile.names(in: path)
      if names.contains("metrics.json") {
        try self.init(path: path + "/metrics.json", limits: limits)
      } else {
        self.init(series: try MLflowRun(folder: path, limits: limits).series)
      }
      return
    }
    let bytes = try InputFile.bytes(of: path, limit: limits.textSize)
    let place = Place(path)
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if path.hasSuffix(".json") || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      self.init(try JSONDocument(bytes, from: place, limits: limits))
    } else if let report = ClassificationReport(bytes, from: place) {
      self.init(metrics: report.metrics, series: [])
    } else {
      self.init(series: MetricTable(bytes, from: place).series)
    }
  }

  private init(metrics: [LoggedMetric], series: [MetricSeries]) {
    self.metrics = metrics
    self.series = series
  }

  private init(series: [MetricSeries]) {
    self.init(metrics: series.map(\.result), series: series)
  }
}
