public import InputReading

/// A metric's value as a job states it.
public struct LoggedMetric: Hashable, Sendable {
  /// The name as it is written.
  public let name: String
  /// What it is a name of.
  public let metric: MetricName
  /// The value, of a percentage its hundredth.
  ///
  /// It is not finite where the job wrote so.
  public let value: Double
  /// The unit of the last digit written: 0.001 for `0.905` and for `90.5%`.
  public let resolution: Double
  /// Whether the value was stored in single precision.
  public let isSinglePrecision: Bool
  /// Where it is written.
  public let place: Place

  /// The line that it is written on.
  public var line: Int? {
    if case .line(let line) = place.position { line } else { nil }
  }

  /// Creates a value.
  public init(
    name: String, metric: MetricName, value: Double, resolution: Double,
    isSinglePrecision: Bool = false, place: Place
  ) {
    self.name = name
    self.metric = metric
    self.value = value
    self.resolution = resolution
    self.isSinglePrecision = isSinglePrecision
    self.place = place
  }
}

extension LoggedMetric {
  /// The same value, of the training data.
  var ofTraining: LoggedMetric {
    LoggedMetric(
      name: name, metric: metric.ofTraining, value: value, resolution: resolution,
      isSinglePrecision: isSinglePrecision, place: place)
  }
}

extension [LoggedMetric] {
  /// The same values; a file that writes numbers without trailing zeros does not tell how it rounded
  /// 1.0 or 0.9, so these are taken to be as fine as the finest value beside them.
  ///
  /// A whole number with none beside it is exact.
  var withSharedResolution: [LoggedMetric] {
    let finest = map(\.resolution).filter { $0 > 0 }.min()
    return map { metric in
      guard metric.resolution > 0.05 || metric.resolution == 0 else { return metric }
      let isWhole = metric.value == metric.value.rounded()
      return LoggedMetric(
        name: metric.name, metric: metric.metric, value: metric.value,
        resolution: finest.map { $0 > 0.05 && isWhole ? 0 : $0 } ?? 0,
        isSinglePrecision: metric.isSinglePrecision, place: metric.place)
    }
  }
}

/// A number as it is printed: its value and how fine it is.
struct PrintedNumber: Hashable {
  let value: Double
  let resolution: Double

  init(value: Double, resolution: Double) {
    self.value = value
    self.resolution = resolution
  }

  /// What Python prints for a number that is none.
  init(notFinite word: some StringProtocol) {
    self.init(value: word == "nan" ? .nan : .infinity, resolution: 0)
  }

  /// Reads ASCII decimal digits with an optional sign and exponent; `nil` for anything else.
  init?(_ text: some StringProtocol, isPercentage: Bool = false) {
    guard let value = Double(decimal: text) else { return nil }
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let digits = decimals.count == 2 ? decimals[1].count : 0
    // An exponent may be any number that 0 is multiplied by.
    let shift = max(exponent, -1_000) - digits - (isPercentage ? 2 : 0)
    // Powers of ten are exact when read, and not when multiplied up.
    resolution = Double("1e\(shift)") ?? 0
    self.value = isPercentage ? Double("\(value)e-2") ?? value / 100 : value
  }
}
