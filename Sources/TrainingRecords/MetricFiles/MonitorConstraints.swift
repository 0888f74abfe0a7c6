public import InputReading

/// What a baseline of Model Monitor requires of metrics: `constraints.json` of model quality.
///
/// Source: the developer guide's schema for constraints; an operator names the comparison that is a
/// violation, so that `LessThanThreshold` requires at least the threshold.
public struct MonitorConstraints: Sendable {
  /// A requirement.
  public struct Requirement: Hashable, Sendable {
    /// The metric, in the words of reports.
    public let metric: String
    /// `>=` or `<=`.
    public let comparison: String
    /// The threshold.
    public let threshold: Double

    /// The requirement as a gate is written.
    public var gate: String { "\(metric) \(comparison) \(threshold)" }
  }

  /// The requirements on metrics that are known, in the file's order.
  public let requirements: [Requirement]

  /// Reads a document; one that is something else has no requirements.
  public init(_ document: JSONDocument) {
    let kinds: Set<String> = [
      "regression_constraints", "binary_classification_constraints",
      "multiclass_classification_constraints",
    ]
    requirements = (document.root.object ?? []).filter { kinds.contains($0.key) }
      .flatMap { $0.value.object ?? [] }
      .compactMap { member in
        guard let metric = MetricName(member.key), metric.split == nil,
          let threshold = member.value["threshold"]?.number?.value, threshold.isFinite,
          let comparison = Self.required[member.value["comparison_operator"]?.string ?? ""]
        else { return nil }
        return Requirement(metric: metric.id, comparison: comparison, threshold: threshold)
      }
  }

  private static let required = ["LessThanThreshold": ">=", "GreaterThanThreshold": "<="]
}
