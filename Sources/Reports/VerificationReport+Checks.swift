public import EvaluationMetrics
internal import InputReading
public import ModelArtifacts
internal import TrainingRecords
internal import Verification

extension VerificationReport: MeasuredReport, JudgedReport, AnnotatedReport, ExaminingReport {
  /// The metrics that were recomputed.
  public var measured: Evaluation? { verification.data?.evaluation }

  /// The slices that gates are on.
  public var measuredSlices: [Slice] { verification.slices }

  /// The artifact, where the job completed.
  public var examined: Artifact? { verification.artifact }

  /// What was checked of job and model, every gate, and every value that the job states.
  public var testCases: [TestCase] {
    var cases = [check("the job completed", .jobFailed, .jobNotFinished, .jobStopped)]
    if let artifact = verification.artifact {
      let isOpen = artifact.condition == .unsupported
      cases += [
        check(
          "the artifact loads", .artifactUnsafe, .artifactBroken,
          notChecked: isOpen ? artifact.fault?.message ?? artifact.condition.rawValue : nil),
        check("the model gives the recorded outputs", .sampleDiffers, notChecked: notRun),
      ]
    }
    if verification.reproduction != nil {
      cases.append(
        check("the model reproduces the delivered predictions", .predictionsNotReproduced))
    }
    if verification.overlap != nil {
      cases.append(check("no holdout row was seen in training", .holdoutSeenInTraining))
    }
    return cases + verification.gates.map(\.testCase) + verification.crossChecks.map(\.testCase)
  }

  /// The verdict where it is yes, the reasons where it is no, and the warnings.
  public var annotations: [Annotation] {
    let job = verification.job.name
    let verdict =
      verification.verdict == .approved
      ? [Annotation(.notice, Verdict.approved.rawValue, "the model of \(job) may be registered")]
      : verification.reasons.map { reason in
        Annotation(.error, reason.code.rawValue, reason.message, at: reason.place)
      }
    return verdict + verification.warnings.map { Annotation(.warning, "warning", $0) }
  }

  private var notRun: String? {
    if case .notRun(let reason) = verification.inference { reason } else { nil }
  }

  /// A condition that is broken where the verdict has one of some reasons.
  private func check(
    _ name: String, _ codes: Verification.Reason.Code..., notChecked: String? = nil
  ) -> TestCase {
    let reasons = verification.reasons.filter { codes.contains($0.code) }
    let outcome: TestCase.Outcome
    if let first = reasons.first {
      outcome = .fails(
        code: first.code.rawValue, message: reasons.map(\.sentence).joined(separator: "\n"))
    } else {
      outcome = notChecked.map { .notChecked($0) } ?? .holds
    }
    return TestCase(group: "checks", name: name, outcome: outcome)
  }
}

extension CrossCheck {
  /// The stated value as a condition.
  fileprivate var testCase: TestCase {
    let outcome: TestCase.Outcome
    switch passed {
    case true?: outcome = .holds
    case nil: outcome = .notChecked(explanation ?? "not_checked")
    case false?:
      let found = computed.map { "the predictions give \($0.shortest)" } ?? "no value is found"
      outcome = .fails(
        code: Verification.Reason.Code.claimContradicted.rawValue,
        message: found + (explanation.map { "; \($0)" } ?? ""))
    }
    return TestCase(
      group: "claims", name: "\(displayName) is \(logged.shortest) (\(claim.place))",
      outcome: outcome)
  }
}
