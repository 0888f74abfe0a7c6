internal import DataTables
internal import EvaluationMetrics
internal import InputReading
public import Verification

/// Two models on the same rows, as a report.
public struct ModelComparisonReport: TabularReport, JudgedReport, AnnotatedReport {
  private let made: ModelComparison

  /// Creates a report.
  public init(_ made: ModelComparison) {
    self.made = made
  }

  private var comparison: Comparison { made.comparison }

  // MARK: For programs

  /// The object of the schema `assay.comparison/1`.
  public var json: JSONText {
    var members: [(String, JSONText)] = [
      ("schema", .string("assay.comparison/1")),
      ("verdict", .string(made.verdict.rawValue)),
      ("rows", .integer(comparison.rowCount)),
      ("first", json(made.first, comparison.first, made.firstGates)),
      ("second", json(made.second, comparison.second, made.secondGates)),
      ("differences", .array(comparison.entries.map(\.json))),
      ("agreement", comparison.agreement?.json ?? .null),
    ]
    members.append(("disagreements", comparison.disagreements?.json ?? .null))
    members.append(("warnings", .array(comparison.warnings.map { .string($0) })))
    return .object(members)
  }

  private func json(
    _ place: Place, _ evaluation: Evaluation, _ gates: [GateResult]
  ) -> JSONText {
    .object([
      ("path", .string(place.description)), ("metrics", .object(evaluation.jsonMembers)),
      ("gates", .array(gates.map(\.json))),
    ])
  }

  /// A row for each metric of both.
  public var table: FlatTable {
    FlatTable(
      columns: [
        "metric", "first", "second", "difference", "low", "high", "level", "p_value", "test",
      ],
      rows: comparison.entries.map { entry in
        [
          entry.metric.id, entry.first.number?.shortest ?? "",
          entry.second.number?.shortest ?? "", entry.difference?.shortest ?? "",
          entry.interval?.low.shortest ?? "", entry.interval?.high.shortest ?? "",
          entry.interval?.level.shortest ?? "", entry.pValue?.shortest ?? "",
          entry.test?.rawValue ?? "",
        ]
      })
  }

  /// A condition for each gate, with the second model.
  public var testCases: [TestCase] { made.secondGates.map(\.testCase) }

  /// The gates that do not hold with the second model, what is shown to be worse, and the warnings.
  public var annotations: [Annotation] {
    made.secondGates.compactMap(\.annotation)
      + comparison.entries.filter { $0.finding == .worse }.map { entry in
        Annotation(
          .warning, "worse",
          "\(entry.metric.id) is \(entry.second.number?.shortest ?? "–") with \(made.second), and "
            + "\(entry.first.number?.shortest ?? "–") with \(made.first)")
      } + comparison.warnings.map { Annotation(.warning, "warning", $0) }
  }

  // MARK: For people

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks = [
      .facts([
        ("First", ReportDocument.Cell(made.first.description)),
        ("Second", ReportDocument.Cell(made.second.description)),
        ("Rows", ReportDocument.Cell("\(comparison.rowCount)")),
      ]), metricTable,
    ]
    if let agreement = comparison.agreement {
      document.blocks += [.heading("Right predictions"), agreement.table]
    }
    if let disagreements = comparison.disagreements, disagreements.count > 0 {
      let shown = disagreements.rows.count
      let title =
        "Rows predicted otherwise: \(disagreements.count)"
        + (shown < disagreements.count ? ", of which \(shown)" : "")
      document.blocks.append(.heading(title))
      if shown > 0 { document.blocks.append(disagreements.table) }
    }
    if !made.secondGates.isEmpty {
      document.blocks += [.heading("Gates"), gateTable]
      document.blocks.append(
        .conclusion(
          "Second model:",
          ReportDocument.Cell(
            made.verdict.rawValue, made.verdict == .approved ? .good : .bad)))
    }
    return document
  }

  private var metricTable: ReportDocument.Block {
    let level = comparison.entries.lazy.compactMap(\.interval).first?.level ?? 0.95
    return .table(
      columns: [
        ("metric", .left), ("first", .right), ("second", .right), ("difference", .right),
        ("\((100 * level).rounded6)% interval", .left), ("p", .right), ("test", .left),
        ("conclusion", .left),
      ],
      rows: comparison.entries.map { entry in
        [
          ReportDocument.Cell(entry.metric.id),
          ReportDocument.Cell(entry.first.number?.rounded6 ?? "–"),
          ReportDocument.Cell(entry.second.number?.rounded6 ?? "–"),
          ReportDocument.Cell(entry.difference?.rounded6 ?? "–"),
          ReportDocument.Cell(
            entry.interval.map { "\($0.low.rounded6) to \($0.high.rounded6)" } ?? "–"),
          ReportDocument.Cell(entry.pValue.map { $0 < 1e-6 ? "< 0.000001" : $0.rounded6 } ?? "–"),
          ReportDocument.Cell(entry.test?.rawValue ?? ""), entry.finding.cell,
        ]
      })
  }

  private var gateTable: ReportDocument.Block {
    .table(
      columns: [
        ("metric", .left), ("required", .left), ("first", .left), ("second", .left),
      ],
      rows: zip(made.firstGates, made.secondGates).map { first, second in
        [
          ReportDocument.Cell(second.subject), second.required, first.conclusion,
          second.conclusion,
        ]
      })
  }
}

extension Comparison.Entry {
  /// What the interval of the difference shows of the second model.
  fileprivate enum Finding: Equatable {
    case better, worse, equal, open, undefined

    var cell: ReportDocument.Cell {
      switch self {
      case .better: ReportDocument.Cell("better", .good)
      case .worse: ReportDocument.Cell("worse", .bad)
      case .equal: "equal"
      case .open: "no difference shown"
      case .undefined: ReportDocument.Cell("undefined", .doubtful)
      }
    }
  }

  fileprivate var finding: Finding {
    guard let difference else { return .undefined }
    guard let interval, interval.low > 0 || interval.high < 0 else {
      return difference == 0 ? .equal : .open
    }
    let isHigher = interval.low > 0
    return isHigher == (metric.direction == .higherIsBetter) ? .better : .worse
  }

  fileprivate var json: JSONText {
    .object([
      ("metric", .string(metric.id)), ("first", JSONText(first.number)),
      ("second", JSONText(second.number)), ("difference", JSONText(difference)),
      ("interval", interval?.json ?? .null), ("p_value", JSONText(pValue)),
      ("test", JSONText(test?.rawValue)),
    ])
  }
}

extension Comparison.Agreement {
  fileprivate var table: ReportDocument.Block {
    func row(_ name: String, _ weight: Double) -> [ReportDocument.Cell] {
      [ReportDocument.Cell(name), ReportDocument.Cell(weight.rounded6)]
    }
    return .table(
      columns: [("right", .left), ("rows", .right)],
      rows: [
        row("both", bothRight), row("the first alone", onlyFirst),
        row("the second alone", onlySecond), row("neither", neither),
      ])
  }

  fileprivate var json: JSONText {
    .object([
      ("both_right", .number(bothRight)), ("only_first", .number(onlyFirst)),
      ("only_second", .number(onlySecond)), ("neither", .number(neither)),
    ])
  }
}

extension Disagreements {
  fileprivate var table: ReportDocument.Block {
    .table(
      columns: [("row", .right), ("true", .right), ("first", .right), ("second", .right)],
      rows: rows.map { row in
        [ReportDocument.Cell("\(row.number)")]
          + [row.truth, row.first, row.second].map { ReportDocument.Cell($0.text) }
      })
  }

  fileprivate var json: JSONText {
    .object([
      ("count", .integer(count)),
      (
        "rows",
        .array(
          rows.map { row in
            .object([
              ("row", .integer(row.number)), ("true", row.truth.json),
              ("first", row.first.json), ("second", row.second.json),
            ])
          })
      ),
    ])
  }
}

extension Disagreements.Value {
  fileprivate var text: String {
    switch self {
    case .label(let label): label.description
    case .number(let number): number.shortest
    }
  }

  fileprivate var json: JSONText {
    switch self {
    case .label(let label): label.json
    case .number(let number): .number(number)
    }
  }
}
