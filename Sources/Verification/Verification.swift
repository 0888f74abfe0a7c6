public import DataTables
public import EvaluationMetrics
public import InputReading
public import ModelArtifacts
internal import PredictiveModels
public import TableFiles
public import TrainingRecords

/// Whether a model may be registered.
public enum Verdict: String, Hashable, Sendable {
  /// Everything that was checked holds.
  case approved
  /// Something does not.
  case rejected
}

/// The whole check of one training job.
///
/// The job's status comes first: a job that did not complete is rejected without another look. Then
/// the artifact is read and run on the sample, the metrics are recomputed, what the job states is
/// held against them, and the gates are applied.
public struct Verification: Sendable {
  /// Something that keeps the model from being approved.
  public struct Reason: Hashable, Sendable {
    /// What a program can rely on.
    public enum Code: String, Hashable, Sendable {
      /// The job failed.
      case jobFailed = "job_failed"
      /// The job has not ended, or is being removed.
      case jobNotFinished = "job_not_finished"
      /// The job was stopped before it ended.
      case jobStopped = "job_stopped"
      /// The artifact asks for what only a running program could give.
      case artifactUnsafe = "artifact_unsafe"
      /// The artifact is damaged or holds no model.
      case artifactBroken = "artifact_broken"
      /// The model does not give the outputs recorded for the sample.
      case sampleDiffers = "sample_differs"
      /// The model does not give the predictions that were delivered.
      case predictionsNotReproduced = "predictions_not_reproduced"
      /// The model was trained on rows that it is evaluated on.
      case holdoutSeenInTraining = "holdout_seen_in_training"
      /// The predictions contradict what the job states.
      case claimContradicted = "claim_contradicted"
      /// A gate does not hold.
      case gateFailed = "gate_failed"
    }

    /// What kind of reason it is.
    public let code: Code
    /// The reason in a sentence.
    public let message: String
    /// What is at fault, where it is a claim, a gate or a file.
    public let place: Place?

    init(_ code: Code, _ message: String, at place: Place? = nil) {
      self.code = code
      self.message = message
      self.place = place
    }
  }

  /// How the model did on the sample.
  public enum Inference: Sendable {
    /// The sample was predicted and compared.
    case compared(RecordedOutputs.Comparison, sample: Place)
    /// The model was not run, for the reason given.
    case notRun(String)
  }

  /// How delivered predictions compare with the model's own.
  public struct Reproduction: Hashable, Sendable {
    /// The rows compared.
    public let rowCount: Int
    /// The rows that disagree, from 1.
    public let disagreeingRows: [Int]
  }

  /// What the metrics were computed from.
  public struct EvaluatedData: Sendable {
    /// The file.
    public let place: Place
    /// Its columns.
    public let usedColumns: [PredictionFile.UsedColumn]
    /// The metrics.
    public let evaluation: Evaluation
    /// The rows.
    public let rows: PredictionRows
    /// What the rows belong to, in the columns that gates name.
    let slicings: [Categories]
  }

  /// The answer.
  public var verdict: Verdict { reasons.isEmpty ? .approved : .rejected }
  /// Why it is not "approved"; empty where it is.
  public private(set) var reasons: [Reason] = []
  /// The job's description.
  public let job: JobRecord
  /// The files that were named or found by convention, as far as they were looked at.
  public private(set) var inputs: [String]
  /// The artifact, where the job completed.
  public private(set) var artifact: Artifact?
  /// How the model did on the sample.
  public private(set) var inference = Inference.notRun("the job did not complete")
  /// How the delivered predictions compare with the model's on the holdout rows.
  public private(set) var reproduction: Reproduction?
  /// The holdout rows that were seen in training, where the training data is given.
  public private(set) var overlap: TrainingOverlap?
  /// The recomputed metrics.
  public private(set) var data: EvaluatedData?
  /// The job's logs, each file's by itself.
  public private(set) var logs: [LogFile] = []
  /// Everything that the job states of metrics.
  public private(set) var claims: [LoggedMetric] = []
  /// What the job states last, held against the recomputed metrics.
  public private(set) var crossChecks: [CrossCheck] = []
  /// What became of each gate.
  public private(set) var gates: [GateResult] = []
  /// The metrics of the rows that gates ask for.
  public private(set) var slices: [Slice] = []
  /// What a reader of the verdict should know.
  public private(set) var warnings: [String] = []

  /// Verifies the job in a folder.
  ///
  /// - Parameters:
  ///   - path: The folder with what the job left behind.
  ///   - settings: Where files are, and what is required; what is not named is found by convention.
  ///   - limits: How much any reader takes.
  /// - Throws: ``VerificationError`` where the question cannot be answered.
  public init(
    folder path: String, settings: Settings, limits: Limits = .standard
  ) throws(VerificationError) {
    let folder = try JobFolder(path: path)
    var settings = try settings.completed(from: folder)
    settings.columns.slices = settings.gates.sliceColumns()
    guard let jobPath = settings.job else {
      throw .missingFile(folder: path, name: "training-job.json", option: "--job")
    }
    inputs = [jobPath] + settings.logs
    job = try Self.job(jobPath, limits: limits)
    logs = try Self.logs(settings, of: job, limits: limits)
    if let reason = Self.reason(job, logs, allowsStopped: settings.allowsStopped) {
      reasons = [reason]
      return
    }
    warnings += Self.warnings(of: logs)
    guard let artifactPath = settings.artifact else {
      throw .missingFile(folder: path, name: "model.tar.gz", option: "--artifact")
    }
    guard settings.predictions != nil || settings.holdout != nil || !settings.gates.isEmpty else {
      throw .nothingToEvaluate(folder: path)
    }
    inputs += [artifactPath] + settings.metrics
    inputs += [
      settings.predictions, settings.holdout, settings.trainingData, settings.sample,
      settings.baseline,
    ].compactMap(\.self)
    let artifact = try Self.artifact(artifactPath, limits: limits)
    self.artifact = artifact
    warnings += artifact.serving?.differences ?? []
    let model = try usableModel(of: artifact, inference: settings.inference)
    try run(model, of: artifact, onSample: settings.sample, limits: limits)
    let options = EvaluationOptions(
      positiveLabel: settings.positiveLabel, threshold: settings.threshold.map { Threshold($0) })
    let predictions = try evaluatePredictions(settings, options, limits: limits)
    try predictHoldout(settings, model, beside: predictions, options, limits: limits)
    try lookForHoldoutInTraining(settings, model, limits: limits)
    warnings += data?.evaluation.warnings ?? []
    claims =
      logs.flatMap(\.metrics) + (try Self.claims(settings, artifact: artifact, limits: limits))
      + job.finalMetrics
    try checkClaims(settings, model, options, limits: limits)
    try apply(settings, options, limits: limits)
    if job.status == .stopped { warnings.append("the job was stopped before it ended by itself") }
  }

  /// The model, where it may be run; what keeps it from that is a reason or an error.
  private mutating func usableModel(
    of artifact: Artifact, inference: Settings.Inference
  ) throws(VerificationError) -> Model? {
    switch artifact.condition {
    case .loadable: return artifact.model
    case .unsafe: reasons.append(Self.reason(.artifactUnsafe, artifact))
    case .broken: reasons.append(Self.reason(.artifactBroken, artifact))
    case .unsupported:
      let fault = artifact.fault ?? Diagnostic("the artifact is not supported")
      guard inference == .optional else {
        throw .artifact(Diagnostic(fault.message, at: fault.place, hint: Self.optionalHint))
      }
      warnings.append("the model was not run: \(fault.message)")
    }
    return nil
  }

  /// Runs the model on the sample and holds its outputs against the recorded ones.
  private mutating func run(
    _ model: Model?, of artifact: Artifact, onSample path: String?, limits: Limits
  ) throws(VerificationError) {
    inference = try Self.inference(of: model, artifact, sample: path, limits: limits)
    guard case .compared(let comparison, let sample) = inference,
      let first = comparison.mismatches.first
    else { return }
    let others = comparison.mismatches.count - 1
    reasons.append(
      Reason(
        .sampleDiffers,
        "the model gives \(first.found) where \(first.recorded) is recorded"
          + (others > 0 ? ", and \(String(others, of: "more cell")) differ" : ""),
        at: sample.at(.row(first.row, column: first.column))))
  }

  /// Recomputes the metrics of the delivered predictions, where there are some.
  private mutating func evaluatePredictions(
    _ settings: Settings, _ options: EvaluationOptions, limits: Limits
  ) throws(VerificationError) -> PredictionFile? {
    guard let path = settings.predictions else { return nil }
    let file = try PredictionFile.read(
      TableInput(path: path), columns: settings.columns, limits: limits)
    warnings += file.warnings
    data = EvaluatedData(
      place: Place(path), usedColumns: file.usedColumns,
      evaluation: try Evaluation(of: file.rows, options: options, from: Place(path)),
      rows: file.rows, slicings: file.slicings)
    return file
  }

  /// Predicts the holdout rows: to evaluate them, or where predictions are delivered to see whether
  /// the model gives these.
  private mutating func predictHoldout(
    _ settings: Settings, _ model: Model?, beside predictions: PredictionFile?,
    _ options: EvaluationOptions, limits: Limits
  ) throws(VerificationError) {
    guard let path = settings.holdout else {
      if model != nil, settings.sample == nil {
        warnings.append("the model was loaded and not run: there is neither a sample nor a holdout")
      }
      return
    }
    guard let model else {
      warnings.append("the holdout rows were not predicted, since the model could not be run")
      return
    }
    guard let holdout = try Self.holdout(settings, model, limits: limits) else { return }
    guard let predictions else {
      data = EvaluatedData(
        place: Place(path), usedColumns: holdout.usedColumns,
        evaluation: try Evaluation(
          of: holdout.rows, options: options, from: Place(path)),
        rows: holdout.rows, slicings: holdout.slicings)
      return
    }
    let reproduction = try Self.reproduction(
      of: predictions, by: holdout, positive: data?.evaluation.positiveLabel, at: Place(path))
    self.reproduction = reproduction
    if let row = reproduction.disagreeingRows.first {
      reasons.append(
        Reason(
          .predictionsNotReproduced,
          "the model does not reproduce \(reproduction.disagreeingRows.count) of "
            + "\(String(reproduction.rowCount, of: "delivered prediction"))",
          at: data?.place.at(.row(row, column: nil))))
    }
  }

  /// The holdout rows, predicted by a model; `nil` where there are none.
  private static func holdout(
    _ settings: Settings, _ model: Model, limits: Limits
  ) throws(VerificationError) -> Holdout? {
    guard let path = settings.holdout else { return nil }
    // Beside predictions, the rows are only compared.
    let isEvaluated = settings.predictions == nil
    return try Holdout(
      path: path, model: model, layout: TableLayout(path: path),
      labelColumn: settings.columns.label, mayLackLabelColumn: true,
      weightColumn: isEvaluated ? settings.columns.weight : nil, idColumn: settings.columns.id,
      slices: isEvaluated ? settings.columns.slices : [], limits: limits)
  }

  /// Looks for the holdout rows in the training data, where both are given.
  private mutating func lookForHoldoutInTraining(
    _ settings: Settings, _ model: Model?, limits: Limits
  ) throws(VerificationError) {
    guard let training = settings.trainingData else { return }
    guard let holdout = settings.holdout else {
      warnings.append("the training data was not looked at: there are no holdout rows to look for")
      return
    }
    let columns = settings.columns
    let overlap = try TrainingOverlap(
      of: holdout, in: training, model: model, label: columns.label,
      others: [columns.weight, columns.id].compactMap(\.self), limits: limits)
    self.overlap = overlap
    guard let first = overlap.seenRows.first else { return }
    let shown = overlap.seenRows.prefix(Self.mostRowsNamed)
      .map { "\($0.row) is row \($0.trainingRow)" }.joined(separator: ", ")
    let others = overlap.seenRows.count - Self.mostRowsNamed
    reasons.append(
      Reason(
        .holdoutSeenInTraining,
        "\(overlap.seenRows.count) of \(String(overlap.rowCount, of: "holdout row")) were seen in "
          + "training: row \(shown) of \(overlap.place)"
          + (others > 0 ? ", and \(others) more" : ""),
        at: Place(holdout).at(.row(first.row, column: nil))))
  }

  /// Rows that a reason tells by their numbers.
  private static let mostRowsNamed = 3

  /// Holds what the job states against the recomputed metrics.
  private mutating func checkClaims(
    _ settings: Settings, _ model: Model?, _ options: EvaluationOptions, limits: Limits
  ) throws(VerificationError) {
    func check(_ alternatives: [CrossCheck.Alternative]) -> [CrossCheck] {
      CrossCheck.check(
        claims, against: data?.evaluation, rows: data?.rows, series: logs.flatMap(\.series),
        alternatives: alternatives, tolerance: settings.tolerance)
    }
    crossChecks = check([])
    if crossChecks.contains(where: { $0.passed == false }) {
      let alternatives = try Self.alternatives(to: model, settings, options, limits: limits)
      if !alternatives.isEmpty { crossChecks = check(alternatives) }
    }
    reasons += Self.reasons(crossChecks)
  }

  /// What the holdout rows give with other trees of a booster that was stopped early.
  private static func alternatives(
    to model: Model?, _ settings: Settings, _ options: EvaluationOptions, limits: Limits
  ) throws(VerificationError) -> [CrossCheck.Alternative] {
    guard let model, let count = model.predictor.treeCount, let artifact = settings.artifact,
      settings.holdout != nil
    else { return [] }
    var alternatives: [CrossCheck.Alternative] = []
    for (choice, words) in [
      (TreeChoice.all, "all trees"), (.best, "the trees up to the best round"),
    ] {
      guard let other = try Self.artifact(artifact, trees: choice, limits: limits).model,
        let otherCount = other.predictor.treeCount, otherCount != count,
        let holdout = try Self.holdout(settings, other, limits: limits)
      else { continue }
      alternatives.append(
        CrossCheck.Alternative(
          phrase: "of \(words), \(otherCount) instead of \(count)",
          evaluation: try Evaluation(of: holdout.rows, options: options, from: holdout.place)))
    }
    return alternatives
  }

  /// Applies the gates to the recomputed metrics.
  private mutating func apply(
    _ settings: Settings, _ options: EvaluationOptions, limits: Limits
  ) throws(VerificationError) {
    let evidence = Evidence(
      data?.evaluation, rows: data?.rows, slicings: data?.slicings ?? [], options: options,
      baseline: try Baseline.of(settings.baseline, isFirstRun: settings.isFirstRun, limits: limits),
      isFirstRun: settings.isFirstRun)
    (gates, slices) = evidence.judge(settings.gates)
    reasons += gates.filter(\.fails).map(Self.reason)
    warnings += GateResult.warnings(of: gates)
    if gates.isEmpty { warnings.append("no gates are set: nothing is required of the metrics") }
  }

  private static let optionalHint =
    "to verify the rest without running it, set 'inference: optional'"
}

// MARK: Parts of the job

extension Verification {
  private static func job(_ path: String, limits: Limits) throws(VerificationError) -> JobRecord {
    do throws(JobRecordError) {
      return try JobRecord(path: path, limits: limits)
    } catch { throw .job(error) }
  }

  private static func artifact(
    _ path: String, trees: TreeChoice = .library, limits: Limits
  ) throws(VerificationError) -> Artifact {
    do throws(InputError) {
      return try Artifact(path: path, trees: trees, limits: limits)
    } catch { throw .input(error) }
  }

  private static func inference(
    of model: Model?, _ artifact: Artifact, sample path: String?, limits: Limits
  ) throws(VerificationError) -> Inference {
    guard let model else { return .notRun("the artifact is \(artifact.condition.rawValue)") }
    guard let path else { return .notRun("there is no sample") }
    let sample = try Sample(path: path, model: model, limits: limits)
    let output = try model.predict(sample.features, from: sample.place)
    return .compared(
      try RecordedOutputs.compare(output, with: sample.recorded, at: sample.place),
      sample: sample.place)
  }

  /// Compares delivered predictions with the model's, row by row.
  private static func reproduction(
    of file: PredictionFile, by holdout: Holdout, positive: Label?, at place: Place
  ) throws(VerificationError) -> Reproduction {
    guard file.rows.rowCount == holdout.rows.rowCount else {
      throw .table(
        .differentLengths(
          place, rows: holdout.rows.rowCount, other: "the file of predictions",
          otherRows: file.rows.rowCount))
    }
    // Without ids the files are taken to have their rows in one order.
    var matches = Array(0..<holdout.rows.rowCount)
    if let ids = file.ids, let others = holdout.ids {
      do throws(TableError) {
        matches = try ids.matches(in: others)
      } catch { throw .table(error) }
    }
    let tolerance = RecordedOutputs.Tolerance()
    if let delivered = file.rows.numberTable, let own = holdout.rows.numberTable {
      let disagreeing = (0..<own.rowCount).filter { row in
        !tolerance.holds(own.predictions[matches[row]], delivered.predictions[row])
          || !tolerance.holds(own.targets[matches[row]], delivered.targets[row])
      }
      return Reproduction(rowCount: own.rowCount, disagreeingRows: disagreeing.map { $0 + 1 })
    }
    guard let delivered = file.rows.classTable, let own = holdout.rows.classTable else {
      let isOfClasses = holdout.rows.classTable != nil
      throw .artifact(
        Diagnostic(
          isOfClasses
            ? "the predictions are numbers, and the model is a classifier"
            : "the predictions are classes, and the model is a regressor", at: place,
          hint: "give predictions and artifact of one training"))
    }
    let scoredClass = positive.flatMap { own.classes.firstIndex(of: $0) }
    let disagreeing = (0..<own.rowCount).filter { row in
      let match = matches[row]
      if let codes = delivered.predictions, let ownCodes = own.predictions,
        delivered.classes[Int(codes[row])] != own.classes[Int(ownCodes[match])]
      {
        return true
      }
      if let scores = delivered.scores, let scoredClass, let values = own.probabilities,
        !tolerance.holds(values[match * own.classes.count + scoredClass], scores[row])
      {
        return true
      }
      return delivered.classes[Int(delivered.labels[row])] != own.classes[Int(own.labels[match])]
    }
    return Reproduction(rowCount: own.rowCount, disagreeingRows: disagreeing.map { $0 + 1 })
  }

  /// The job's logs, read with its own definitions of metrics.
  private static func logs(
    _ settings: Settings, of job: JobRecord, limits: Limits
  ) throws(VerificationError) -> [LogFile] {
    var logs: [LogFile] = []
    do throws(InputError) {
      for path in settings.logs {
        for file in try files(below: path) {
          logs.append(
            try LogFile(
              path: file, definitions: job.metricDefinitions, framework: job.framework,
              limits: limits))
        }
      }
    } catch { throw .input(error) }
    return logs
  }

  /// What files of metrics state, in their order.
  private static func claims(
    _ settings: Settings, artifact: Artifact, limits: Limits
  ) throws(VerificationError) -> [LoggedMetric] {
    var claims: [LoggedMetric] = []
    do throws(InputError) {
      for path in settings.metrics where !isArchive(path) {
        claims += try MetricFile(path: path, limits: limits).metrics
      }
    } catch { throw .input(error) }
    for path in settings.metrics where isArchive(path) {
      let archive = try Self.artifact(path, limits: limits)
      // What holds no model may still be a good archive, also an empty one.
      let faults: Set<String> = ["archive.damaged", "archive.limit", "archive.unknown_format"]
      if let fault = archive.fault, archive.findings.contains(where: { faults.contains($0.code) }) {
        throw .artifact(fault)
      }
      claims += try metrics(in: archive, limits: limits)
    }
    return try claims + metrics(in: artifact, limits: limits)
  }

  /// Whether a path names an archive with a file of metrics in it, and not such a file.
  private static func isArchive(_ path: String) -> Bool {
    FileKind(path: path) != .folder
      && ![".json", ".csv", ".tsv", ".txt"].contains { path.hasSuffix($0) }
  }

  /// The files of a folder and of those in it, plain text before exports of the same log.
  private static func files(below path: String, depth: Int = 0) throws(InputError) -> [String] {
    guard FileKind(path: path) == .folder else { return [path] }
    guard depth < deepestLogs else { return [] }
    var files: [String] = []
    for name in try InputFile.names(in: path) {
      files += try Self.files(below: "\(path)/\(name)", depth: depth + 1)
    }
    return files.filter { !$0.hasSuffix(".json") } + files.filter { $0.hasSuffix(".json") }
  }

  /// Folders of logs inside one another; the service makes one for each stream.
  private static let deepestLogs = 8

  private static func metrics(
    in artifact: Artifact, limits: Limits
  ) throws(VerificationError) -> [LoggedMetric] {
    var metrics: [LoggedMetric] = []
    do throws(InputError) {
      for member in artifact.members where member.kind == .metrics {
        let place = Place(artifact.path, member: member.path)
        metrics += MetricFile(try JSONDocument(member.bytes, from: place, limits: limits)).metrics
      }
    } catch { throw .input(error) }
    return metrics
  }
}

// MARK: Reasons

extension Verification {
  private static func reason(
    _ job: JobRecord, _ logs: [LogFile], allowsStopped: Bool
  ) -> Reason? {
    switch job.status {
    case .completed: nil
    case .failed:
      Reason(
        .jobFailed,
        "the job failed: \(job.failureReason ?? "no reason is given")"
          + (FailureReport(of: job, logs).map { "\n\($0)" } ?? ""))
    case .inProgress, .stopping, .deleting:
      Reason(
        .jobNotFinished,
        "the job's status is \(job.status.rawValue)"
          + (job.stage.map { ": \($0.sentence)" } ?? ""))
    case .stopped:
      allowsStopped
        ? nil
        : Reason(
          .jobStopped,
          "the job was stopped" + (job.secondaryStatus.map { " (\($0))" } ?? "")
            + ": its model may be unfinished"
            + (job.failure.map { "\n\($0.cause): \($0.advice)" } ?? ""))
    }
  }

  /// Signs in the logs that a job that completed did not do all its work.
  private static func warnings(of logs: [LogFile]) -> [String] {
    logs.flatMap(\.failures).map { failure in
      "\(failure.place): the job completed, and yet its log has a sign that \(failure.cause): "
        + "'\(failure.evidence)'"
    }
  }

  private static func reason(_ code: Reason.Code, _ artifact: Artifact) -> Reason {
    let fault = artifact.fault
    return Reason(code, fault?.message ?? "the artifact cannot be used", at: fault?.place)
  }

  /// A reason for each value that is contradicted, however many files state it.
  private static func reasons(_ checks: [CrossCheck]) -> [Reason] {
    struct Claim: Hashable {
      let metric: MetricName
      let logged: Double
    }
    var order: [Claim] = []
    var groups: [Claim: [CrossCheck]] = [:]
    for check in checks where check.passed == false {
      let claim = Claim(metric: check.claim.metric, logged: check.logged)
      if groups[claim] == nil { order.append(claim) }
      groups[claim, default: []].append(check)
    }
    return order.compactMap { claim in
      guard let group = groups[claim], let first = group.first else { return nil }
      let split = claim.metric.split.map { "\($0.rawValue) " } ?? ""
      let computed = first.computed.map { "\($0)" } ?? "no value"
      let others = group.dropFirst().map(\.claim.place.description).joined(separator: ", ")
      return Reason(
        .claimContradicted,
        "\(split)\(claim.metric.id) is stated as \(claim.logged), and the predictions give "
          + computed + (first.cause.map { $0.isTelling ? "; it \($0.sentence)" : "" } ?? "")
          + (others.isEmpty ? "" : "; stated so too in \(others)"),
        at: first.claim.place)
    }
  }

  private static func reason(_ gate: GateResult) -> Reason {
    Reason(.gateFailed, "the gate '\(gate.gate)' fails: \(gate.finding)")
  }
}
