internal import EvaluationMetrics
internal import InputReading
internal import ModelArtifacts
internal import TestSupport
internal import Testing
internal import TrainingRecords

@testable internal import Verification

@Suite struct VerificationTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    artifact = dataset("iris-tree/model.tar.gz")
    try description(status: "Completed")
  }

  private let artifact: String

  private func description(status: String, more: String = "") throws {
    _ = try folder.write(
      """
      {"TrainingJobName": "job", "TrainingJobStatus": "\(status)"\(more)}
      """, to: "training-job.json")
  }

  private func verify(_ change: (inout Settings) throws -> Void = { _ in }) throws -> Verification {
    var settings = Settings()
    settings.artifact = artifact
    try change(&settings)
    return try Verification(folder: folder.path, settings: settings)
  }

  private func gates(_ texts: String...) throws -> [Gate] {
    var gates: [Gate] = []
    for text in texts { gates.append(try Gate(text)) }
    return gates
  }

  @Test(arguments: [
    ("Failed", Verification.Reason.Code.jobFailed), ("InProgress", .jobNotFinished),
    ("Stopping", .jobNotFinished), ("Stopped", .jobStopped), ("Deleting", .jobNotFinished),
  ])
  func onlyACompletedJobIsApproved(status: String, code: Verification.Reason.Code) throws {
    try description(status: status)
    let verification = try verify()
    #expect(verification.verdict == .rejected)
    #expect(verification.reasons.map(\.code) == [code])
    // The artifact of such a job is not even looked for.
    #expect(verification.artifact == nil)
  }

  @Test func aStoppedJobIsApprovedWhereThatIsAllowed() throws {
    try description(status: "Stopped")
    _ = try folder.write("label,prediction\n1,1\n0,0\n", to: "predictions.csv")
    let verification = try verify { $0.allowsStopped = true }
    #expect(verification.verdict == .approved)
    #expect(verification.warnings.contains { $0.contains("stopped") })
  }

  @Test func aHoldoutIsEvaluatedWhereThereAreNoPredictions() throws {
    _ = try folder.write(
      "sepal_length,sepal_width,petal_length,petal_width,label\n5.1,3.5,1.4,0.2,setosa\n"
        + "6.1,2.9,4.7,1.4,versicolor\n6.1,2.9,4.7,1.4,virginica\n", to: "holdout.csv")
    let verification = try verify { $0.gates = try gates("accuracy > 0.66") }
    #expect(verification.verdict == .approved)
    #expect(verification.data?.evaluation["accuracy"]?.number == 2.0 / 3)
    #expect(verification.data?.evaluation["roc_auc_ovo"] != nil)
  }

  @Test func predictionsThatTheModelDoesNotGiveAreAReason() throws {
    _ = try folder.write(
      "label,prediction\nsetosa,setosa\nversicolor,virginica\nvirginica,virginica\n",
      to: "predictions.csv")
    _ = try folder.write(
      "sepal_length,sepal_width,petal_length,petal_width,label\n5.1,3.5,1.4,0.2,setosa\n"
        + "6.1,2.9,4.7,1.4,versicolor\n7.7,2.6,6.9,2.3,virginica\n", to: "holdout.csv")
    let verification = try verify()
    #expect(verification.reasons.map(\.code) == [.predictionsNotReproduced])
    #expect(verification.reproduction?.disagreeingRows == [2])
  }

  @Test func holdoutRowsSeenInTrainingAreAReason() throws {
    let header = "sepal_length,sepal_width,petal_length,petal_width,label\n"
    let rows = "5.1,3.5,1.4,0.2,setosa\n6.1,2.9,4.7,1.4,versicolor\n"
    _ = try folder.write(header + rows, to: "holdout.csv")
    let training = try folder.write(
      header + "7.7,2.6,6.9,2.3,virginica\n6.10,2.9,4.7,1.4,virginica\n", to: "train.csv")
    let verification = try verify { $0.trainingData = training }
    #expect(verification.reasons.map(\.code) == [.holdoutSeenInTraining])
    #expect(verification.overlap?.seenRows.map(\.row) == [2])
    let other = try folder.write(header + "7.7,2.6,6.9,2.3,virginica\n", to: "train.csv")
    #expect(try verify { $0.trainingData = other }.verdict == .approved)
  }

  @Test func aHoldoutOfAnotherLengthCannotBeCompared() throws {
    _ = try folder.write("label,prediction\nsetosa,setosa\n", to: "predictions.csv")
    _ = try folder.write(
      "sepal_length,sepal_width,petal_length,petal_width,label\n5.1,3.5,1.4,0.2,setosa\n"
        + "6.1,2.9,4.7,1.4,versicolor\n", to: "holdout.csv")
    #expect(throws: VerificationError.self) { try verify() }
  }

  @Test func severalTablesOfOneNameAreAmbiguous() throws {
    _ = try folder.write("label,prediction\n1,1\n", to: "predictions.csv")
    _ = try folder.write("label\tprediction\n1\t1\n", to: "predictions.tsv")
    #expect(throws: VerificationError.self) { try verify() }
  }

  @Test func metricsInsideTheArtifactAreClaims() throws {
    _ = try folder.write("label,prediction\n1,1\n0,1\n", to: "predictions.csv")
    let inner = try folder.makeFolder("model")
    _ = try folder.write(try bytesOfTree(), to: "model/model.joblib")
    _ = try folder.write(#"{"accuracy": 0.75}"#, to: "model/metrics.json")
    let verification = try verify { $0.artifact = inner }
    #expect(verification.reasons.map(\.code) == [.claimContradicted])
    #expect(verification.reasons.first?.place == Place(inner, member: "metrics.json", .line(1)))
  }

  private func bytesOfTree() throws -> [UInt8] {
    try datasetBytes("Models/scikit-learn/1.9.1/dt.joblib")
  }

  /// A booster that was stopped early predicts by all its trees, and its job measured with the best.
  @Test func aValueOfTheBestTreesIsExplained() throws {
    let path = dataset("Models/xgboost/3.2.0/stopped.json")
    var random = SplitMix64(seed: 5)
    let rows = (0..<300).map { _ in
      let values = (0..<4).map { _ in "\(Double.random(in: -2...2, using: &random))" }
      return values.joined(separator: ",") + ",\(Int.random(in: 0...1, using: &random))\n"
    }
    let holdout = try folder.write("f0,f1,f2,f3,label\n" + rows.joined(), to: "holdout.csv")
    let best = try #require(try Artifact(path: path, trees: .best).model)
    let evaluation = try Evaluation(of: Holdout(path: holdout, model: best).rows)
    let loss = try #require(evaluation["log_loss"]?.number)
    _ = try folder.write(
      "[4]\tvalidation-logloss:\((loss * 1e5).rounded() / 1e5)\n", to: "train.log")
    let verification = try verify { $0.artifact = path }
    #expect(verification.reasons.map(\.code) == [.claimContradicted])
    let cause = try #require(verification.crossChecks.first?.cause)
    #expect(cause.isTelling)
    #expect(cause.phrases == ["log_loss of the trees up to the best round, 10 instead of 14"])
  }

  @Test func everyFaultIsAReasonOfItsOwn() throws {
    _ = try folder.write("label,prediction\n1,1\n0,1\n", to: "predictions.csv")
    _ = try folder.write("accuracy: 0.9\nf1=0.1\n", to: "train.log")
    _ = try folder.write(
      "sepal_length,sepal_width,petal_length,petal_width,prediction\n5.1,3.5,1.4,0.2,virginica\n",
      to: "sample.csv")
    let verification = try verify { $0.gates = try gates("accuracy > 0.9", "recall > 0.9") }
    #expect(
      verification.reasons.map(\.code)
        == [.sampleDiffers, .claimContradicted, .claimContradicted, .gateFailed])
  }

  /// However a job's files are cut short, the answer is a verdict or an error.
  @Test func noTruncationOfAJobTraps() throws {
    let files = [
      "training-job.json", "metrics.json", "predictions.csv", "sample.csv", "assay.yaml",
    ]
    for name in files {
      let bytes = try datasetBytes("breast-cancer/" + name)
      let step = max(1, bytes.count / 60)
      for end in stride(from: 0, to: bytes.count, by: step) {
        let cut = try folder.write(bytes[..<end], to: "cut-" + name)
        var settings = Settings()
        switch name {
        case "training-job.json": settings.job = cut
        case "metrics.json": settings.metrics = [cut]
        case "predictions.csv": settings.predictions = cut
        case "sample.csv": settings.sample = cut
        default: settings = (try? Settings(path: cut)) ?? Settings()
        }
        _ = try? Verification(folder: dataset("breast-cancer"), settings: settings)
      }
    }
  }
}
