internal import TextSearch

/// How a library writes a line of metrics: one row for each library's habit.
///
/// A row says how such a line is known, whose it is, and where it tells the step. What the line
/// states is read by ``LogLine`` unless the row has groups of its own.
struct LogStyle: Sendable {
  /// What the line matches; its group `step` is the epoch, round or step.
  let pattern: String
  /// Whose habit it is.
  var framework: Framework?
  /// The names of the groups that hold values, in their order, where the line has no names beside
  /// its numbers; `%` stands for what the group `of` holds.
  var values: [String] = []
  /// Whether the line's metrics are of the step that an earlier line told.
  var followsStep = false

  /// Every habit, the first that fits counts.
  static let all: [LogStyle] = [
    // [12]\ttrain-auc:0.9\tvalidation-auc:0.8
    LogStyle(pattern: #"^.*?\[(?<step>\d+)\]\t\S+-\S+:"#, framework: .xgboost),
    // [50]\ttraining's auc: 0.999\tvalid_0's auc: 0.5
    LogStyle(pattern: #"^.*?\[(?<step>\d+)\]\t.*'s \S+:"#, framework: .lightGBM),
    // 0:\tlearn: 0.57\ttest: 0.58\tbest: 0.58 (0)\ttotal: 46ms; the metric is not named, and what is
    // called test is the data that training stops by.
    LogStyle(
      pattern: #"^\s*(?<step>\d+):\tlearn: ([-+.\deE]+)(?:\ttest: ([-+.\deE]+))?"#,
      framework: .catBoost, values: ["train loss", "validation loss"]),
    // bestTest = 0.46, of the model that is kept
    LogStyle(
      pattern: #"^\s*bestTest = ([-+.\deE]+)\s*$"#, framework: .catBoost,
      values: ["validation loss"]),
    // #quality_metric: host=algo-1, epoch=0, train mse <loss>=0.5
    LogStyle(
      pattern: #"#quality_metric: host=[^,]*,(?: epoch=(?<step>\d+),)?"#,
      framework: .linearLearner),
    // Epoch 3: 100%|████| 100/100 [00:01<00:00, v_num=0, train_loss=0.5, val_acc=0.9]
    LogStyle(pattern: #"Epoch (?<step>\d+): +\d+%\|"#, framework: .lightning),
    // │ test_acc │ 0.891 │, and with bars of ASCII
    LogStyle(
      pattern:
        #"^\s*(?:│|┃|\|)\s*(?<of>[A-Za-z][\w/:.-]*)\s*(?:│|┃|\|)\s*([-+.\deE]+)\s*(?:│|┃|\|)\s*$"#,
      framework: .lightning, values: ["%"]),
    // {'eval_loss': 0.15, 'eval_accuracy': 0.94, 'epoch': 1.0}
    LogStyle(pattern: #"^\s*\{'.*'epoch': (?<step>[\d.]+)"#, framework: .huggingFace),
    // macro avg  0.96  0.94  0.95  38, of scikit-learn's classification_report
    LogStyle(
      pattern:
        #"^\s*(?<of>macro|micro|weighted) avg\s+([\d.]+)\s+([\d.]+)\s+([\d.]+)\s+\d+\s*$"#,
      framework: .scikitLearn, values: ["% precision", "% recall", "% f1"]),
    // 845/845 - 264s - loss: 0.5694 - accuracy: 0.7042, behind Epoch 3/10
    LogStyle(pattern: #"^\s*\d+/\d+\s.* - \w+: "#, framework: .keras, followsStep: true),
    // epoch=3, Epoch: 3, [Epoch 3/10], step 100
    LogStyle(pattern: #"(?i)\b(?:epoch|step|iteration|iter|round)\b['"]?\W{0,3}(?<step>\d+)"#),
  ]

  /// Texts of lines that name no metric and yet tell of some: tables, and the epoch of what follows.
  static let hints = [" avg", "│", "┃", "epoch", "#quality_metric", "learn: ", "bestTest = "]
}

/// The rows of ``LogStyle``, ready to be matched.
final class LogStyles {
  private struct Row {
    let style: LogStyle
    let expression: RegularExpression
    let step: Int?
    let of: Int?
  }

  private let rows: [Row]
  private let names = MetricNameMemory()

  init() {
    rows = LogStyle.all.compactMap { style in
      guard let expression = try? RegularExpression(style.pattern) else { return nil }
      return Row(
        style: style, expression: expression, step: expression.number(ofGroup: "step"),
        of: expression.number(ofGroup: "of"))
    }
  }

  /// What a line without colours states, whose way it is, and the step it names.
  func read(
    _ line: [UInt8], framework: Framework?
  ) -> (metrics: [StatedMetric], framework: Framework?, step: Double?, followsStep: Bool) {
    let span = line.span
    for row in rows where row.expression.matches(span, in: 0..<line.count) {
      let step = row.step.flatMap(row.expression.range(ofGroup:))
        .flatMap { PrintedNumber(span, in: $0)?.value }
      let owner = row.style.framework ?? framework
      guard !row.style.values.isEmpty else {
        return (
          LogLine.metrics(in: line, framework: owner, names: names), owner, step,
          row.style.followsStep
        )
      }
      let of =
        row.of.flatMap(row.expression.range(ofGroup:))
        .map { String(decoding: line[$0], as: UTF8.self) } ?? ""
      var metrics: [StatedMetric] = []
      let numbered = (1...row.expression.groupCount).filter { $0 != row.of && $0 != row.step }
      for (pattern, group) in zip(row.style.values, numbered) {
        let name = pattern.replacing("%", with: of)
        guard let range = row.expression.range(ofGroup: group),
          let number = PrintedNumber(span, in: range)?.asStated(),
          let metric = MetricName(name, framework: owner)
        else { continue }
        metrics.append(StatedMetric(name: name, metric: metric, number: number))
      }
      return (metrics, owner, step, false)
    }
    return (
      LogLine.metrics(in: line, framework: framework, names: names), framework, nil, false
    )
  }
}
