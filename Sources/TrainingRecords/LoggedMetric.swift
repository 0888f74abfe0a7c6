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
  /// The epoch, round or step that it was stated for.
  public let step: Double?
  /// The stream of the log that it stands in.
  public let stream: String?
  /// The library whose way of writing it is.
  public let framework: Framework?
  /// Where it is written.
  public let place: Place

  /// The line that it is written on.
  public var line: Int? { place.line }

  /// Creates a value.
  public init(
    name: String, metric: MetricName, value: Double, resolution: Double,
    isSinglePrecision: Bool = false, step: Double? = nil, stream: String? = nil,
    framework: Framework? = nil, place: Place
  ) {
    self.name = name
    self.metric = metric
    self.value = value
    self.resolution = resolution
    self.isSinglePrecision = isSinglePrecision
    self.step = step
    self.stream = stream
    self.framework = framework
    self.place = place
  }
}

extension LoggedMetric {
  /// The same value, of the training data.
  var ofTraining: LoggedMetric { with(metric: metric.ofTraining) }

  /// The same value of another name, or as fine as said.
  func with(metric: MetricName? = nil, resolution: Double? = nil) -> LoggedMetric {
    LoggedMetric(
      name: name, metric: metric ?? self.metric, value: value,
      resolution: resolution ?? self.resolution, isSinglePrecision: isSinglePrecision, step: step,
      stream: stream, framework: framework, place: place)
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
      return metric.with(resolution: finest.map { $0 > 0.05 && isWhole ? 0 : $0 } ?? 0)
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

  /// Reads the bytes of a number as ``init(_:isPercentage:)`` does, most of them without a detour.
  ///
  /// Up to 15 digits and a power of ten up to 22 are exact in double precision, so one division
  /// rounds rightly (Clinger 1990, doi:10.1145/93542.93557).
  init?(_ bytes: Span<UInt8>, in range: Range<Int>, isPercentage: Bool = false) {
    var index = range.lowerBound
    var isNegative = false
    if index < range.upperBound, bytes[index] == 0x2D || bytes[index] == 0x2B {
      isNegative = bytes[index] == 0x2D
      index += 1
    }
    var digits = 0
    var decimals = -1
    var mantissa: Int64 = 0
    while index < range.upperBound, digits <= 15 {
      let byte = bytes[index]
      if byte &- 0x30 < 10 {
        mantissa = 10 * mantissa + Int64(byte &- 0x30)
        digits += 1
        if decimals >= 0 { decimals += 1 }
      } else if byte == 0x2E, decimals < 0 {
        decimals = 0
      } else {
        break
      }
      index += 1
    }
    guard index == range.upperBound, (1...15).contains(digits), !isPercentage else {
      let text = String(
        decoding: (range.lowerBound..<range.upperBound).map { bytes[$0] }, as: UTF8.self)
      self.init(text, isPercentage: isPercentage)
      return
    }
    let number = Double(mantissa) / Self.powersOfTen[max(decimals, 0)]
    self.init(
      value: isNegative ? -number : number, resolution: Self.fractions[max(decimals, 0)])
  }

  /// 1, 10 … 10^15.
  private static let powersOfTen = (0...15).map { Double("1e\($0)") ?? 0 }
  /// 1, 0.1 … 10^-15, each the nearest double.
  private static let fractions = (0...15).map { Double("1e-\($0)") ?? 0 }

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
