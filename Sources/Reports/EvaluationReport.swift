public import EvaluationMetrics
public import DataTables
internal import InputReading
public import TableFiles
public import Verification

/// The metrics of some rows as a report.
public struct EvaluationReport: IllustratedReport, MeasuredReport, JudgedReport, AnnotatedReport {
  private let evaluation: Evaluation
  private let slices: [Slice]
  private let gates: [GateResult]
  private let usedColumns: [PredictionFile.UsedColumn]
  private let source: String
  private let rows: PredictionRows?
  private let warnings: [String]

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - evaluation: The metrics.
  ///   - slices: The metrics of rows that belong together.
  ///   - source: The file that they are of.
  ///   - rows: The rows, of which a page shows curves.
  ///   - usedColumns: The columns that they were computed from.
  ///   - gates: What became of the gates.
  ///   - warnings: What is to be said besides what the evaluation warns of.
  public init(
    _ evaluation: Evaluation, slices: [Slice] = [], source: String, rows: PredictionRows? = nil,
    usedColumns: [PredictionFile.UsedColumn],
    gates: [GateResult], warnings: [String] = []
  ) {
    self.evaluation = evaluation
    self.slices = slices
    self.source = source
    self.rows = rows
    self.usedColumns = usedColumns
    self.gates = gates
    self.warnings = warnings + evaluation.warnings
  }

  /// The object of the schema `assay.metrics/1`.
  public var json: JSONText {
    .object(
      [("schema", .string("assay.metrics/1"))] + evaluation.jsonMembers
        + (slices.isEmpty ? [] : [("slices", .array(slices.map(\.json)))]) + [
          ("gates", .array(gates.map(\.json))),
          ("columns", columns),
          ("warnings", .array(warnings.map { .string($0) })),
        ])
  }

  /// What is measured in these rows, for formats of metrics.
  public var measured: Evaluation? { evaluation }

  /// The slices that are measured.
  public var measuredSlices: [Slice] { slices }

  /// A condition for each gate.
  public var testCases: [TestCase] { gates.map(\.testCase) }

  /// The gates that do not hold, and what is to be said besides.
  public var annotations: [Annotation] {
    gates.compactMap(\.annotation) + warnings.map { Annotation(.warning, "warning", $0) }
  }

  /// The columns by what they mean; those of the class probabilities are a list.
  private var columns: JSONText {
    var roles: [String] = []
    for column in usedColumns where !roles.contains(column.role) { roles.append(column.role) }
    return .object(
      roles.map { role in
        let names = usedColumns.filter { $0.role == role }.map { JSONText.string($0.name) }
        return (role, role == "probability" ? .array(names) : names[0])
      })
  }

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks.append(.facts(evaluation.facts(source: source, usedColumns: usedColumns)))
    let metrics = evaluation.metricTable(gates: gates)
    // Where there are no gates, the metrics are the answer.
    document.blocks.append(gates.isEmpty ? .told(at: .quiet, [metrics]) : metrics)
    document.blocks += evaluation.classBlocks
    document.blocks += Slice.blocks(slices)
    if let conclusion { document.blocks.append(.told(at: .quiet, [conclusion])) }
    return document
  }

  /// What the page is about.
  public var title: String { "Metrics of \(source)" }

  /// Everything that is known, with curves.
  public var page: ReportDocument {
    var document = ReportDocument()
    if let conclusion { document.blocks.append(conclusion) }
    document.blocks += [
      .facts(evaluation.facts(source: source, usedColumns: usedColumns)),
      .heading("Metrics"), evaluation.metricTable(gates: gates),
    ]
    document.blocks +=
      evaluation.figureBlocks(of: rows) + evaluation.classBlocks
      + Slice.blocks(slices)
    if !warnings.isEmpty {
      document.blocks += [
        .heading("Warnings"), .list(warnings.map { ReportDocument.Cell($0, .doubtful) }),
      ]
    }
    return document
  }

  /// The file, where it is one.
  public var inputs: [String] { [source] }

  private var conclusion: ReportDocument.Block? {
    guard !gates.isEmpty else { return nil }
    let failed = gates.count(where: \.fails)
    let open = gates.count { !$0.passed } - failed
    return .conclusion(
      "Gates:",
      failed > 0
        ? ReportDocument.Cell("\(failed) of \(gates.count) failed", .bad)
        : open > 0
          ? ReportDocument.Cell("\(open) of \(gates.count) not judged", .doubtful)
          : ReportDocument.Cell("passed", .good))
  }
}

extension Evaluation {
  /// The members that every JSON object about an evaluation has.
  var jsonMembers: [(String, JSONText)] {
    var members: [(String, JSONText)] = [
      ("rows", .integer(rowCount)),
      ("task", .string(task.rawValue)),
      ("labels", .array(labels.map(\.json))),
      ("positive_label", positiveLabel?.json ?? .null),
    ]
    if let threshold {
      members.append(("threshold", .number(threshold.value)))
      members.append(("threshold_inclusive", .bool(threshold.isInclusive)))
    }
    members += [
      ("metrics", .object(entries.map { ($0.metric.id, JSONText($0.value.number)) })),
      (
        "undefined",
        .object(
          entries.compactMap { entry in
            guard case .undefined(let reason) = entry.value else { return nil }
            return (entry.metric.id, .string(reason.rawValue))
          })
      ),
      ("zero_division", .array(zeroDivisions.map { .string($0) })),
    ]
    if let matrix {
      let rows = labels.indices.map { row in
        JSONText.array(labels.indices.map { .number(matrix[row, $0]) })
      }
      members.append(
        (
          "confusion_matrix",
          .object([("labels", .array(labels.map(\.json))), ("counts", .array(rows))])
        ))
    }
    if task != .regression {
      members.append(("per_class", perClass))
    }
    members.append(
      (
        "confidence",
        .object(
          entries.compactMap { entry in entry.interval.map { (entry.metric.id, $0.json) } })
      ))
    return members
  }

  private var perClass: JSONText {
    .object(
      classReports.map { report in
        (
          report.label.description,
          .object([
            ("precision", .number(report.precision)), ("recall", .number(report.recall)),
            ("f1", .number(report.f1)), ("support", .number(report.support)),
          ])
        )
      })
  }

  /// What was evaluated.
  func facts(
    source: String, usedColumns: [PredictionFile.UsedColumn]
  ) -> [(name: String, value: ReportDocument.Cell)] {
    var columns: [(role: String, names: [String])] = []
    for column in usedColumns {
      if columns.last?.role == column.role {
        columns[columns.count - 1].names.append("'\(column.name)'")
      } else {
        columns.append((column.role, ["'\(column.name)'"]))
      }
    }
    let described = columns.map { "\($0.role) \($0.names.joined(separator: ", "))" }
    var facts: [(name: String, value: ReportDocument.Cell)] = [
      ("Data", ReportDocument.Cell("\(source): \(String(rowCount, of: "row"))"))
    ]
    if !described.isEmpty {
      facts.append(("Columns", ReportDocument.Cell(described.joined(separator: ", "))))
    }
    guard task != .regression else {
      facts.append(("Task", ReportDocument.Cell(task.rawValue)))
      return facts
    }
    var classes = "\(task.rawValue), \(String(labels.count, of: "label"))"
    if labels.count <= 10 {
      classes += ": " + labels.map { "'\($0)'" }.joined(separator: ", ")
    }
    if let positiveLabel { classes += "; positive is '\(positiveLabel)'" }
    facts.append(("Task", ReportDocument.Cell(classes)))
    if let threshold {
      let sign = threshold.isInclusive ? ">=" : ">"
      facts.append(
        (
          "Threshold",
          ReportDocument.Cell("positive where score \(sign) \(threshold.value.shortest)")
        ))
    }
    if let reliability { facts.append(("Reliability", reliability)) }
    return facts
  }

  /// The curves of rows, under a heading; nothing where there are none.
  func figureBlocks(of rows: PredictionRows?) -> [ReportDocument.Block] {
    // Rows that were evaluated have curves; those that cannot be would have been refused before.
    guard let rows, let drawn = try? EvaluatedCurves(name: "", evaluation: self, rows: rows) else {
      return []
    }
    let figures = FigureKind.allCases.flatMap { Figure.figures($0, of: [drawn]) }
    return figures.isEmpty
      ? [] : [.heading("Curves")] + figures.map { ReportDocument.Block.figure($0) }
  }

  /// Rows by true and predicted class, and each class's measures.
  var classBlocks: [ReportDocument.Block] {
    var blocks: [ReportDocument.Block] = []
    if let table = confusionTable {
      blocks += [.heading("Confusion matrix (rows: true labels)"), table]
    }
    if !classReports.isEmpty { blocks += [.heading("By class"), classTable] }
    return blocks
  }

  /// How far the rows can be relied on.
  private var reliability: ReportDocument.Cell? {
    guard let interval = accuracyInterval(), let matrix else { return nil }
    let rows = String(rowCount, of: "row")
    let supports =
      labels.count > 10
      ? ""
      : " ("
        + labels.indices.map { "\(matrix.support(of: $0).shortest) of '\(labels[$0])'" }
        .joined(separator: ", ") + ")"
    let words = "\(rows)\(supports): 95% interval of accuracy \(interval.text)"
    let isFew = interval.high - interval.low > 0.1
    return ReportDocument.Cell(words, isFew ? .doubtful : .plain)
  }

  /// Each metric with its interval, what is required of it and what follows.
  func metricTable(gates: [GateResult]) -> ReportDocument.Block {
    let level = entries.lazy.compactMap(\.interval).first?.level
    func row(
      _ name: String, _ entry: Entry?, value: ReportDocument.Cell? = nil,
      _ required: ReportDocument.Cell, _ conclusion: ReportDocument.Cell
    ) -> [ReportDocument.Cell] {
      var cells = [ReportDocument.Cell(name), value ?? entry?.value.cell ?? "–"]
      if level != nil { cells.append(ReportDocument.Cell(entry?.interval?.text ?? "–")) }
      return cells + [required, conclusion]
    }
    var rows: [[ReportDocument.Cell]] = []
    for entry in entries {
      let name = entry.metric.id
      let own = gates.filter { $0.gate.metric == name && $0.gate.slice.isEmpty }
      guard !own.isEmpty else {
        let note: ReportDocument.Cell =
          switch entry.value {
          case .value: ""
          case .zeroDivision: ReportDocument.Cell("0/0 counts as 0", .doubtful)
          case .undefined(let reason):
            ReportDocument.Cell("undefined: \(reason.sentence)", .doubtful)
          }
        rows.append(row(name, entry, "", note))
        continue
      }
      rows += own.map { row(name, entry, $0.required, $0.conclusion) }
    }
    let names = Set(entries.map(\.metric.id))
    rows += gates.filter { !names.contains($0.gate.metric) || !$0.gate.slice.isEmpty }.map {
      row($0.subject, nil, value: $0.valueCell, $0.required, $0.conclusion)
    }
    var columns: [(String, ReportDocument.Alignment)] = [("metric", .left), ("value", .right)]
    if let level { columns.append(("\((100 * level).rounded6)% interval", .left)) }
    columns += [("required", .left), ("conclusion", .left)]
    return .table(columns: columns, rows: rows)
  }

  /// Rows by true and predicted class, where there are few classes.
  var confusionTable: ReportDocument.Block? {
    guard let matrix, labels.count <= 12 else { return nil }
    return .table(
      columns: [("", .left)] + labels.map { ("\($0)".printable, .right) },
      rows: labels.indices.map { row in
        [ReportDocument.Cell(labels[row].description)]
          + labels.indices.map { ReportDocument.Cell(matrix[row, $0].rounded6) }
      })
  }

  /// Each class's measures; of many classes, those with the lowest F1.
  var classTable: ReportDocument.Block {
    let shown =
      classReports.count <= 30
      ? classReports : Array(classReports.sorted { $0.f1 < $1.f1 }.prefix(30))
    let title = shown.count < classReports.count ? "label (lowest F1 first)" : "label"
    return .table(
      columns: [
        (title, .left), ("precision", .right), ("recall", .right), ("f1", .right),
        ("support", .right),
      ],
      rows: shown.map { report in
        [ReportDocument.Cell(report.label.description)]
          + [report.precision, report.recall, report.f1, report.support]
          .map { ReportDocument.Cell($0.rounded6) }
      })
  }
}

extension MetricValue {
  fileprivate var cell: ReportDocument.Cell {
    ReportDocument.Cell(number.map(\.rounded6) ?? "–")
  }
}

extension Slice {
  /// The columns and their values: `region = eu and sex = f`.
  var words: String {
    zip(columns, values).map { "\($0) = \($1)" }.joined(separator: " and ")
  }

  /// The slice in JSON: its columns and values, and what an evaluation has.
  var json: JSONText {
    .object(
      [
        ("columns", .array(columns.map { .string($0) })),
        ("values", .array(values.map { .string($0) })),
      ] + evaluation.jsonMembers)
  }

  /// What of each kind of problem is shown of slices; JSON has every metric.
  private static let shownMetrics = [
    "accuracy", "precision", "recall", "f1", "f1_macro", "roc_auc", "roc_auc_ovr", "log_loss",
    "mean_absolute_error", "root_mean_squared_error", "r2",
  ]

  /// A table for each list of columns, under its heading.
  static func blocks(_ slices: [Slice]) -> [ReportDocument.Block] {
    slices.map(\.columns).removingRepetitions.flatMap { columns -> [ReportDocument.Block] in
      [
        .heading("By " + columns.joined(separator: " and ")),
        table(slices.filter { $0.columns == columns }),
      ]
    }
  }

  /// The slices of the same columns; of many, those with the most rows.
  private static func table(_ slices: [Slice]) -> ReportDocument.Block {
    let names = shownMetrics.filter { name in
      slices.contains { $0.evaluation[name] != nil }
    }
    let most = 40
    let shown =
      slices.count <= most
      ? slices
      : Array(slices.sorted { $0.evaluation.rowCount > $1.evaluation.rowCount }.prefix(most))
    let title = slices.count > most ? "value (most rows of \(slices.count))" : "value"
    return .table(
      columns: [(title, .left), ("rows", .right)] + names.map { ($0, .right) },
      rows: shown.map { slice in
        [
          ReportDocument.Cell(slice.values.joined(separator: ", ")),
          ReportDocument.Cell("\(slice.evaluation.rowCount)"),
        ] + names.map { slice.evaluation[$0]?.cell ?? "–" }
      })
  }
}

extension [[String]] {
  /// The elements, each once, in order.
  fileprivate var removingRepetitions: [[String]] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension ConfidenceInterval {
  /// Both ends as a person reads them.
  var text: String { "\(low.rounded6) to \(high.rounded6)" }

  /// The interval in JSON.
  var json: JSONText {
    .object([
      ("low", .number(low)), ("high", .number(high)), ("level", .number(level)),
      ("method", .string(method.rawValue)),
    ])
  }
}

extension GateResult {
  /// The metric, and of which rows.
  var subject: String {
    gate.slice.isEmpty ? gate.metric : "\(gate.metric) where \(Gate.written(gate.slice))"
  }

  /// The gate as a condition.
  var testCase: TestCase {
    let outcome: TestCase.Outcome =
      switch reason {
      case nil: .holds
      case .firstRun?: .notChecked(finding)
      case let reason?: .fails(code: reason.code, message: finding)
      }
    return TestCase(group: "gates", name: gate.description, outcome: outcome)
  }

  /// What is to be said where it does not hold; one that was not judged is among the warnings.
  var annotation: Annotation? {
    fails ? Annotation(.error, "gate_failed", "\(gate): \(finding)") : nil
  }

  fileprivate var valueCell: ReportDocument.Cell {
    ReportDocument.Cell(value.map(\.rounded6) ?? "–")
  }

  /// What is required.
  var required: ReportDocument.Cell {
    let level = gate.level.map { " at \(Gate.percentage($0))" } ?? ""
    var bound = threshold?.shortest ?? "–"
    if case .baseline(let offset) = gate.bound {
      let sum =
        "baseline" + (offset == 0 ? "" : " \(offset < 0 ? "-" : "+") \(abs(offset).shortest)")
      bound = sum + (threshold.map { ", \($0.rounded6)" } ?? "")
    }
    return ReportDocument.Cell("\(gate.comparison.rawValue) \(bound)\(level)")
  }

  /// Whether it holds; where rounding hides why not, with all digits.
  var conclusion: ReportDocument.Cell {
    switch (reason, value, interval) {
    case (nil, _, nil): ReportDocument.Cell("passes", .good)
    case (nil, _, let interval?): ReportDocument.Cell("passes: \(interval.text)", .good)
    case (.thresholdNotMet, let value?, _): ReportDocument.Cell("fails: \(value.shortest)", .bad)
    case (.notProven, _, let interval?):
      ReportDocument.Cell("fails: not proven, \(interval.text)", .bad)
    case (.firstRun?, _, _): ReportDocument.Cell(GateResult.Reason.firstRun.sentence, .doubtful)
    case (let reason?, _, _): ReportDocument.Cell("fails: \(reason.sentence)", .bad)
    }
  }

  /// The gate in JSON; what it asks for besides a threshold stands behind what every gate has.
  var json: JSONText {
    var members: [(String, JSONText)] = [
      ("metric", .string(gate.metric)), ("value", JSONText(value)),
      ("comparison", .string(gate.comparison.rawValue)), ("threshold", JSONText(threshold)),
      ("passed", fails ? .bool(false) : passed ? .bool(true) : .null),
      ("reason", JSONText(reason?.code)),
    ]
    if case .baseline(let offset) = gate.bound {
      members += [("baseline", JSONText(baseline)), ("offset", .number(offset))]
    }
    if let level = gate.level {
      members += [("level", .number(level)), ("interval", interval?.json ?? .null)]
    }
    if !gate.slice.isEmpty {
      members.append(("slice", .object(gate.slice.map { ($0.column, .string($0.value)) })))
    }
    return .object(members)
  }
}

extension Label {
  /// The label in JSON: a number or a text.
  var json: JSONText {
    switch self {
    case .integer(let value): .integer(Int(value))
    case .text(let text): .string(text)
    }
  }
}
