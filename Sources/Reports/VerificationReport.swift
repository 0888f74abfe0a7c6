internal import EvaluationMetrics
internal import InputReading
internal import ModelArtifacts
internal import TableFiles
internal import TrainingRecords
public import Verification

/// The check of a training job as a report.
public struct VerificationReport: IllustratedReport {
  let verification: Verification

  /// Creates a report.
  public init(_ verification: Verification) {
    self.verification = verification
  }

  /// The object of the schema `assay.verification/1`.
  public var json: JSONText {
    let job = verification.job
    var members: [(String, JSONText)] =
      [
        ("schema", .string("assay.verification/1")),
        ("verdict", .string(verification.verdict.rawValue)),
        (
          "reasons",
          .array(
            verification.reasons.map { reason in
              .object([
                ("code", .string(reason.code.rawValue)), ("message", .string(reason.sentence)),
              ])
            })
        ),
        (
          "job",
          .object([
            ("name", .string(job.name)), ("status", .string(job.status.rawValue)),
            ("secondary_status", JSONText(job.secondaryStatus)),
            ("failure_reason", JSONText(job.failureReason)),
            ("artifact", JSONText(job.artifactLocation)),
          ])
        ),
        ("artifact", verification.artifact.map { .object($0.jsonMembers) } ?? .null),
        ("inference", inferenceJSON),
        ("metrics", verification.data.map { .object($0.evaluation.jsonMembers) } ?? .null),
        ("logged", .array(verification.claims.map(\.json))),
        ("cross_check", .array(verification.crossChecks.map(\.json))),
        ("gates", .array(verification.gates.map(\.json))),
        ("warnings", .array(verification.warnings.map { .string($0) })),
      ]
    if !verification.slices.isEmpty {
      members.append(("slices", .array(verification.slices.map(\.json))))
    }
    if let overlap = verification.overlap { members.append(("training_overlap", overlap.json)) }
    return .object(members)
  }

  private var inferenceJSON: JSONText {
    var members: [(String, JSONText)]
    switch verification.inference {
    case .notRun(let reason):
      members = [("status", .string("not_run")), ("reason", .string(reason))]
    case .compared(let comparison, let sample):
      members = [
        ("status", .string(comparison.agrees ? "agrees" : "differs")),
        ("sample", .string(sample.description)), ("rows", .integer(comparison.rowCount)),
        ("columns", .array(comparison.columns.map { .string($0) })),
        ("greatest_difference", .number(comparison.greatestDifference)),
        ("mismatches", .array(comparison.mismatches.map(\.json))),
      ]
    }
    if let reproduction = verification.reproduction {
      members.append(
        (
          "reproduction",
          .object([
            ("rows", .integer(reproduction.rowCount)),
            ("disagreeing_rows", .array(reproduction.disagreeingRows.map { .integer($0) })),
          ])
        ))
    }
    return .object(members)
  }

  /// The report for people.
  public var document: ReportDocument {
    var document = ReportDocument()
    document.blocks = [.facts(facts)] + gateBlocks + claimBlocks
    document.blocks.append(.told(at: .verbose, statedBlocks + classBlocks + artifactBlocks))
    document.blocks.append(.told(at: .quiet, [conclusion]))
    document.blocks.append(isApproved ? grounds : .told(at: .quiet, [grounds]))
    document.blocks += [.heading("Next"), .list(nextSteps)]
    return document
  }

  /// The job.
  public var title: String { "Training job \(verification.job.name)" }

  /// Everything that is known, with curves.
  public var page: ReportDocument {
    var document = ReportDocument()
    document.blocks = [conclusion, grounds, .heading("Next"), .list(nextSteps)]
    if !verification.warnings.isEmpty {
      document.blocks += [
        .heading("Warnings"),
        .list(verification.warnings.map { ReportDocument.Cell($0, .doubtful) }),
      ]
    }
    document.blocks += [.heading("What was checked"), .facts(facts)]
    document.blocks += [.heading("Gates and metrics")] + gateBlocks + claimBlocks
    if let data = verification.data {
      document.blocks += data.evaluation.figureBlocks(of: data.rows)
    }
    document.blocks += classBlocks + statedBlocks + artifactBlocks
    return document
  }

  /// The files that were read.
  public var inputs: [String] { verification.inputs }

  private var isApproved: Bool { verification.verdict == .approved }

  private var conclusion: ReportDocument.Block {
    .conclusion(
      "Verdict:", ReportDocument.Cell(verification.verdict.rawValue, isApproved ? .good : .bad))
  }

  /// What the verdict rests on.
  private var grounds: ReportDocument.Block {
    .list(isApproved ? groundsOfApproval : verification.reasons.flatMap(\.cells))
  }

  private var gateBlocks: [ReportDocument.Block] {
    if let data = verification.data {
      return [data.evaluation.metricTable(gates: verification.gates)]
    }
    guard !verification.gates.isEmpty else { return [] }
    return [
      .table(
        columns: [("metric", .left), ("required", .left), ("conclusion", .left)],
        rows: verification.gates.map {
          [ReportDocument.Cell($0.subject), $0.required, $0.conclusion]
        })
    ]
  }

  private var claimBlocks: [ReportDocument.Block] {
    guard !verification.crossChecks.isEmpty else { return [] }
    let causes = self.causes
    return [.heading("What the job states"), claimTable]
      + (causes.isEmpty ? [] : [.heading("Why they may differ"), .list(causes)])
  }

  /// Everything that the job states, where it states it.
  private var statedBlocks: [ReportDocument.Block] {
    guard !verification.claims.isEmpty else { return [] }
    return [
      .heading("Everything it states"),
      .table(
        columns: [("name", .left), ("value", .right), ("where", .left)],
        rows: verification.claims.map {
          [
            ReportDocument.Cell($0.name), ReportDocument.Cell($0.value.shortest),
            ReportDocument.Cell($0.place.description),
          ]
        }),
    ]
  }

  private var classBlocks: [ReportDocument.Block] {
    (verification.data?.evaluation.classBlocks ?? []) + Slice.blocks(verification.slices)
  }

  private var artifactBlocks: [ReportDocument.Block] {
    verification.artifact.map { [.heading("The artifact"), $0.conclusion] + $0.blocks } ?? []
  }

  private var facts: [(name: String, value: ReportDocument.Cell)] {
    let job = verification.job
    let isComplete = job.status == .completed
    var facts: [(name: String, value: ReportDocument.Cell)] = [
      (
        "Job",
        ReportDocument.Cell("\(job.name): \(job.status.rawValue)", isComplete ? .good : .bad)
      )
    ]
    guard let artifact = verification.artifact else { return facts }
    if let description = artifact.description, let model = artifact.model {
      facts.append(
        (
          "Artifact",
          ReportDocument.Cell(
            "\(artifact.path): \(description.summary(model)), nothing executed", .good)
        ))
    } else {
      facts.append(
        ("Artifact", ReportDocument.Cell("\(artifact.path): \(artifact.condition.rawValue)", .bad)))
    }
    switch verification.inference {
    case .notRun(let reason):
      facts.append(("Sample", ReportDocument.Cell("not run: \(reason)", .doubtful)))
    case .compared(let comparison, let sample):
      let rows = String(comparison.rowCount, of: "row")
      facts.append(
        (
          "Sample",
          comparison.agrees
            ? ReportDocument.Cell("\(sample): \(rows) predicted as recorded", .good)
            : ReportDocument.Cell(
              "\(sample): \(String(comparison.mismatches.count, of: "cell")) of \(rows) differ",
              .bad)
        ))
    }
    if let reproduction = verification.reproduction {
      let bad = reproduction.disagreeingRows.count
      let rows = String(reproduction.rowCount, of: "row")
      facts.append(
        (
          "Holdout",
          bad == 0
            ? ReportDocument.Cell("the model reproduces the predictions of \(rows)", .good)
            : ReportDocument.Cell("the model does not reproduce \(bad) of \(rows)", .bad)
        ))
    }
    if let overlap = verification.overlap {
      let seen = overlap.seenRows.count
      let rows = String(overlap.rowCount, of: "holdout row")
      let training = "\(overlap.place): \(String(overlap.trainingRowCount, of: "row"))"
      facts.append(
        (
          "Training",
          seen == 0
            ? ReportDocument.Cell("\(training), none of \(rows) among them", .good)
            : ReportDocument.Cell("\(training), \(seen) of \(rows) among them", .bad)
        ))
    }
    if let data = verification.data {
      facts += data.evaluation.facts(
        source: data.place.description, usedColumns: data.usedColumns)
    }
    return facts
  }

  /// Claims that say the same of the same metric are one row.
  private var claimTable: ReportDocument.Block {
    struct Key: Hashable {
      let name: String
      let logged: Double
      let passed: Bool?
    }
    var groups: [(first: CrossCheck, places: [String])] = []
    var indices: [Key: Int] = [:]
    for check in verification.crossChecks {
      let key = Key(name: check.displayName, logged: check.logged, passed: check.passed)
      if let index = indices[key] {
        groups[index].places.append(check.claim.place.short)
      } else {
        indices[key] = groups.count
        groups.append((check, [check.claim.place.short]))
      }
    }
    return .table(
      columns: [
        ("metric", .left), ("stated", .right), ("recomputed", .right), ("conclusion", .left),
        ("where", .left),
      ],
      rows: groups.map { check, places in
        [
          ReportDocument.Cell(check.displayName), ReportDocument.Cell(check.logged.rounded6),
          ReportDocument.Cell(check.computed.map(\.rounded6) ?? "–"), check.conclusion,
          ReportDocument.Cell(
            (places.first ?? "") + (places.count > 1 ? " and \(places.count - 1) more" : "")),
        ]
      })
  }

  /// What may have led to the stated values that are contradicted, each said once; causes that would
  /// fit any value are left to the JSON.
  private var causes: [ReportDocument.Cell] {
    var seen: Set<String> = []
    return verification.crossChecks.compactMap { check in
      guard let cause = check.cause, cause.isTelling else { return nil }
      let sentence = "\(check.displayName) \(check.logged.rounded6) \(cause.sentence)"
      return seen.insert(sentence).inserted ? ReportDocument.Cell(sentence, .doubtful) : nil
    }
  }

  /// Why the model is approved.
  private var groundsOfApproval: [ReportDocument.Cell] {
    var grounds: [String] = []
    grounds.append(
      verification.job.status == .completed
        ? "the job completed" : "the job was stopped, which is allowed here")
    grounds.append(
      verification.artifact?.condition == .loadable
        ? "the artifact loads without executing anything in it"
        : "the artifact was not run, which is allowed here")
    if case .compared(let comparison, _) = verification.inference {
      grounds.append(
        "the model gives the recorded outputs of \(String(comparison.rowCount, of: "sample row"))")
    }
    let checks = verification.crossChecks
    let confirmed = checks.count { $0.passed == true }
    let open = checks.count - confirmed
    if !checks.isEmpty {
      grounds.append(
        "\(String(confirmed, of: "stated value")) agree with the predictions"
          + (open > 0 ? ", \(open) could not be checked" : ""))
    }
    if !verification.gates.isEmpty {
      let count = verification.gates.count
      let held = verification.gates.count(where: \.passed)
      grounds.append(
        "\(held) of \(String(count, of: "gate")) hold"
          + (held < count ? ", \(count - held) could not be judged on a first run" : ""))
    }
    return grounds.map { ReportDocument.Cell($0) }
  }

  private var nextSteps: [ReportDocument.Cell] {
    guard verification.verdict == .rejected else {
      let location = verification.job.artifactLocation.map { " from \($0)" } ?? ""
      return [ReportDocument.Cell("register the model\(location)")]
    }
    var seen: Set<String> = []
    return verification.reasons.map(\.code.advice).filter { seen.insert($0).inserted }
      .map { ReportDocument.Cell($0) }
  }
}

extension Verification.Reason {
  /// The reason with its place.
  var sentence: String { place.map { "\($0): \(message)" } ?? message }

  /// The reason and its code; what a job printed keeps its lines.
  fileprivate var cells: [ReportDocument.Cell] {
    let lines = sentence.split(separator: "\n").map(String.init)
    return [ReportDocument.Cell("\(code.rawValue): \(lines.first ?? "")", .bad)]
      + lines.dropFirst().map { ReportDocument.Cell("    \($0)") }
  }
}

extension Verification.Reason.Code {
  /// What to look at before training again, or instead of it.
  fileprivate var advice: String {
    switch self {
    case .jobFailed: "read the end of the job's log, mend the cause, and train again"
    case .jobNotFinished: "wait for the job to end, fetch what it left behind, and verify again"
    case .jobStopped: "train again, or accept what there is with --allow-stopped"
    case .artifactUnsafe: "do not load the artifact with another program; find out who wrote it"
    case .artifactBroken: "fetch the artifact again; if it is the same, train again"
    case .sampleDiffers:
      "check that artifact and sample are of the same training, and the features in their order"
    case .holdoutSeenInTraining:
      "evaluate on rows that the model was not trained on, or train again without them"
    case .predictionsNotReproduced:
      "check that predictions, holdout rows and artifact are of the same training"
    case .claimContradicted:
      "find out which rows the job measured on; do not trust the stated values until they agree"
    case .gateFailed: "improve the model, or reconsider the gate, before it is registered"
    }
  }
}

extension TrainingOverlap {
  /// The overlap in JSON, with the first rows of it.
  fileprivate var json: JSONText {
    .object([
      ("holdout_rows", .integer(rowCount)), ("training_rows", .integer(trainingRowCount)),
      ("seen", .integer(seenRows.count)),
      (
        "rows",
        .array(
          seenRows.prefix(100).map {
            .object([("row", .integer($0.row)), ("training_row", .integer($0.trainingRow))])
          })
      ),
    ])
  }
}

extension CrossCheck {
  /// The metric, and of which data.
  var displayName: String {
    (claim.metric.split.map { "\($0.rawValue) " } ?? "") + claim.metric.id
  }

  fileprivate var conclusion: ReportDocument.Cell {
    switch passed {
    case true?: ReportDocument.Cell(explanation.map { "agrees: \($0)" } ?? "agrees", .good)
    case false?:
      ReportDocument.Cell(
        "contradicted"
          + (difference.map { " (\($0 < 0 ? "" : "+")\($0.rounded6)\(rowsInWords))" } ?? "")
          + (note.map { ": \($0)" } ?? ""), .bad)
    case nil: ReportDocument.Cell(explanation ?? "not_checked", .doubtful)
    }
  }

  /// The difference in rows, which need not be a whole number of them.
  private var rowsInWords: String {
    differenceInRows.map { rows in
      let tenths = (rows * 10).rounded() / 10
      return tenths == 1 ? ", 1 row" : ", \(tenths.shortest) rows"
    } ?? ""
  }

  fileprivate var json: JSONText {
    .object([
      ("metric", .string(claim.metric.id)), ("split", JSONText(claim.metric.split?.rawValue)),
      ("computed", JSONText(computed)), ("logged", .number(logged)),
      ("difference", JSONText(difference)), ("difference_rows", JSONText(differenceInRows)),
      ("tolerance", .number(tolerance)),
      ("passed", passed.map { .bool($0) } ?? .null), ("explanation", JSONText(explanation)),
      ("source", .string(claim.place.source)), ("line", JSONText(claim.line)),
    ])
  }
}

extension LoggedMetric {
  fileprivate var json: JSONText {
    .object([
      ("name", .string(name)), ("metric", .string(metric.id)),
      ("split", JSONText(metric.split?.rawValue)), ("value", .number(value)),
      ("source", .string(place.source)), ("line", JSONText(line)),
    ])
  }
}

extension RecordedOutputs.Mismatch {
  /// The cell in JSON.
  var json: JSONText {
    .object([
      ("row", .integer(row)), ("column", .string(column)), ("recorded", .string(recorded)),
      ("found", .string(found)),
    ])
  }
}

extension Place {
  /// The file, and the member of it, without the line.
  var source: String { Place(file, member: member).description }

  /// The file's name and the line.
  var short: String {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    return Place(name, member: member, position).description
  }
}
