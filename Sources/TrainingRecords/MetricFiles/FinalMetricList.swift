internal import InputReading

/// The service's list of final metrics: objects with `MetricName` and `Value`, in single precision.
struct FinalMetricList {
  let metrics: [LoggedMetric]

  /// Reads a list, by itself or as a description's `FinalMetricDataList`; `nil` where there is none.
  init?(_ document: JSONDocument) {
    let root = RecordNode(document)
    let entries = (root["FinalMetricDataList"] ?? root).elements
    guard let first = entries.first, first["MetricName"] != nil, first["Value"] != nil else {
      return nil
    }
    self.init(entries, framework: nil, at: document.place)
  }

  /// Reads the entries of a list; those without a known name and a number are passed over.
  init(_ entries: [RecordNode], framework: Framework?, at place: Place) {
    metrics =
      entries.compactMap { entry in
        guard let name = entry["MetricName"]?.string, let value = entry["Value"],
          let number = value.number,
          let metric = MetricName(name, framework: framework)
        else { return nil }
        // The service stores single precision; its shortest digits are those that the log had.
        let printed = PrintedNumber("\(Float(number))")
        return LoggedMetric(
          name: name, metric: metric, value: printed?.value ?? number,
          resolution: printed?.resolution ?? 0, isSinglePrecision: true, framework: framework,
          place: place.at(.line(value.line)))
      }.withSharedResolution
  }
}
