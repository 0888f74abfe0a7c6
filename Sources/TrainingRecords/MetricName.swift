/// A part of a job's data.
public enum Split: String, Hashable, Sendable {
  /// What the model was trained on.
  case train
  /// What was held out while training.
  case validation
  /// What was held out until the end.
  case test
}

/// A metric's name as jobs write it, in the words of reports.
///
/// `Validation accuracy`, `validation:accuracy`, `val_acc` and `eval_accuracy` are all the
/// validation split's `accuracy`.
public struct MetricName: Hashable, Sendable {
  /// The metric as Assay names it.
  public let id: String
  /// The data that it was measured on, where the name says so.
  public let split: Split?

  /// Reads a name; `nil` where it is no metric's.
  ///
  /// Letter case and what parts words do not matter. Words before the name, such as a log's level,
  /// are passed over, unless they make it another thing: a target, a baseline, the best so far.
  public init?(_ text: some StringProtocol) {
    let words = Self.words(of: text)
    for start in words.indices {
      guard let name = Self.known(words[start...]) else { continue }
      if start > 0, Self.otherThings.contains(words[start - 1]) { return nil }
      self = name
      return
    }
    return nil
  }

  private init(id: String, split: Split?) {
    self.id = id
    self.split = split
  }

  /// The name that all the words together are, in any order of split, average and metric.
  private static func known(_ words: ArraySlice<String>) -> MetricName? {
    var split: Split?
    var average: String?
    var rest: [String] = []
    for word in words {
      if let found = splits[word], split == nil {
        split = found
      } else if averages.contains(word), average == nil {
        average = word
      } else {
        rest.append(word)
      }
    }
    if average != nil { rest.removeAll { $0 == "avg" || $0 == "average" } }
    guard let id = aliases[rest.joined(separator: "_")] else { return nil }
    guard let average else { return MetricName(id: id, split: split) }
    if averaged.contains(id) { return MetricName(id: "\(id)_\(average)", split: split) }
    guard id.hasPrefix("roc_auc_ov") else { return nil }
    return MetricName(id: average == "macro" ? id : "\(id)_\(average)", split: split)
  }

  /// Whether a key around a metric says nothing but where it was measured.
  static func isContext(_ key: String) -> Bool {
    words(of: key).allSatisfy { splits[$0] != nil || contextWords.contains($0) }
  }

  private static let contextWords: Set<String> = [
    "metrics", "metric", "results", "result", "scores", "score", "final", "performance", "report",
    "binary", "classification", "model", "data", "set", "summary",
  ]

  private static func words(of text: some StringProtocol) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private static let splits: [String: Split] = [
    "train": .train, "training": .train,
    "val": .validation, "valid": .validation, "validation": .validation, "dev": .validation,
    "eval": .validation, "evaluation": .validation, "holdout": .validation,
    "test": .test, "testing": .test,
  ]

  private static let averages: Set<String> = ["macro", "micro", "weighted"]
  private static let averaged: Set<String> = ["precision", "recall", "f1"]

  /// Words that make the metric behind them something else than a result.
  private static let otherThings: Set<String> = [
    "target", "baseline", "threshold", "required", "minimum", "min", "expected", "goal", "previous",
    "old", "best", "max", "maximum", "wanted", "desired", "desire", "needed",
  ]

  private static let aliases: [String: String] = [
    "accuracy": "accuracy", "acc": "accuracy", "accuracy_score": "accuracy",
    "balanced_accuracy": "balanced_accuracy", "balanced_accuracy_score": "balanced_accuracy",
    "precision": "precision", "precision_score": "precision", "ppv": "precision",
    "recall": "recall", "recall_score": "recall", "sensitivity": "recall", "tpr": "recall",
    "specificity": "specificity", "tnr": "specificity",
    "f1": "f1", "f1_score": "f1", "f1score": "f1", "f_1": "f1",
    "jaccard": "jaccard", "jaccard_score": "jaccard",
    "matthews_corrcoef": "matthews_corrcoef", "mcc": "matthews_corrcoef",
    "cohen_kappa": "cohen_kappa", "cohen_kappa_score": "cohen_kappa", "kappa": "cohen_kappa",
    "roc_auc": "roc_auc", "roc_auc_score": "roc_auc", "auc": "roc_auc", "auroc": "roc_auc",
    "auc_roc": "roc_auc", "rocauc": "roc_auc",
    "roc_auc_ovr": "roc_auc_ovr", "roc_auc_ovo": "roc_auc_ovo",
    "average_precision": "average_precision", "average_precision_score": "average_precision",
    "log_loss": "log_loss", "logloss": "log_loss",
    "brier_score": "brier_score", "brier_score_loss": "brier_score", "brier": "brier_score",
  ]
}
