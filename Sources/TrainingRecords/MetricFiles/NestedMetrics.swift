internal import InputReading

/// The metrics in JSON, in whatever nesting.
///
/// A number is a metric if its key is a metric's name, with the keys around it for the split and the
/// average. In `{"accuracy": {"value": 0.9}}`, as SageMaker's evaluation files and Model Monitor's
/// statistics have it, the outer key names it; so does a name beside the value, as in model cards.
struct NestedMetrics {
  /// Every metric found, in the order of the file.
  let metrics: [LoggedMetric]

  /// Reads the metrics of a document.
  init(_ document: JSONDocument) {
    var found: [Found] = []
    Self.collect(document.root, path: [], in: document, into: &found)
    // Of several values of a metric, those under words of their own are of parts of the data.
    let counts = Dictionary(found.map { ($0.metric.metric, 1) }, uniquingKeysWith: +)
    metrics =
      found.filter { !$0.isPart || counts[$0.metric.metric] == 1 }.map(\.metric)
      .withSharedResolution
  }

  private struct Found {
    var metric: LoggedMetric
    /// Whether a key around it may name a part of the data.
    let isPart: Bool
  }

  private static func collect(
    _ value: JSON, path: [String], in document: JSONDocument, into found: inout [Found]
  ) {
    switch value.content {
    case .object(let members):
      let start = found.count
      // A list of metrics names each beside its value.
      let name = ["name", "Name", "MetricName"].lazy.compactMap { value[$0]?.string }.first
      for member in members {
        let isValue = member.key.lowercased() == "value"
        let key = isValue ? name ?? member.key : member.key
        collect(member.value, path: path + [key], in: document, into: &found)
      }
      // Of two values of a metric the one without a word is the training data's.
      let heldOut = Set(
        found[start...].map(\.metric.metric).filter { ![nil, .train].contains($0.split) }.map(\.id))
      for index in found.indices[start...] {
        let metric = found[index].metric
        guard metric.metric.split == nil, heldOut.contains(metric.metric.id) else { continue }
        found[index].metric = metric.ofTraining
      }
    case .array(let elements):
      for element in elements { collect(element, path: path, in: document, into: &found) }
    case .number(let number):
      add(
        number.value, PrintedNumber(number.text), path: path, of: value, in: document,
        into: &found)
    case .string(let text):
      guard let number = PrintedNumber(text) else { return }
      add(number.value, number, path: path, of: value, in: document, into: &found)
    case .null, .bool: break
    }
  }

  private static func add(
    _ number: Double, _ printed: PrintedNumber?, path: [String], of value: JSON,
    in document: JSONDocument, into found: inout [Found]
  ) {
    let names = path.last == "value" ? path.dropLast() : path[...]
    var isPart = false
    guard let metric = MetricName(keys: names, isPart: &isPart) else { return }
    // Keys may be long; the innermost ones tell the value apart.
    let name = names.suffix(8).map { $0.prefix(128) }.joined(separator: ".")
    found.append(
      Found(
        metric: LoggedMetric(
          name: name, metric: metric, value: number, resolution: printed?.resolution ?? 0,
          place: document.place(of: value)),
        isPart: isPart))
  }
}
