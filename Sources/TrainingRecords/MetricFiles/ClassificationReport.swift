internal import InputReading
internal import TextSearch

/// scikit-learn's `classification_report` as text.
///
/// ```
///               precision    recall  f1-score   support
///            0       0.95      0.90      0.92        53
///     accuracy                           0.95       143
///    macro avg       0.95      0.94      0.95       143
/// ```
struct ClassificationReport {
  let metrics: [LoggedMetric]

  /// Reads the averages; `nil` where the text has no such header.
  init?(_ bytes: [UInt8], from place: Place) {
    let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let columns = ["precision", "recall", "f1-score", "support"]
    let header = lines.firstIndex { line in
      let words = String(decoding: line.prefix(1 << 10), as: UTF8.self).split { $0.isWhitespace }
      return words.map(String.init) == columns
    }
    guard let header else { return nil }
    let styles = LogStyles()
    var metrics: [LoggedMetric] = []
    for index in lines.indices[(header + 1)...] {
      let line = Array(lines[index].prefix(1 << 10))
      for stated in styles.read(line, framework: .scikitLearn).metrics {
        metrics.append(
          LoggedMetric(
            name: stated.name, metric: stated.metric, value: stated.number.value,
            resolution: stated.number.resolution, framework: .scikitLearn,
            place: place.at(.line(index + 1))))
      }
    }
    self.metrics = metrics
  }
}
