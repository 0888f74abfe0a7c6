internal import InputReading

/// A run in MLflow's folders: `metrics/<name>` has a line `<milliseconds> <value> <step>` for each
/// value, and a name with slashes is a path.
struct MLflowRun {
  let series: [MetricSeries]

  init(folder: String, limits: Limits) throws(InputError) {
    var series: [MetricSeries] = []
    for name in try Self.names(below: folder + "/metrics", prefix: "", depth: 0) {
      guard let metric = MetricName(name) else { continue }
      let place = Place("\(folder)/metrics/\(name)")
      let text = try InputFile.text(of: place.file, limit: limits.textSize)
      var collector: SeriesCollector?
      var line = 0
      for record in text.split(separator: "\n", omittingEmptySubsequences: false) {
        line += 1
        let words = record.split(separator: " ")
        guard words.count >= 2, let number = PrintedNumber(cell: String(words[1])) else { continue }
        let point = SeriesPoint(
          number: number, step: words.count > 2 ? Double(decimal: words[2]) : nil, line: line)
        if collector == nil {
          collector = SeriesCollector(
            name: name, metric: metric, stream: nil, framework: nil, first: point)
        }
        collector?.add(point, isFinal: false)
      }
      if let collector { series.append(collector.series(in: place)) }
    }
    self.series = series
  }

  private static func names(
    below folder: String, prefix: String, depth: Int
  ) throws(InputError) -> [String] {
    guard depth < deepest else { return [] }
    var names: [String] = []
    for name in try InputFile.names(in: folder) {
      if FileKind(path: "\(folder)/\(name)") == .folder {
        names += try Self.names(
          below: "\(folder)/\(name)", prefix: "\(prefix)\(name)/", depth: depth + 1)
      } else {
        names.append(prefix + name)
      }
    }
    return names
  }

  /// Slashes in a metric's name.
  private static let deepest = 8
}
