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
      let start = metrics.count
      // A list of metrics names each beside its value.
      let name = ["name", "Name", "MetricName"].lazy.compactMap { value[$0]?.string }.first
      for member in members {
        let isValue = member.key.lowercased() == "value"
        let key = isValue ? name ?? member.key : member.key
        collect(member.value, path: path + [key], in: document, into: &metrics)
      }
      // Of two values of a metric the one without a word is the training data's.
      let heldOut = Set(
        metrics[start...].filter { ![nil, .train].contains($0.metric.split) }.map(\.metric.id))
      for index in metrics.indices[start...]
      where metrics[index].metric.split == nil && heldOut.contains(metrics[index].metric.id) {
        metrics[index] = metrics[index].ofTraining
      }
    case .array(let elements):
      for element in elements { collect(element, path: path, in: document, into: &metrics) }
    case .number(let number):
      add(
        number.value, PrintedNumber(number.text), path: path, of: value, in: document,
        into: &metrics)
    case .string(let text):
      guard let number = PrintedNumber(text) else { return }
      add(number.value, number, path: path, of: value, in: document, into: &metrics)
    case .null, .bool: break
    }
  }

  private static func add(
    _ number: Double, _ printed: PrintedNumber?, path: [String], of value: JSON,
    in document: JSONDocument, into metrics: inout [LoggedMetric]
  ) {
    let names = path.last == "value" ? path.dropLast() : path[...]
    guard let metric = MetricName(keys: names) else { return }
    metrics.append(
      LoggedMetric(
        name: String(names.suffix(8).map { $0.prefix(128) }.joined(separator: ".")), metric: metric,
        value: number,
        resolution: printed?.resolution ?? 0, place: document.place(of: value)))
  }
}
