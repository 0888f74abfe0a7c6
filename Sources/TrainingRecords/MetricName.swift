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
  /// Letter case and what parts words do not matter. Before the name there may be what a log puts
  /// there, such as its level, and words that only say where the metric was measured; any other word
  /// makes it another thing: a target, the best so far, one class's, the top five's.
  public init?(_ text: some StringProtocol) {
    let words = Self.words(of: text)
    for start in words.indices.suffix(Self.longestName) {
      guard let name = Self.known(words[start...]) else { continue }
      guard Self.isPrefix(words[..<start], ofSplit: name.split != nil) else { return nil }
      self = name
      return
    }
    return nil
  }

  /// Reads the keys around a value in a file, the innermost last; `nil` where they name no metric.
  ///
  /// Keys may say where it was measured and how it was averaged. Under any other key a measure that
  /// classes have each may be one class's.
  ///
  /// - Parameters:
  ///   - keys: The keys, the outermost first.
  ///   - isPart: Set where a key is no such word, and may name a part of the data.
  init?(keys: some BidirectionalCollection<String>, isPart: inout Bool) {
    isPart = false
    guard let last = keys.last, Self.endsText(last) else { return nil }
    // A long key is no name, and a value under many keys is described by the innermost.
    let context = keys.dropLast().suffix(Self.longestName).flatMap { key in
      key.utf8.count <= Self.longestKey ? Self.words(of: key) : [""]
    }
    if let whole = Self.known((context + Self.words(of: last))[...]) {
      self = whole
      return
    }
    guard let own = MetricName(last) else { return nil }
    guard !context.contains(where: { Self.otherThings.contains($0) }) else { return nil }
    let isPlain = context.allSatisfy { Self.splits[$0] != nil || Self.contextWords.contains($0) }
    guard isPlain || !["precision", "recall", "f1"].contains(own.id) else { return nil }
    isPart = !isPlain
    self.init(
      id: own.id, split: own.split ?? context.lazy.compactMap { Self.splits[$0] }.first)
  }

  /// Whether a metric's name stands at the end of the text, whatever comes before it.
  static func endsText(_ text: some StringProtocol) -> Bool {
    let words = Self.words(of: text)
    return words.indices.suffix(longestName).contains { known(words[$0...]) != nil }
  }

  /// Bytes of a key that may describe a metric.
  private static let longestKey = 128

  /// Words of a metric's name with its split, average and what ties them.
  private static let longestName = 12

  /// The metric that a whole text is another usual name of: `roc_auc` for `auc`.
  public static func alias(_ text: some StringProtocol) -> String? {
    aliases[words(of: text).joined(separator: "_")]
  }

  private init(id: String, split: Split?) {
    self.id = id
    self.split = split
  }

  /// The same metric of the training data.
  var ofTraining: MetricName { MetricName(id: id, split: .train) }

  /// The name that all the words together are, in any order of split, average and metric.
  private static func known(_ words: ArraySlice<String>) -> MetricName? {
    var split: Split?
    var average: String?
    var rest: [String] = []
    for (index, word) in words.enumerated() {
      let followsSplit = index > 0 && splits[words[words.startIndex + index - 1]] != nil
      if let found = splits[word], split == nil {
        split = found
      } else if averages.contains(word), average == nil {
        average = word
      } else if followsSplit, word.allSatisfy(\.isNumber) {
        // valid_0 is the first of the sets to validate on.
        continue
      } else if !fillers.contains(word) {
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

  /// Whether words before a name are a log's own, or say nothing but where it was measured.
  ///
  /// Numbers are a time or count epochs; of an epoch's metric only the split says which data it is of.
  private static func isPrefix(_ words: ArraySlice<String>, ofSplit hasSplit: Bool) -> Bool {
    let behindLevel = words.lastIndex { levels.contains($0) }.map { words[($0 + 1)...] } ?? words
    return behindLevel.allSatisfy { word in
      contextWords.contains(word) || word.first?.isNumber == true
        || (hasSplit && (word == "epoch" || word == "ep"))
    }
  }

  /// Keys under which a metric is no result.
  private static let otherThings: Set<String> = [
    "target", "targets", "baseline", "threshold", "thresholds", "required", "minimum", "expected",
    "goal", "previous", "old", "best", "gate", "gates", "hyperparameters", "params", "config",
  ]

  private static let levels: Set<String> = [
    "info", "debug", "warning", "warn", "error", "notice",
  ]

  private static let contextWords: Set<String> = [
    "metrics", "metric", "results", "result", "scores", "score", "final", "performance", "report",
    "binary", "classification", "multiclass", "model", "data", "set", "summary", "overall", "the",
    "root", "main", "stdout", "stderr", "average", "avg", "mean", "and", "out",
  ]

  /// Words that tie a metric to its data or value, or say nothing: accuracy on the validation set is.
  private static let fillers: Set<String> = [
    "on", "of", "for", "over", "in", "the", "set", "data", "dataset", "split", "model", "is", "was",
    "s", "score", "value", "metrics", "metric", "results", "result", "final", "overall",
    "performance", "report", "summary", "binary", "classification", "multiclass",
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
    "brier_loss": "brier_score",
  ]
}
