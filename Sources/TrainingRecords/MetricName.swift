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
  ///
  /// - Parameters:
  ///   - text: The name.
  ///   - framework: The library that writes it; some names mean something else there.
  public init?(_ text: some StringProtocol, framework: Framework? = nil) {
    let words = Self.words(of: text)
    for start in words.indices.suffix(Self.longestName) {
      guard let name = Self.known(words[start...], framework: framework) else { continue }
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
    guard isPlain || !Self.averaged.contains(own.id) else { return nil }
    isPart = !isPlain
    self.init(
      id: own.id, split: own.split ?? context.lazy.compactMap { Self.splits[$0] }.first)
  }

  /// Whether a metric's name stands at the end of the text, whatever comes before it.
  static func endsText(_ text: some StringProtocol, framework: Framework? = nil) -> Bool {
    let words = Self.words(of: text)
    return words.indices.suffix(longestName).contains {
      known(words[$0...], framework: framework) != nil
    }
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

  /// The name of a metric that a job defines, known or not: one that is not is what it is called.
  init(defined name: String, framework: Framework?) {
    if let known = MetricName(name, framework: framework) {
      self = known
      return
    }
    let words = Self.words(of: name)
    split = words.first.flatMap { Self.splits[$0] }
    id = (split == nil ? words[...] : words.dropFirst()).joined(separator: "_")
  }

  /// Whether less of it is better.
  public var isLowerBetter: Bool {
    Self.losses.contains(id) || id.hasSuffix("loss") || id.hasSuffix("error")
      || id.hasSuffix("error_rate")
      || id.hasSuffix("deviance") || id.hasSuffix("nloglik") || id.hasSuffix("perplexity")
  }

  private static let losses: Set<String> = ["brier_score", "mean_squared_log_error"]

  /// The same metric of the training data.
  var ofTraining: MetricName { of(.train) }

  /// The same metric of a part of the data.
  func of(_ split: Split?) -> MetricName { MetricName(id: id, split: split) }

  /// The part of the data that words name, where they say nothing else.
  static func split(of text: some StringProtocol) -> Split? {
    let words = Self.words(of: text)
    let own = words.lastIndex { levels.contains($0) }.map { words[($0 + 1)...] } ?? words[...]
    guard own.allSatisfy({ splits[$0] != nil || contextWords.contains($0) }) else { return nil }
    return own.lazy.compactMap { splits[$0] }.first
  }

  /// The name that all the words together are, in any order of split, average and metric.
  private static func known(
    _ words: ArraySlice<String>, framework: Framework? = nil
  ) -> MetricName? {
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
    // A library's own name is taken whole; an average makes it one of the usual names.
    let own = framework.flatMap { frameworkAliases[$0] } ?? [:]
    if let id = own[words.filter { splits[$0] == nil }.joined(separator: "_")] {
      return MetricName(id: id, split: split)
    }
    let joined = rest.joined(separator: "_")
    let ownID = own[joined].flatMap { average == nil || averaged.contains($0) ? $0 : nil }
    guard let id = ownID ?? aliases[joined] else { return nil }
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
    let bytes = Array(text.utf8)
    guard bytes.allSatisfy({ $0 < 0x80 }) else {
      return text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
    // What nearly all names are made of needs no tables of Unicode.
    let folded: [UInt8] = bytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    let words = folded.split { (byte: UInt8) -> Bool in byte &- 0x30 >= 10 && byte &- 0x61 >= 26 }
    return words.map { String(decoding: $0, as: UTF8.self) }
  }

  private static let splits: [String: Split] = [
    "train": .train, "training": .train,
    "val": .validation, "valid": .validation, "validation": .validation, "dev": .validation,
    "eval": .validation, "evaluation": .validation, "holdout": .validation,
    "test": .test, "testing": .test,
  ]

  private static let averages: Set<String> = ["macro", "micro", "weighted"]
  private static let averaged: Set<String> = ["precision", "recall", "f1", "jaccard"]

  /// A word of each name, in lower case: a line without any of them names no metric.
  static let hints: [String] = {
    let names = Array(aliases.keys) + frameworkAliases.values.flatMap(\.keys)
    let words = Set(
      names.flatMap { name -> [String] in
        let parts = name.split(separator: "_" as Character).map(String.init)
        let longest =
          parts.filter { $0.contains(where: \.isLetter) }.max { $0.count < $1.count } ?? ""
        // A single letter is everywhere; f_1 is looked for with whatever may part it.
        guard longest.count == 1 else { return [longest] }
        return ["_", "-", " "].map { parts.joined(separator: $0) }
      })
    // Where "acc" is looked for, "accuracy" need not be.
    return words.filter { word in !words.contains { $0 != word && word.contains($0) } }.sorted()
  }()

  /// What names mean wherever they stand.
  private static let aliases: [String: String] = table([
    ("accuracy", "acc accuracy_score multiclass_accuracy categorical_accuracy binary_accuracy"),
    ("accuracy", "sparse_categorical_accuracy classification_accuracy"),
    ("balanced_accuracy", "balanced_accuracy_score balanced_acc"),
    ("precision", "precision_score ppv"),
    ("recall", "recall_score sensitivity tpr true_positive_rate"),
    ("specificity", "tnr true_negative_rate"),
    ("f1", "f1_score f1score f_1"), ("f0_5", "f0_5_score"), ("f2", "f2_score"),
    ("jaccard", "jaccard_score"),
    ("matthews_corrcoef", "mcc matthews_correlation matthews_correlation_coefficient"),
    ("cohen_kappa", "cohen_kappa_score kappa cohens_kappa"),
    ("roc_auc", "roc_auc_score auc auroc auc_roc rocauc area_under_roc"),
    ("roc_auc_ovr", ""), ("roc_auc_ovo", ""),
    ("average_precision", "average_precision_score avg_precision"),
    // The area under the curve's straight lines is another number than the average precision.
    ("pr_auc", "aucpr auc_pr auprc prauc"),
    ("log_loss", "logloss"),
    ("brier_score", "brier_score_loss brier brier_loss"),
    // An error by itself may be of any kind, and be a number of errors.
    ("error_rate", "misclassification_rate"),
    // What is called a loss may have more terms than the log loss.
    ("loss", "avg_loss average_loss mean_loss cross_entropy crossentropy cross_entropy_loss"),
    ("loss", "ce_loss nll nll_loss"),
    ("mean_squared_error", "mse"), ("root_mean_squared_error", "rmse root_mean_square_error"),
    ("mean_absolute_error", "mae"), ("median_absolute_error", "medae"),
    ("mean_absolute_percentage_error", "mape"), ("max_error", ""),
    ("mean_squared_log_error", "msle"), ("root_mean_squared_log_error", "rmsle"),
    ("r2", "r2_score r_2 r_squared r2score"), ("explained_variance", "explained_variance_score"),
    ("perplexity", "ppl"), ("ndcg", ""), ("mean_average_precision", ""), ("bleu", ""),
  ])

  /// What names mean to one library, where that differs.
  ///
  /// Sources: dmlc/xgboost doc/parameter.rst; aws/sagemaker-xgboost-container
  /// src/sagemaker_xgboost_container/metrics/custom_metrics.py; lightgbm-org/LightGBM
  /// docs/Parameters.rst; the developer guide of the service's Linear Learner.
  private static let frameworkAliases: [Framework: [String: String]] = [
    .xgboost: table([
      ("error_rate", "error merror"), ("log_loss", "mlogloss"), ("pr_auc", "aucpr"),
      ("mean_average_precision", "map"), ("mean_pseudo_huber_error", "mphe"),
      // The container's own f1 is an average over the classes; f1_binary is the positive one's.
      ("f1_macro", "f1"), ("f1", "f1_binary"),
      ("gamma_deviance", ""), ("gamma_nloglik", ""), ("poisson_nloglik", ""),
      ("tweedie_nloglik", ""), ("cox_nloglik", ""), ("aft_nloglik", ""),
    ]),
    .lightGBM: table([
      // Here binary is a word that only says which kind of problem it is.
      ("error_rate", "error multi_error"), ("log_loss", "binary_logloss multi_logloss"),
      ("mean_absolute_error", "l1"), ("mean_squared_error", "l2"),
      ("roc_auc_mu", "auc_mu"),
    ]),
    .linearLearner: table([
      ("f1", "f_1_000"), ("objective_loss", "cross_entropy_objective_loss mse_objective_loss"),
      ("mean_squared_error", "mse_loss"), ("mean_absolute_error", "absolute_loss_loss"),
    ]),
  ]

  /// Each name of a row, and the row's own, with what the row's own is.
  private static func table(_ rows: [(id: String, others: String)]) -> [String: String] {
    var table: [String: String] = [:]
    for row in rows where table[row.id] == nil { table[row.id] = row.id }
    for row in rows {
      for other in row.others.split(separator: " ") { table[String(other)] = row.id }
    }
    return table
  }
}

/// Metrics' names as a log repeats them: each is read once.
final class MetricNameMemory {
  /// What a text is.
  struct Reading {
    /// The metric that it names.
    let metric: MetricName?
    /// Whether a metric's name ends it, whatever comes before.
    let endsInName: Bool
    /// The text with single blanks.
    let name: String
    /// Whether it says that it is the final value.
    let isFinal: Bool
  }

  private var readings: [Framework?: [ArraySlice<UInt8>: Reading]] = [:]

  /// Texts that are remembered; times and counts before names make each line's a new one.
  private static let most = 4_096

  /// Reads a text, or remembers it.
  func reading(of text: ArraySlice<UInt8>, framework: Framework?) -> Reading {
    if let known = readings[framework]?[text] { return known }
    let words = String(decoding: text, as: UTF8.self)
    let reading = Reading(
      metric: MetricName(words, framework: framework),
      endsInName: MetricName.endsText(words, framework: framework),
      name: words.split(separator: " " as Character).joined(separator: " "),
      isFinal: words.lowercased().contains("final"))
    if readings[framework, default: [:]].count >= Self.most { readings[framework] = [:] }
    readings[framework, default: [:]][ArraySlice(Array(text))] = reading
    return reading
  }
}
