internal import InputReading

/// The values of one metric in a log: however many there are, those that matter are kept.
public struct MetricSeries: Hashable, Sendable {
  /// The name as it is written first, or as the job defines it.
  public let name: String
  /// What it is a name of.
  public let metric: MetricName
  /// The stream that it stands in, where the log has several.
  public let stream: String?
  /// How many values there are.
  public let count: Int
  /// The value stated first.
  public let first: LoggedMetric
  /// The value stated last.
  public let last: LoggedMetric
  /// The lowest value; of equal ones the first.
  public let lowest: LoggedMetric
  /// The highest value; of equal ones the first.
  public let highest: LoggedMetric
  /// The value stated without a step behind those of steps, or as final; `nil` where there is none.
  public let final: LoggedMetric?

  /// The best value of all.
  public var best: LoggedMetric { metric.isLowerBetter ? lowest : highest }
  /// What the job ends with.
  public var result: LoggedMetric { final ?? last }
}

/// A value as it is kept while a log is read.
struct SeriesPoint {
  var number: PrintedNumber
  var step: Double?
  var line: Int
}

/// Collects a series.
struct SeriesCollector {
  let name: String
  let metric: MetricName
  let stream: String?
  let framework: Framework?
  private var count = 0
  private var first: SeriesPoint
  private var last: SeriesPoint
  private var lowest: SeriesPoint
  private var highest: SeriesPoint
  private var final: SeriesPoint?
  private var hasSteps = false
  private var isFinalNamed = false

  init(
    name: String, metric: MetricName, stream: String?, framework: Framework?, first: SeriesPoint
  ) {
    self.name = name
    self.metric = metric
    self.stream = stream
    self.framework = framework
    self.first = first
    last = first
    lowest = first
    highest = first
  }

  /// Takes the next value.
  ///
  /// - Parameters:
  ///   - point: The value.
  ///   - isFinal: Whether its line says that it is the final one.
  mutating func add(_ point: SeriesPoint, isFinal: Bool) {
    count += 1
    last = point
    if point.number.value < lowest.number.value { lowest = point }
    if point.number.value > highest.number.value { highest = point }
    // NaN is below and above nothing, and so would stay.
    if lowest.number.value.isNaN { lowest = point }
    if highest.number.value.isNaN { highest = point }
    if isFinal || (point.step == nil && hasSteps && !isFinalNamed) {
      final = point
      isFinalNamed = isFinal
    } else if point.step != nil, !isFinalNamed {
      final = nil
    }
    hasSteps = hasSteps || point.step != nil
  }

  /// The series, of a file.
  func series(in place: Place) -> MetricSeries {
    func value(_ point: SeriesPoint) -> LoggedMetric {
      LoggedMetric(
        name: name, metric: metric, value: point.number.value, resolution: point.number.resolution,
        step: point.step, stream: stream, framework: framework, place: place.at(.line(point.line)))
    }
    return MetricSeries(
      name: name, metric: metric, stream: stream, count: count, first: value(first),
      last: value(last), lowest: value(lowest), highest: value(highest), final: final.map(value))
  }
}
