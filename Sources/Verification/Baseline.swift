public import EvaluationMetrics
public import InputReading
internal import TrainingRecords

/// The metrics of an earlier model, which gates may be relative to.
public struct Baseline: Sendable {
  /// The file.
  public let place: Place
  private let values: [String: Double]
  private let slices: [Set<Gate.Condition>: [String: Double]]

  /// Reads what `assay metrics` or `assay verify` printed as JSON, or what a job states of its
  /// metrics: `evaluation.json` and whatever else files of metrics look like.
  ///
  /// - Throws: ``VerificationError`` if it cannot be read or has no metrics.
  public init(path: String, limits: Limits = .standard) throws(VerificationError) {
    place = Place(path)
    do throws(InputError) {
      let bytes = try InputFile.bytes(of: path, limit: limits.textSize)
      let document =
        bytes.first { $0 > 0x20 } == UInt8(ascii: "{")
        ? try JSONDocument(bytes, from: place, limits: limits) : nil
      switch document?.root["schema"]?.string {
      case "assay.metrics/1":
        values = Self.values(document?.root["metrics"])
        slices = Self.slices(document?.root["slices"])
      case "assay.verification/1":
        values = Self.values(document?.root["metrics"]?["metrics"])
        slices = Self.slices(document?.root["slices"])
      default:
        values = Self.values(try MetricFile(path: path, limits: limits).metrics)
        slices = [:]
      }
    } catch { throw .input(error) }
    guard !values.isEmpty else { throw .baselineWithoutMetrics(place) }
  }

  /// Takes the metrics of an evaluation, and of the slices that gates are on.
  public init(_ evaluation: Evaluation, slices: [Slice], at place: Place) {
    func values(_ evaluation: Evaluation) -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: evaluation.entries.compactMap { entry in
          entry.value.number.map { (entry.metric.id, $0) }
        })
    }
    self.place = place
    self.values = values(evaluation)
    self.slices = Dictionary(
      slices.map { slice in
        (
          Set(zip(slice.columns, slice.values).map { Gate.Condition(column: $0, value: $1) }),
          values(slice.evaluation)
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// Reads a baseline where one is named; on a first run the file need not be there.
  public static func of(
    _ path: String?, isFirstRun: Bool, limits: Limits = .standard
  ) throws(VerificationError) -> Baseline? {
    guard let path, !isFirstRun || FileKind(path: path) != nil else { return nil }
    return try Baseline(path: path, limits: limits)
  }

  /// The value of a metric, on a slice or on all rows; `nil` where the file does not state one.
  func value(of metric: String, in slice: [Gate.Condition]) -> Double? {
    slice.isEmpty ? values[metric] : slices[Set(slice)]?[metric]
  }

  private static func values(_ object: JSON?) -> [String: Double] {
    var values: [String: Double] = [:]
    for member in object?.object ?? [] {
      guard let value = member.value.number?.value, value.isFinite else { continue }
      values[member.key] = value
    }
    return values
  }

  private static func slices(_ list: JSON?) -> [Set<Gate.Condition>: [String: Double]] {
    var slices: [Set<Gate.Condition>: [String: Double]] = [:]
    for slice in list?.array ?? [] {
      let columns = slice["columns"]?.array ?? []
      let conditions = zip(columns, slice["values"]?.array ?? []).compactMap { column, value in
        column.string.flatMap { column in
          value.string.map { Gate.Condition(column: column, value: $0) }
        }
      }
      slices[Set(conditions)] = values(slice["metrics"])
    }
    return slices
  }

  /// What a job states of rows that it did not train on; a metric stated as several values has none.
  private static func values(_ metrics: [LoggedMetric]) -> [String: Double] {
    var values: [String: Set<Double>] = [:]
    for metric in metrics where metric.metric.split != .train && metric.value.isFinite {
      values[metric.metric.id, default: []].insert(metric.value)
    }
    return values.compactMapValues { $0.count == 1 ? $0.first : nil }
  }
}
