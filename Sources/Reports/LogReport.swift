internal import EvaluationMetrics
internal import InputReading
public import TrainingRecords

/// What logs state, for people and programs.
public struct LogReport: TabularReport, AnnotatedReport {
  private let logs: [(path: String, log: LogFile)]
  private let definitions: [DefinitionReport]

  /// Creates a report of logs, in order.
  ///
  /// - Parameters:
  ///   - logs: The logs with their paths.
  ///   - definitionsAreBuiltIn: Whether the definitions are a built-in algorithm's, of which most
  ///     match nothing.
  public init(_ logs: [(path: String, log: LogFile)], definitionsAreBuiltIn: Bool = false) {
    self.logs = logs
    let merged = Self.merged(logs.map(\.log.definitions))
    definitions =
      definitionsAreBuiltIn ? merged.filter { $0.faults.map(\.kind) != [.matchesNothing] } : merged
  }

  private var series: [MetricSeries] { logs.flatMap(\.log.series) }

  /// Whether a definition of the job's is at fault.
  public var hasFaultyDefinitions: Bool { definitions.contains { !$0.faults.isEmpty } }

  /// What each definition did over all logs: one that matches in another log matches.
  private static func merged(_ reports: [[DefinitionReport]]) -> [DefinitionReport] {
    guard let first = reports.first else { return [] }
    return first.indices.map { index in
      DefinitionReport(merging: reports.map { $0[index] })
    }
  }

  // MARK: For programs

  /// The report in JSON.
  public var json: JSONText {
    .object([
      ("schema", .string("assay.logs/1")),
      (
        "files",
        .array(
          logs.map { path, log in
            .object([
              ("path", .string(path)), ("bytes", .integer(log.byteCount)),
              ("lines", .integer(log.lineCount)),
              ("reports_success", .bool(log.reportsSuccess)),
            ])
          })
      ),
      ("metrics", .array(series.map(\.json))),
      ("failures", .array(logs.flatMap(\.log.failures).map(\.json))),
      (
        "tracebacks",
        .array(
          logs.compactMap(\.log.traceback).map { traceback in
            .object([
              ("exception", JSONText(traceback.exception)), ("frame", JSONText(traceback.frame)),
              ("source", .string(traceback.place.source)), ("line", JSONText(traceback.place.line)),
            ])
          })
      ),
      ("definitions", .array(definitions.map(\.json))),
    ])
  }

  /// A row for each metric of each stream.
  public var table: FlatTable {
    FlatTable(
      columns: [
        "name", "metric", "split", "stream", "values", "first", "last", "best", "best_step",
        "final",
        "source", "line",
      ],
      rows: series.map { series in
        [
          series.name, series.metric.id, series.metric.split?.rawValue ?? "", series.stream ?? "",
          "\(series.count)", series.first.value.shortest, series.last.value.shortest,
          series.best.value.shortest, series.best.step?.shortest ?? "",
          series.final?.value.shortest ?? "", series.result.place.source,
          series.result.line.map { "\($0)" } ?? "",
        ]
      })
  }

  /// The signs of failure, and the faults of definitions, at their lines.
  public var annotations: [Annotation] {
    logs.flatMap(\.log.failures).map { failure in
      Annotation(
        .error, failure.code, "\(failure.cause); what to do: \(failure.advice)",
        at: failure.place)
    }
      + logs.compactMap(\.log.traceback).map { traceback in
        Annotation(.error, "traceback", traceback.sentence, at: traceback.place)
      }
      + definitions.flatMap { report in
        report.faults.map { fault in
          Annotation(
            .error, fault.kind.rawValue, "\(report.definition.name): \(fault.message)",
            at: fault.place)
        }
      }
  }

  // MARK: For people

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks.append(
      .facts(
        logs.map { path, log in
          (
            "Log",
            ReportDocument.Cell(
              "\(path): \(String(log.lineCount, of: "line")), \(String(log.byteCount, of: "byte"))")
          )
        }))
    if series.isEmpty {
      document.blocks.append(.list([ReportDocument.Cell("no metrics are stated", .doubtful)]))
    } else {
      document.blocks.append(metricTable)
    }
    let failures = logs.flatMap(\.log.failures)
    let tracebacks = logs.compactMap(\.log.traceback)
    if !failures.isEmpty || !tracebacks.isEmpty {
      document.blocks += [
        .heading("Signs of failure"),
        .list(
          failures.flatMap { failure in
            [
              ReportDocument.Cell("\(failure.code): \(failure.place): \(failure.cause)", .bad),
              ReportDocument.Cell("    \(failure.evidence)"),
              ReportDocument.Cell("    what to do: \(failure.advice)"),
            ]
          }
            + tracebacks.map { ReportDocument.Cell("raised: \($0.place): \($0.sentence)", .bad) }),
      ]
    }
    if !definitions.isEmpty { document.blocks += definitionBlocks }
    return document
  }

  private var metricTable: ReportDocument.Block {
    let hasStreams = Set(series.map(\.stream)).count > 1
    let hasFinals = series.contains { $0.final != nil }
    var columns: [(title: String, alignment: ReportDocument.Alignment)] = [
      ("metric", .left), ("values", .right), ("first", .right), ("last", .right), ("best", .right),
    ]
    if hasFinals { columns.append(("final", .right)) }
    columns.append(("where", .left))
    if hasStreams { columns.append(("stream", .left)) }
    return .table(
      columns: columns,
      rows: series.map { series in
        var row: [ReportDocument.Cell] = [
          ReportDocument.Cell(series.displayName), ReportDocument.Cell("\(series.count)"),
          ReportDocument.Cell(series.first.value.rounded6),
          ReportDocument.Cell(series.last.value.rounded6),
          ReportDocument.Cell(
            series.best.value.rounded6
              + (series.best.step.map { " at \($0.shortest)" } ?? "")),
        ]
        if hasFinals {
          row.append(ReportDocument.Cell(series.final?.value.rounded6 ?? ""))
        }
        row.append(ReportDocument.Cell(series.result.place.short))
        if hasStreams { row.append(ReportDocument.Cell(series.stream ?? "")) }
        return row
      })
  }

  private var definitionBlocks: [ReportDocument.Block] {
    let faulty = definitions.filter { !$0.faults.isEmpty }
    guard !faulty.isEmpty else {
      return [
        .heading("Metric definitions"),
        .list([
          ReportDocument.Cell(
            "\(String(definitions.count, of: "definition")) matched one value a line each", .good)
        ]),
      ]
    }
    return [
      .heading("Metric definitions"),
      .list(
        faulty.flatMap { report in
          report.faults.flatMap { fault in
            [
              ReportDocument.Cell(
                "\(report.definition.name): \(fault.kind.rawValue): \(fault.message)", .bad),
              ReportDocument.Cell("    \(report.definition.pattern)"),
            ]
              + (fault.evidence.map {
                [ReportDocument.Cell("    \(fault.place.short): \($0)")]
              } ?? [])
          }
        }),
    ]
  }
}

extension MetricSeries {
  fileprivate var displayName: String {
    (metric.split.map { "\($0.rawValue) " } ?? "") + metric.id
  }

  fileprivate var json: JSONText {
    func value(_ metric: LoggedMetric) -> JSONText {
      .object([
        ("value", .number(metric.value)), ("step", JSONText(metric.step)),
        ("line", JSONText(metric.line)),
      ])
    }
    return .object([
      ("name", .string(name)), ("metric", .string(metric.id)),
      ("split", JSONText(metric.split?.rawValue)), ("stream", JSONText(stream)),
      ("source", .string(last.place.source)), ("count", .integer(count)), ("first", value(first)),
      ("last", value(last)), ("best", value(best)),
      ("final", final.map(value) ?? .null),
    ])
  }
}

extension JobFailure {
  fileprivate var json: JSONText {
    .object([
      ("code", .string(code)), ("cause", .string(cause)), ("advice", .string(advice)),
      ("evidence", .string(evidence)), ("source", .string(place.source)),
      ("line", JSONText(place.line)),
    ])
  }
}

extension DefinitionReport {
  fileprivate var json: JSONText {
    .object([
      ("name", .string(definition.name)), ("regex", .string(definition.pattern)),
      ("lines", .integer(lineCount)),
      (
        "faults",
        .array(
          faults.map { fault in
            .object([
              ("code", .string(fault.kind.rawValue)), ("message", .string(fault.message)),
              ("lines", .integer(fault.lineCount)), ("evidence", JSONText(fault.evidence)),
              ("source", .string(fault.place.source)), ("line", JSONText(fault.place.line)),
            ])
          })
      ),
    ])
  }
}
