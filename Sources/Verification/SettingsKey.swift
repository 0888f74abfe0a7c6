/// A key of `assay.yaml`: its name, what it holds, and what it means.
///
/// The list is what the file's JSON Schema and its commented template are made from.
public struct SettingsKey: Sendable {
  /// What a key holds.
  public enum Kind: Sendable {
    /// A path, relative to the file's folder.
    case path
    /// A path, or a list of them.
    case paths
    /// A class label.
    case label
    /// A number from a lowest one up.
    case number(lowest: Double?)
    /// A list of conditions.
    case gates
    /// Other keys, each with a column's name.
    case columns([String])
    /// One of some words.
    case choice([String])
  }

  /// The key.
  public let name: String
  /// What it holds.
  public let kind: Kind
  /// What it means, in a sentence.
  public let meaning: String

  /// Every key, in the order of the template.
  public static let all: [SettingsKey] = [
    SettingsKey(
      name: "job", kind: .path,
      meaning: "The job's description: what 'aws sagemaker describe-training-job' prints."),
    SettingsKey(name: "artifact", kind: .path, meaning: "The model's artifact."),
    SettingsKey(name: "logs", kind: .paths, meaning: "Logs, or folders of logs."),
    SettingsKey(
      name: "metrics", kind: .paths,
      meaning: "Files of metrics that the job states, or archives with one."),
    SettingsKey(
      name: "predictions", kind: .path,
      meaning: "Labels with scores or predictions on held-out rows."),
    SettingsKey(
      name: "holdout", kind: .path,
      meaning: "Features and labels, to predict with the artifact and evaluate."),
    SettingsKey(
      name: "training_data", kind: .path,
      meaning: "The rows that the model was trained on; none of the holdout rows may be among them."
    ),
    SettingsKey(
      name: "sample", kind: .path, meaning: "Features, then the outputs recorded for them."),
    SettingsKey(
      name: "output", kind: .path, meaning: "Where the report goes instead of standard output."),
    SettingsKey(
      name: "columns", kind: .columns(["label", "score", "prediction", "weight", "id"]),
      meaning: "Which columns of the predictions mean what; without it the usual names are tried."),
    SettingsKey(
      name: "positive_label", kind: .label,
      meaning: "The positive class; needed unless labels are 0/1, -1/1 or false/true."),
    SettingsKey(
      name: "threshold", kind: .number(lowest: nil),
      meaning: "Predicted positive is a score above this."),
    SettingsKey(
      name: "gates", kind: .gates,
      meaning: """
        What is required of the metrics, such as 'accuracy > 0.90', 'accuracy > 0.90 at 95%' of its \
        interval, 'recall > 0.8 where region = eu' of some rows, 'roc_auc >= baseline - 0.01'.
        """),
    SettingsKey(
      name: "baseline", kind: .path,
      meaning: "The metrics of an earlier model, as 'assay verify --format json' prints them."),
    SettingsKey(
      name: "tolerance", kind: .number(lowest: 0),
      meaning: "How far a stated value may lie from the recomputed one, besides its rounding."),
    SettingsKey(
      name: "inference", kind: .choice(Settings.Inference.allCases.map(\.rawValue)),
      meaning: "Whether an artifact that cannot be run leaves the question open, or is passed over."
    ),
  ]
}
