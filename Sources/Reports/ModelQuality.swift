internal import DataTables
internal import EvaluationMetrics
internal import InputReading

/// Metrics in the schema of SageMaker Model Monitor's model quality, which pipelines read as
/// evaluation.json and the Model Registry as statistics.json.
///
/// Source: the developer guide's "Model quality metrics".
struct ModelQuality {
  private let task: String
  private let rowCount: Int?
  private let matrix: (labels: [String], counts: [[Double?]])?
  private let value: (_ metric: String) -> Double?

  /// Takes the metrics of an evaluation.
  init(_ evaluation: Evaluation) {
    task = evaluation.task.rawValue
    rowCount = evaluation.rowCount
    let indices = evaluation.labels.indices
    matrix = evaluation.matrix.map { matrix in
      (
        evaluation.labels.map(\.description),
        indices.map { row in indices.map { matrix[row, $0] } }
      )
    }
    value = { evaluation[$0]?.number }
  }

  /// Takes what a report says of an evaluation; `nil` where it is no object.
  init?(_ evaluation: JSON) {
    guard let values = evaluation["metrics"] else { return nil }
    task = evaluation["task"]?.string ?? ""
    rowCount = evaluation["rows"]?.number.flatMap { Int(exactly: $0.value) }
    let matrix = evaluation["confusion_matrix"]
    let labels = matrix?["labels"]?.array?.compactMap { $0.string ?? $0.number?.text } ?? []
    let counts = matrix?["counts"]?.array ?? []
    self.matrix =
      labels.isEmpty || labels.count != counts.count
      ? nil : (labels, counts.map { ($0.array ?? []).map { $0.number?.value } })
    value = { values[$0]?.number?.value }
  }

  /// The object; `nil` where the schema has no name for any of the metrics.
  var json: JSONText? {
    guard let kind = Self.kinds[task] else { return nil }
    var members: [(String, JSONText)] = []
    if kind.hasMatrix, let matrix {
      members.append(
        (
          "confusion_matrix",
          .object(
            zip(matrix.labels, matrix.counts).map { label, row in
              (label, .object(zip(matrix.labels, row).map { ($0, JSONText($1)) }))
            })
        ))
    }
    members += kind.metrics.compactMap { metric in
      value(metric.own).map { value in
        (
          metric.name,
          .object([
            ("value", .number(metric.isComplement ? 1 - value : value)),
            // A deviation needs resampled rows, and the schema has a word for none.
            ("standard_deviation", .string("NaN")),
          ])
        )
      }
    }
    guard !members.isEmpty else { return nil }
    return .object([
      ("version", .number(0)), ("dataset", .object([("item_count", JSONText(rowCount))])),
      (kind.name, .object(members)),
    ])
  }

  /// A kind of problem in the schema: the object's name, and what its metrics are called.
  private struct Kind {
    let name: String
    var hasMatrix = true
    let metrics: [(name: String, own: String, isComplement: Bool)]
  }

  private static let kinds: [String: Kind] = [
    "binary": Kind(
      name: "binary_classification_metrics",
      metrics: [
        ("recall", "recall", false), ("precision", "precision", false),
        ("accuracy", "accuracy", false), ("true_positive_rate", "recall", false),
        ("true_negative_rate", "specificity", false), ("auc", "roc_auc", false),
        ("f0_5", "f0_5", false), ("f1", "f1", false), ("f2", "f2", false),
        ("false_positive_rate", "specificity", true), ("false_negative_rate", "recall", true),
      ]),
    "multiclass": Kind(
      name: "multiclass_classification_metrics",
      metrics: [
        ("accuracy", "accuracy", false), ("weighted_recall", "recall_weighted", false),
        ("weighted_precision", "precision_weighted", false), ("weighted_f1", "f1_weighted", false),
      ]),
    "regression": Kind(
      name: "regression_metrics", hasMatrix: false,
      metrics: [
        ("mae", "mean_absolute_error", false), ("mse", "mean_squared_error", false),
        ("rmse", "root_mean_squared_error", false), ("r2", "r2", false),
      ]),
  ]
}
