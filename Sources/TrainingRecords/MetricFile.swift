public import InputReading

/// The metrics in a JSON file, in whatever nesting.
public struct MetricFile: Sendable {
  /// Every metric found, in the order of the file.
  public let metrics: [LoggedMetric]

  /// Reads the metrics of a document.
  ///
  /// A number is a metric if its key is a metric's name, with the keys around it for the split and
  /// the average. In `{"accuracy": {"value": 0.9}}` the outer key names it.
  public init(_ document: JSONDocument) {
    var metrics: [LoggedMetric] = []
    Self.collect(document.root, path: [], in: document, into: &metrics)
    self.metrics = metrics.withSharedResolution
  }

  private static func collect(
    _ value: JSON, path: [String], in document: JSONDocument, into metrics: inout [LoggedMetric]
  ) {
    switch value.content {
    case .object(let members):
      for member in members {
        collect(member.value, path: path + [member.key], in: document, into: &metrics)
      }
    case .array(let elements):
      for element in elements { collect(element, path: path, in: document, into: &metrics) }
    case .number(let number):
      let names = path.last == "value" ? path.dropLast() : path[...]
      guard let last = names.last, MetricName(last) != nil,
        let metric = MetricName(names.joined(separator: " "))
      else { return }
      // Under a key that is no average, these may be one class's.
      if ["precision", "recall", "f1"].contains(metric.id),
        !names.dropLast().allSatisfy(MetricName.isContext)
      {
        return
      }
      let printed = PrintedNumber(number.text)
      metrics.append(
        LoggedMetric(
          name: names.joined(separator: "."), metric: metric, value: number.value,
          resolution: printed?.resolution ?? 0, place: document.place(of: value)))
    case .null, .bool, .string: break
    }
  }
}
